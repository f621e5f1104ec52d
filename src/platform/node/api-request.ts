import type { ClientRequest } from 'node:http';
import { StringDecoder } from 'node:string_decoder';
import { TIME_LIMIT_REACHED, type ApiRequest, type ApiResponse } from '../service.ts';

/** The oldest API version that podman 4 and 5 support. */
export const API = '/v4.0.0/libpod';

const PING: ApiRequest = { method: 'GET', path: '/_ping' };

/** The time limit for a response. A service answers a query within milliseconds, or hangs. */
const ANSWER_MILLISECONDS = 5000;

/**
 * Sends a request to the service at a socket.
 * @param underWay contains the request until it has ended
 * @param cancel aborts the request
 * @param onText receives the parts of the body as they arrive
 */
export async function sendRequest(
  socketPath: string,
  { method, path, body, limitSeconds, endsAtLimit, mayBeSilent }: ApiRequest,
  underWay: Set<ClientRequest>,
  cancel?: AbortSignal,
  onText?: (text: string) => void,
): Promise<ApiResponse> {
  const [{ request }, { connect }] = await Promise.all([import('node:http'), import('node:net')]);
  return new Promise<ApiResponse>((resolve, reject) => {
    const headers = body === undefined ? {} : headersOf(body);
    // Without an agent, which takes the name of the host for that of a TLS server and tests whether it is an IP address.
    const createConnection = () => connect(socketPath);
    const asking = request({ createConnection, method, path: API + path, headers }, (response) => {
      const chunks: Buffer[] = [];
      const decoder = new StringDecoder('utf8');
      response.on('data', (chunk: Buffer) => {
        chunks.push(chunk);
        onText?.(decoder.write(chunk));
      });
      response.once('error', reject);
      response.once('end', () => {
        const version = response.headers['libpod-api-version'];
        resolve({
          status: response.statusCode ?? 0,
          version: typeof version === 'string' ? version : '',
          body: Buffer.concat(chunks).toString('utf8'),
        });
      });
    });
    const abort = () => asking.destroy(new Error('cancelled'));
    underWay.add(asking);
    cancel?.addEventListener('abort', abort, { once: true });
    asking.once('close', () => {
      underWay.delete(asking);
      cancel?.removeEventListener('abort', abort);
    });
    asking.once('error', reject);
    const limit = limitSeconds === undefined ? ANSWER_MILLISECONDS : limitSeconds * 1000;
    const fail = () => asking.destroy(new Error("podman's service did not answer in time"));
    // Of the socket: a request emits `timeout` only once.
    asking.once('socket', (socket) => {
      socket.setTimeout(limit);
      socket.on('timeout', () => {
        if (endsAtLimit === true) resolve({ status: TIME_LIMIT_REACHED, version: '', body: '' });
        if (mayBeSilent !== true) fail();
        else sendRequest(socketPath, PING, underWay).then(() => socket.setTimeout(limit), fail);
      });
    });
    asking.end(body);
  });
}

/**
 * Turns of the event loop in which answers that have arrived are read, it is found out that a service has started, and the
 * requests that follow are under way.
 */
const TURNS = 3;

/** Resolves when the requests that were begun have left this process. */
export async function flushRequests(underWay: ReadonlySet<ClientRequest>): Promise<void> {
  await import('node:http');
  for (let turn = 1; turn <= TURNS; turn++) await new Promise((resolve) => setImmediate(resolve));
  await Promise.all([...underWay].map(whenSent));
}

function whenSent(request: ClientRequest): Promise<void> {
  return new Promise((resolve) => {
    if (request.writableFinished || request.destroyed) resolve();
    else for (const event of ['finish', 'close']) request.once(event, resolve);
  });
}

function headersOf(body: string | Uint8Array): Readonly<Record<string, string | number>> {
  return {
    'content-type': typeof body === 'string' ? 'application/json' : 'application/octet-stream',
    'content-length': typeof body === 'string' ? Buffer.byteLength(body) : body.byteLength,
  };
}
