import { readdirSync, renameSync, rmSync } from 'node:fs';
import { createConnection, createServer, type Server } from 'node:net';
import { failure, success, type Result } from '../../base/result.ts';
import { sanitize } from '../../base/sanitize.ts';
import { openLockDirectory, unusable } from './lock-directory.ts';
import { errorCode } from './ownership.ts';
import type { LockAnswer } from '../platform.ts';

/** How long the holder of a lock may take to say who it is, from the connection to its last byte. */
const ANSWER_MILLISECONDS = 1000;
const ANSWER_BYTES = 200;

/** How often, and after how long, it is looked whether others that came at the same time have gone. */
const LOOKS = 20;
const BETWEEN_LOOKS_MILLISECONDS = 10;

/**
 * Takes a lock that all podposes of one user see, whatever namespaces they are in.
 *
 * Whoever wants it listens at a socket with a name that is never used twice, in a directory of this user alone, gives the
 * socket a name that says which lock it is for, and then looks at all others of that name. It holds the lock if none of them
 * is listened at. Of two that come at once, at least one sees the other, since each looks after it can be seen: there are
 * never two holders. The one whose name comes first stays until the others have gone: there is always one. The kernel refuses
 * connections to the socket of a process that has ended, however it ended, and for ever: such a name can be removed by anybody.
 * @param name made of letters, digits and dashes
 * @param about said to whoever finds it taken
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
  /** The directory. */
  readonly base: string;
  /** What the names for this lock begin with. */
  readonly prefix: string;
}

/** The way to give the lock back, or the name of another that has it or will have it. */
async function compete(lock: Lock, about: string): Promise<(() => void) | string> {
  const { name, server } = await publish(lock, about);
  const withdraw = () => {
    rmSync(join(lock, name), { force: true });
    server.close();
  };
  try {
    for (let look = 1; ; look++) {
      const others = await livingIn(lock, name);
      const [first] = others;
      if (first === undefined) return withdraw;
      // One that neither goes nor comes first has the lock: it took it before this one could be seen.
      if (first < name || look === LOOKS) {
        withdraw();
        return first;
      }
      await new Promise((resolve) => setTimeout(resolve, BETWEEN_LOOKS_MILLISECONDS));
    }
  } catch (error) {
    withdraw();
    throw error;
  }
}

/** Listens, and only then takes a name that others look for: what has such a name and refuses has ended. */
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
      // Somebody has looked between the two calls that make it listen, and has removed it.
      if (errorCode(error) !== 'ENOENT') throw error;
    }
  }
}

/** The time since the machine was started, the process and a number drawn at random: processes elsewhere have the same ids. */
function uniqueText(): string {
  return [process.hrtime.bigint(), process.pid, Math.floor(Math.random() * 2 ** 52)]
    .map((part) => part.toString(36))
    .join('-');
}

/** The names for this lock, other than this one, that somebody listens at, in order. Those of ended processes are removed. */
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
      // A connection that cannot be accepted is the other side's loss, and no reason to end.
      server.on('error', () => undefined);
      // The lock keeps no process alive that has nothing else to do.
      server.unref();
      resolve(server);
    });
  });
}

/** Whether somebody listens there. One that is too busy to be connected to is alive. */
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

/** What a holder says of itself, cut short and made fit for a screen. */
function askHolder(lock: Lock, name: string): Promise<string> {
  return new Promise((resolve) => {
    const said: Buffer[] = [];
    const socket = createConnection(join(lock, name));
    const end = () => {
      clearTimeout(deadline);
      socket.destroy();
      const text = Buffer.concat(said).subarray(0, ANSWER_BYTES).toString('utf8').trim();
      resolve(text === '' ? 'another podpose' : sanitize(text));
    };
    const deadline = setTimeout(end, ANSWER_MILLISECONDS);
    socket.on('data', (chunk) => {
      said.push(chunk);
      if (said.reduce((bytes, { length }) => bytes + length, 0) >= ANSWER_BYTES) end();
    });
    socket.on('end', end);
    socket.on('error', end);
  });
}
