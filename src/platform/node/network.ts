import { request as httpRequest, type IncomingMessage, type RequestOptions } from 'node:http';
import { connect as connectSocket } from 'node:net';
import {
  BODY_BYTES,
  type ConnectAnswer,
  type HttpAnswer,
  type HttpRequest,
  type Network,
  type NetworkAddress,
  type NetworkFailure,
  type NetworkLimit,
} from '../network.ts';
import type { Dial } from './dial.ts';
import { exchange } from './exchange.ts';
import { networkFailure, NOT_HTTP } from './network-failure.ts';

/** The most that a response may have in headers; the rest would fill the memory. */
const HEADER_BYTES = 256 * 1024;

/** Connections of this process. */
export const nodeNetwork: Network = networkOver(({ host, port }) => connectSocket({ host, port }));

/** What probes and hooks do over connections. */
export function networkOver(dial: Dial): Network {
  return {
    connect: (address, limit) => connect(dial, address, limit),
    get: (request, limit) => get(dial, request, limit),
    // Few probes use gRPC, and HTTP/2 is a large part of node.
    callGrpc: async (request, limit) => (await import('./grpc-call.ts')).callGrpc(dial, request, limit),
  };
}

async function connect(dial: Dial, address: NetworkAddress, limit: NetworkLimit): Promise<ConnectAnswer> {
  return exchange<ConnectAnswer>(limit, { kind: 'timed-out' }, (settle) => {
    const socket = dial(address);
    socket.on('connect', () => {
      settle({ kind: 'connected' });
    });
    socket.on('error', (error) => {
      settle(wasConnected(error) ? { kind: 'connected' } : networkFailure(error));
    });
    return () => {
      socket.destroy();
    };
  });
}

/**
 * Whether the connection was made, and the server has reset it before this process saw it open. Linux reports a reset
 * that answers the handshake as ECONNREFUSED (tcp_reset in net/ipv4/tcp_input.c).
 */
function wasConnected(error: Error): boolean {
  return 'code' in error && (error.code === 'ECONNRESET' || error.code === 'EPIPE');
}

async function get(dial: Dial, request: HttpRequest, limit: NetworkLimit): Promise<HttpAnswer> {
  const https = request.scheme === 'https' ? await import('node:https') : undefined;
  let begun: IncomingMessage | undefined;
  const failed = (failure: NetworkFailure): HttpAnswer =>
    begun === undefined ? failure : { kind: 'broken-off', status: begun.statusCode ?? 0, failure };
  const late = () => failed({ kind: 'timed-out' });
  return exchange<HttpAnswer>(limit, late, (settle) => {
    const fail = (error: Error) => {
      // What follows a whole response is not of interest.
      if (begun?.complete !== true) settle(failed(networkFailure(error)));
    };
    const socket = dial(request);
    const begin = () => {
      const options = optionsOf(request);
      const sent =
        https === undefined
          ? httpRequest({ ...options, createConnection: () => socket })
          : https.request({ ...options, agent: false, ...{ socket } });
      sent.on('error', fail);
      sent.on('response', (response) => {
        if (hasControlCharacter(response)) {
          settle({ kind: 'failed', message: NOT_HTTP });
          return;
        }
        begun = response;
        readBody(response, (body) => {
          settle(answered(response, body));
        });
        response.on('error', fail);
      });
      // 101, which is no success.
      sent.on('upgrade', (response) => {
        settle(answered(response, ''));
      });
      sent.end();
    };
    socket.on('error', fail);
    socket.on('connect', () => {
      try {
        begin();
      } catch (error) {
        // A header or a path that HTTP does not allow.
        fail(error instanceof Error ? error : new Error(String(error)));
      }
    });
    return () => {
      socket.destroy();
    };
  });
}

function optionsOf({
  host,
  port,
  path,
  headers,
}: HttpRequest): RequestOptions & { rejectUnauthorized: boolean } {
  const hasHost = headers.some(([name]) => name.toLowerCase() === 'host');
  const authority = `${host.includes(':') ? `[${host}]` : host}:${port}`;
  return {
    host,
    port,
    path,
    // A list is sent as it is, with repeated names.
    headers: [...(hasHost ? [] : ['Host', authority]), ...headers.flat()],
    maxHeaderSize: HEADER_BYTES,
    // A kubelet accepts lines that end with a bare LF (net/textproto), too.
    insecureHTTPParser: true,
    rejectUnauthorized: false,
  };
}

/** Go rejects such a response, and the parser that accepts a bare LF does not. */
function hasControlCharacter({ rawHeaders }: IncomingMessage): boolean {
  return rawHeaders.some((text) => /[^\t\u0020-\u007e\u0080-\u00ff]/.test(text));
}

/** Calls back at the end of the body, or when enough of it was read. */
function readBody(response: IncomingMessage, done: (body: string) => void): void {
  const chunks: Buffer[] = [];
  let bytes = 0;
  const finish = () => {
    done(Buffer.concat(chunks).subarray(0, BODY_BYTES).toString());
  };
  response.on('data', (chunk: Buffer) => {
    bytes += chunk.length;
    chunks.push(chunk);
    if (bytes >= BODY_BYTES) finish();
  });
  response.on('end', finish);
}

function answered(response: IncomingMessage, body: string): HttpAnswer {
  const { statusCode: status = 0, headers } = response;
  const { location } = headers;
  return { kind: 'answered', status, body, ...(location === undefined ? {} : { location }) };
}
