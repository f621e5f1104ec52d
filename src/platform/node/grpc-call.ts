import { connect, constants, type IncomingHttpHeaders } from 'node:http2';
import { BODY_BYTES, type GrpcAnswer, type GrpcRequest, type NetworkLimit } from '../network.ts';
import { exchange } from './exchange.ts';
import type { Dial } from './dial.ts';
import { networkFailure } from './network-failure.ts';

/** Of a gRPC message: one byte for its compression and four for its length. */
const PREFIX_BYTES = 5;

/** https://github.com/grpc/grpc/blob/master/doc/statuscodes.md */
const UNKNOWN = 2;

/** The statuses of gRPC for those of HTTP (doc/http-grpc-status-mapping.md of gRPC); UNKNOWN for others. */
const STATUS_OF_HTTP: Readonly<Record<number, number>> = {
  400: 13,
  401: 16,
  403: 7,
  404: 12,
  429: 14,
  502: 14,
  503: 14,
  504: 14,
};

/**
 * A unary call (https://github.com/grpc/grpc/blob/master/doc/PROTOCOL-HTTP2.md). A library for gRPC would be larger than
 * podpose; one request with one field and a response with one field need none.
 */
export async function callGrpc(dial: Dial, request: GrpcRequest, limit: NetworkLimit): Promise<GrpcAnswer> {
  const { host, port } = request;
  let isConnected = false;
  const late = (): GrpcAnswer => (isConnected ? { kind: 'unanswered' } : { kind: 'timed-out' });
  return exchange<GrpcAnswer>(limit, late, (settle) => {
    const authority = `http://${host.includes(':') ? `[${host}]` : host}:${port}`;
    const session = connect(authority, { createConnection: () => dial(request) });
    const fail = (error: Error) => {
      // The error of a stream whose connection has failed has that as its cause.
      settle(networkFailure(error.cause instanceof Error ? error.cause : error));
    };
    session.on('error', fail);
    session.on('remoteSettings', () => {
      isConnected = true;
    });
    const stream = session.request({
      ':method': 'POST',
      ':path': request.path,
      'content-type': 'application/grpc',
      te: 'trailers',
      'user-agent': request.userAgent,
      'grpc-timeout': `${Math.ceil(limit.milliseconds)}m`,
    });
    const chunks: Buffer[] = [];
    let bytes = 0;
    let headers: IncomingHttpHeaders = {};
    const take = (more: IncomingHttpHeaders) => {
      headers = { ...headers, ...more };
    };
    stream.on('response', take);
    stream.on('trailers', take);
    stream.on('data', (chunk: Buffer) => {
      chunks.push(chunk);
      bytes += chunk.length;
      if (bytes > BODY_BYTES) settle({ kind: 'failed', message: 'response too large' });
    });
    stream.on('error', fail);
    stream.on('close', () => {
      if (headers[':status'] !== undefined) {
        settle(answerOf(headers, Buffer.concat(chunks)));
        return;
      }
      // The stream may close before the error of its session, which says why, is reported.
      session.on('close', () => {
        settle({ kind: 'failed', message: 'connection closed' });
      });
      session.close();
    });
    stream.end(framed(request.message));
    return () => {
      stream.close(constants.NGHTTP2_CANCEL);
      session.destroy();
    };
  });
}

function framed(message: Uint8Array): Uint8Array {
  const prefix = Buffer.alloc(PREFIX_BYTES);
  prefix.writeUInt32BE(message.length, 1);
  return Buffer.concat([prefix, message]);
}

function answerOf(headers: IncomingHttpHeaders, body: Buffer): GrpcAnswer {
  const http = Number(headers[':status']);
  const given = Number(headers['grpc-status'] ?? NaN);
  const status = Number.isInteger(given) ? given : (STATUS_OF_HTTP[http] ?? UNKNOWN);
  const statusMessage = decoded(
    String(headers['grpc-message'] ?? (http === 200 ? '' : `HTTP status ${http}`)),
  );
  return { kind: 'answered', status, statusMessage, message: messageIn(body) };
}

/** Percent-encoded, in the UTF-8 of the server. */
function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

/** The first message; empty if it is compressed, which podpose has not offered, or incomplete. */
function messageIn(body: Buffer): Uint8Array {
  if (body.length < PREFIX_BYTES || body[0] !== 0) return new Uint8Array();
  const length = body.readUInt32BE(1);
  return body.subarray(PREFIX_BYTES, PREFIX_BYTES + length);
}
