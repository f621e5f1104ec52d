import { createConnection, createServer, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { rm } from 'node:fs/promises';
import type { LockAnswer } from './world.ts';

/** How long the holder of a lock may take to say who it is. */
const ANSWER_MILLISECONDS = 1000;

/**
 * Takes a lock that all podposes of one user see. It is a socket that one process at a time can listen on, and
 * that the kernel closes with the process, however that ends: no lock is ever left behind by a dead one.
 * @param about said to whoever finds it taken
 */
export async function nodeLock(name: string, about: string): Promise<LockAnswer> {
  const address = addressOf(name);
  for (let attempt = 1; ; attempt++) {
    const server = await listen(address, about);
    if (server !== undefined) return { kind: 'taken', release: () => void server.close() };
    const holder = await askHolder(address);
    if (holder !== undefined || attempt > 3) return { kind: 'busy', holder: holder ?? 'another podpose' };
    // Nobody answers: where sockets are files, one of a dead process is in the way.
    if (!isAbstract(address)) await rm(address, { force: true });
  }
}

/** Linux has names for sockets that are no files. */
function addressOf(name: string): string {
  const user = process.getuid?.() ?? 0;
  return process.platform === 'linux'
    ? `\0podpose-${user}-${name}`
    : join(process.env['XDG_RUNTIME_DIR'] ?? tmpdir(), `podpose-${user}-${name}.lock`);
}

function isAbstract(address: string): boolean {
  return address.startsWith('\0');
}

function listen(address: string, about: string): Promise<Server | undefined> {
  return new Promise((resolve, reject) => {
    const server = createServer((socket) => {
      socket.on('error', () => undefined);
      socket.end(about);
    });
    server.once('error', (error: NodeJS.ErrnoException) => {
      if (error.code === 'EADDRINUSE') resolve(undefined);
      else reject(error);
    });
    server.listen(address, () => {
      // The lock keeps no process alive that has nothing else to do.
      server.unref();
      resolve(server);
    });
  });
}

/** What the holder says of itself; undefined when there is none. */
function askHolder(address: string): Promise<string | undefined> {
  return new Promise((resolve) => {
    let said = '';
    const socket = createConnection(address);
    socket.setTimeout(ANSWER_MILLISECONDS, () => {
      resolve('another podpose, which does not answer');
      socket.destroy();
    });
    socket.on('data', (chunk) => (said += chunk.toString()));
    socket.on('end', () => {
      resolve(said);
    });
    socket.on('error', () => {
      resolve(undefined);
    });
  });
}
