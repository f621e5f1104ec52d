import { rmSync } from 'node:fs';
import { createConnection, createServer, type Socket } from 'node:net';
import { failure, success, type Result } from '../../base/result.ts';
import type { LocalServer, LocalSockets } from '../local-socket.ts';
import { openLockDirectory, unusable, type LockDirectory } from './lock-directory.ts';
import { errorCode } from './ownership.ts';

/** The time limit for a request to arrive, and its size limit. */
const REQUEST_MILLISECONDS = 2000;
const REQUEST_BYTES = 64 * 1024;

/** The size limit of a response: many times that for thousands of containers. */
const RESPONSE_BYTES = 16 * 1024 * 1024;

export function nodeSockets(env: NodeJS.ProcessEnv = process.env): LocalSockets {
  return {
    serve: (name, answer) => serve(name, answer, env),
    ask: async (name, request, milliseconds) => {
      const directory = openLockDirectory(env);
      if (!directory.ok) return undefined;
      try {
        return await ask(socketIn(directory.value, name), request, milliseconds);
      } finally {
        directory.value.close();
      }
    },
  };
}

function socketIn({ base }: LockDirectory, name: string): string {
  return `${base}/${name}.sock`;
}

async function serve(
  name: string,
  answer: (request: string) => string,
  env: NodeJS.ProcessEnv,
): Promise<Result<LocalServer>> {
  const directory = openLockDirectory(env);
  if (!directory.ok) return directory;
  const { path, close } = directory.value;
  const socket = socketIn(directory.value, name);
  try {
    rmSync(socket, { force: true });
    const server = createServer((connection) => {
      respond(connection, answer);
    });
    await new Promise<void>((resolve, reject) => {
      server.once('error', reject);
      server.listen(socket, resolve);
    });
    server.on('error', () => undefined);
    server.unref();
    return success({
      close: () => {
        // Also removes the socket.
        server.close();
        close();
      },
    });
  } catch (error) {
    close();
    const code = errorCode(error);
    if (code === undefined) throw error;
    return failure([unusable(path, code)]);
  }
}

function respond(connection: Socket, answer: (request: string) => string): void {
  let request = '';
  connection.setEncoding('utf8');
  connection.on('error', () => undefined);
  connection.setTimeout(REQUEST_MILLISECONDS, () => connection.destroy());
  connection.on('data', (chunk: string) => {
    request += chunk;
    const end = request.indexOf('\n');
    if (end >= 0) connection.end(`${answer(request.slice(0, end))}\n`);
    else if (request.length > REQUEST_BYTES) connection.destroy();
  });
}

function ask(socket: string, request: string, milliseconds: number): Promise<string | undefined> {
  return new Promise((resolve) => {
    let response = '';
    const connection = createConnection(socket);
    const end = (answer: string | undefined) => {
      clearTimeout(deadline);
      connection.destroy();
      resolve(answer);
    };
    const deadline = setTimeout(end, milliseconds, undefined);
    connection.setEncoding('utf8');
    connection.once('connect', () => connection.write(`${request}\n`));
    connection.on('data', (chunk: string) => {
      response += chunk;
      if (response.length > RESPONSE_BYTES) end(undefined);
    });
    connection.once('error', () => {
      end(undefined);
    });
    connection.once('end', () => {
      end(response.endsWith('\n') ? response.slice(0, -1) : undefined);
    });
  });
}
