import { createServer as createHttpServer, request as httpRequest, type IncomingMessage } from 'node:http';
import { createServer, type AddressInfo } from 'node:net';
import { eventually } from './eventually.ts';

/** A free port of 127.0.0.1 below the ephemeral ports of the kernel. */
export async function freePort(): Promise<number> {
  for (;;) {
    const port = 20000 + Math.floor(Math.random() * 12000);
    if (await isFree(port)) return port;
  }
}

/** Whether a server could listen at that port of 127.0.0.1. */
export function isFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', () => {
      resolve(false);
    });
    server.listen(port, '127.0.0.1', () => {
      server.close(() => {
        resolve(true);
      });
    });
  });
}

export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
}

/** Sends one request. Fails without an answer. @param credentials `NAME:PASSWORD` */
export async function get(url: string, credentials?: string): Promise<Answer> {
  const authorization = `Basic ${Buffer.from(credentials ?? '').toString('base64')}`;
  const response = await fetch(url, {
    signal: AbortSignal.timeout(5000),
    headers: { connection: 'close', ...(credentials === undefined ? {} : { authorization }) },
  });
  return { status: response.status, headers: response.headers, text: await response.text() };
}

/**
 * Sends a request to a port of this machine under another name of the host: with a body, a POST. A name below `localhost` needs
 * no name server then.
 */
export function askHost(host: string, port: number, path: string, body = ''): Promise<Answer> {
  const method = body === '' ? 'GET' : 'POST';
  const headers = { host, connection: 'close' };
  return new Promise((resolve, reject) => {
    const options = { host: '127.0.0.1', port, path, method, headers, timeout: 5000 };
    httpRequest(options, (response) => {
      let text = '';
      response
        .on('data', (chunk: Buffer) => (text += chunk.toString()))
        .on('error', reject)
        .on('end', () => {
          const served = new Headers(
            Object.entries(response.headers).map(([name, value]) => [name, String(value)]),
          );
          resolve({ status: response.statusCode ?? 0, headers: served, text });
        });
    })
      .on('error', reject)
      .end(body);
  });
}

/** Retries until the answer is as expected: a server may need a moment to start. */
export function getUntil(url: string, isRight: (answer: Answer) => boolean, seconds = 20): Promise<Answer> {
  let last: Answer | undefined;
  return eventually(
    `a right answer from ${url}`,
    async () => {
      last = await get(url);
      if (isRight(last)) return last;
      throw new Error(`the last answer was ${last.status} ${last.text}`);
    },
    seconds,
  );
}

/** Retries until the status is 200, and returns the text. */
export async function fetchText(url: string, seconds = 20): Promise<string> {
  return (await getUntil(url, ({ status }) => status === 200, seconds)).text;
}

export interface OutsideServer {
  /** The address at which a podman pod reaches it. */
  readonly url: string;
  readonly close: () => void;
}

/** A server on this machine that stands for one outside of the pods. */
export function outsideServer(answer: (request: IncomingMessage) => string): Promise<OutsideServer> {
  const server = createHttpServer((request, response) => {
    response.end(answer(request));
  });
  return new Promise((resolve) => {
    server.listen(0, () => {
      const { port } = server.address() as AddressInfo;
      resolve({
        url: `http://host.containers.internal:${port}`,
        close: () => {
          server.close();
          server.closeAllConnections();
        },
      });
    });
  });
}
