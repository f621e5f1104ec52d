import { readdirSync, renameSync, rmSync } from 'node:fs';
import { createConnection, createServer, type Server } from 'node:net';
import { failure, success, type Result } from '../../base/result.ts';
import { sanitize } from '../../base/sanitize.ts';
import { openLockDirectory, unusable } from './lock-directory.ts';
import { errorCode } from './ownership.ts';
import type { LockAnswer } from '../platform.ts';

/** The time limit for the holder of a lock to identify itself, from connecting to the last byte. */
const ANSWER_MILLISECONDS = 1000;
const ANSWER_BYTES = 200;

/** How often a waiting process checks whether competing processes have gone, and the interval. */
const MOST_CHECKS = 20;
const CHECK_INTERVAL_MILLISECONDS = 10;

/**
 * Takes a lock that every podpose of this user sees, in any namespace.
 *
 * Each process listens at a socket with a unique name in a directory of this user, renames the socket to a name of the
 * lock, and then tries to connect to all other sockets of that lock. It holds the lock if nobody listens at any of
 * them. Of two processes that start at once, at least one sees the other, since each checks after it has become
 * visible: there are never two holders. The process with the first name stays until the others have gone: there is
 * always one holder. The kernel refuses connections to the socket of a process that has ended, however it ended: any
 * process may remove such a socket.
 * @param name letters, digits and dashes
 * @param about shown to a process that finds the lock taken
 */
export async function nodeLock(
  name: string,
  about: string,
  env: NodeJS.ProcessEnv = process.env,
): Promise<Result<LockAnswer>> {
  const directory = openLockDirectory(env);
  if (!directory.ok) return directory;
  const { path, base, close } = directory.value;
  const lock: Lock = { base, prefix: `${name}.lock.` };
  let release: (() => void) | undefined;
  try {
    const [other] = await livingIn(lock);
    const answer = other === undefined ? await compete(lock, about) : other;
    if (typeof answer === 'string') return success({ kind: 'busy', holder: await askHolder(lock, answer) });
    release = answer;
    return success({
      kind: 'taken',
      release: () => {
        answer();
        close();
      },
    });
  } catch (error) {
    const code = errorCode(error);
    if (code === undefined) throw error;
    return failure([unusable(path, code)]);
  } finally {
    if (release === undefined) close();
  }
}

interface Lock {
  /** The path of the directory. */
  readonly base: string;
  /** The prefix of the sockets of this lock. */
  readonly prefix: string;
}

/** A function that releases the lock, or the name of another process that holds the lock or will hold it. */
async function compete(lock: Lock, about: string): Promise<(() => void) | string> {
  const { name, server } = await publish(lock, about);
  const withdraw = () => {
    rmSync(join(lock, name), { force: true });
    server.close();
  };
  try {
    for (let check = 1; ; check++) {
      const others = await livingIn(lock, name);
      const [first] = others;
      if (first === undefined) return withdraw;
      // A process that stays without being first holds the lock: it took it before this one became visible.
      if (first < name || check === MOST_CHECKS) {
        withdraw();
        return first;
      }
      await new Promise((resolve) => setTimeout(resolve, CHECK_INTERVAL_MILLISECONDS));
    }
  } catch (error) {
    withdraw();
    throw error;
  }
}

/**
 * Listens first, then renames the socket to a visible name: a visible socket that refuses connections belongs to an
 * ended process.
 */
async function publish(
  lock: Lock,
  about: string,
): Promise<{ readonly name: string; readonly server: Server }> {
  for (;;) {
    const unique = uniqueText();
    const [unseen, name] = [`new.${unique}`, `${lock.prefix}${unique}`];
    const server = await listen(join(lock, unseen), about);
    try {
      renameSync(join(lock, unseen), join(lock, name));
      return { name, server };
    } catch (error) {
      server.close();
      // Another process checked between bind and listen, and removed the socket.
      if (errorCode(error) !== 'ENOENT') throw error;
    }
  }
}

/** Uptime, process ID and a random number: processes in other PID namespaces can have the same ID. */
function uniqueText(): string {
  return [process.hrtime.bigint(), process.pid, Math.floor(Math.random() * 2 ** 52)]
    .map((part) => part.toString(36))
    .join('-');
}

/** The sockets of this lock, other than this one, with a listening process, sorted. Those of ended processes are removed. */
async function livingIn(lock: Lock, own?: string): Promise<readonly string[]> {
  const names = readdirSync(lock.base).filter(
    (name) => name !== own && (name.startsWith(lock.prefix) || name.startsWith('new.')),
  );
  const living: string[] = [];
  for (const name of names.sort()) {
    const is = await ask(join(lock, name));
    if (is === 'ended') rmSync(join(lock, name), { force: true });
    else if (is === 'alive' && name.startsWith(lock.prefix)) living.push(name);
  }
  return living;
}

function join({ base }: Lock, name: string): string {
  return `${base}/${name}`;
}

function listen(address: string, about: string): Promise<Server> {
  return new Promise((resolve, reject) => {
    const server = createServer((socket) => {
      socket.on('error', () => undefined);
      socket.end(about);
    });
    server.once('error', reject);
    server.listen(address, () => {
      server.off('error', reject);
      // A failed connection is a problem of the other process only.
      server.on('error', () => undefined);
      // The lock does not keep an idle process alive.
      server.unref();
      resolve(server);
    });
  });
}

/** Whether a process listens at the address. One that is too busy to accept connections counts as alive. */
function ask(address: string): Promise<'alive' | 'ended' | 'gone'> {
  return new Promise((resolve, reject) => {
    const socket = createConnection(address);
    socket.once('connect', () => {
      socket.destroy();
      resolve('alive');
    });
    socket.once('error', (error: NodeJS.ErrnoException) => {
      if (error.code === 'ECONNREFUSED') resolve('ended');
      else if (error.code === 'ENOENT') resolve('gone');
      else if (error.code === 'EMFILE' || error.code === 'ENFILE') reject(error);
      else resolve('alive');
    });
  });
}

/** What the holder says about itself, shortened and sanitized. */
function askHolder(lock: Lock, name: string): Promise<string> {
  return new Promise((resolve) => {
    const chunks: Buffer[] = [];
    const socket = createConnection(join(lock, name));
    const end = () => {
      clearTimeout(deadline);
      socket.destroy();
      const text = Buffer.concat(chunks).subarray(0, ANSWER_BYTES).toString('utf8').trim();
      resolve(text === '' ? 'another podpose' : sanitize(text));
    };
    const deadline = setTimeout(end, ANSWER_MILLISECONDS);
    socket.on('data', (chunk) => {
      chunks.push(chunk);
      if (chunks.reduce((bytes, { length }) => bytes + length, 0) >= ANSWER_BYTES) end();
    });
    socket.on('end', end);
    socket.on('error', end);
  });
}
