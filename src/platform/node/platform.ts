import { replaceFile } from './replace-file.ts';
import { defined } from '../../base/defined.ts';
import { createReadStream, readFileSync, statSync, type Stats } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { createServer } from 'node:net';
import { availableParallelism, hostname, totalmem, userInfo } from 'node:os';
import type { Readable } from 'node:stream';
import { isatty, type WriteStream } from 'node:tty';
import { nodeRunner } from './process-runner.ts';
import type { PodmanService } from '../service.ts';
import { nodeLogFiles } from './log-files.ts';
import { nodeLock } from './lock.ts';
import { describeFault, ownershipFault } from './ownership.ts';
import type { FileType } from '../../base/file-type.ts';
import type { StopSignal } from '../process.ts';
import type {
  Answer,
  Files,
  PortAnswer,
  ProbedPort,
  RuntimeDirectoryFault,
  Terminal,
  Platform,
} from '../platform.ts';

/**
 * The platform of node. Only this file reads `process`, the clock, files and the network.
 * @param service a podman service that was started before
 */
export function nodePlatform(service: PodmanService | undefined): Platform {
  return {
    env: process.env,
    cwd: process.cwd(),
    stdout: terminal(process.stdout),
    stderr: terminal(process.stderr),
    ask,
    isInteractive: isatty(0),
    readStdin: (bytes) => beginningOf(process.stdin, bytes),
    files,
    replaceFile,
    logFiles: nodeLogFiles,
    clock: { now: () => performance.now(), sleep },
    today: () => Date.now(),
    machine: { hostname: hostname(), cpus: availableParallelism(), memory: totalmem() },
    machineKey,
    onStopSignal,
    createRunner: nodeRunner,
    ...defined({ service }),
    pid: process.pid,
    lock: (name, about) => nodeLock(name, about),
    runtimeDirectoryFault,
    probePort,
  };
}

/**
 * The machine ID, which machine-id(5) asks to keep confidential and to use as a key only. The host name if the machine
 * has none.
 */
function machineKey(): string {
  for (const file of ['/etc/machine-id', '/var/lib/dbus/machine-id'])
    try {
      const id = readFileSync(file, 'utf8').trim();
      if (id !== '') return `podpose ${id} ${userInfo().uid}`;
    } catch {
      // Try the next file.
    }
  return `podpose ${hostname()} ${userInfo().uid}`;
}

function runtimeDirectoryFault(): RuntimeDirectoryFault | undefined {
  const path = process.env['XDG_RUNTIME_DIR'] ?? '';
  const fault = path === '' ? undefined : ownershipFault(path, 'directory');
  return fault && { path, words: describeFault(fault), usual: `/run/user/${userInfo().uid}` };
}

function terminal(stream: WriteStream): Terminal {
  return {
    write: (text) => void stream.write(text),
    pour: (bytes) =>
      new Promise((resolve) => {
        // A failed write is reported by the error event of the stream.
        stream.write(bytes, () => {
          resolve();
        });
      }),
    // Absent if the stream is no terminal, whatever its type says.
    isTTY: (stream.isTTY as boolean | undefined) === true,
    get columns() {
      // Without a terminal, the usual width of logs.
      return stream.columns > 0 ? stream.columns : 120;
    },
    get rows() {
      return stream.rows > 0 ? stream.rows : 24;
    },
  };
}

const files: Files = {
  // The size of a pipe, or of a file in /proc, is not known in advance.
  read: (path, bytes) => beginningOf(createReadStream(path, { end: bytes - 1 }), bytes),
  list: (directory) => readdir(directory),
  typeOf: (path) => {
    try {
      return fileType(statSync(path));
    } catch (error) {
      const code = error instanceof Error && 'code' in error ? error.code : undefined;
      return code === 'ENOENT' || code === 'ENOTDIR' ? 'absent' : 'unreadable';
    }
  },
};

/** Stops reading at the limit. The rest of an endless stream is discarded. */
async function beginningOf(stream: Readable, bytes: number): Promise<Uint8Array> {
  const chunks: Buffer[] = [];
  let left = bytes;
  for await (const chunk of stream as AsyncIterable<Buffer>) {
    chunks.push(chunk.subarray(0, left));
    left -= chunk.length;
    if (left <= 0) break;
  }
  return Buffer.concat(chunks);
}

function fileType(stats: Stats): FileType {
  if (stats.isDirectory()) return 'directory';
  if (stats.isFile()) return 'file';
  if (stats.isFIFO()) return 'pipe';
  if (stats.isSocket()) return 'socket';
  if (stats.isCharacterDevice()) return 'character device';
  if (stats.isBlockDevice()) return 'block device';
  return 'other';
}

async function sleep(milliseconds: number, signal: AbortSignal): Promise<void> {
  if (signal.aborted) return;
  await new Promise<void>((resolve) => {
    const end = () => {
      clearTimeout(timer);
      signal.removeEventListener('abort', end);
      resolve();
    };
    const timer = setTimeout(end, milliseconds);
    signal.addEventListener('abort', end, { once: true });
  });
}

const STOP_SIGNALS: readonly StopSignal[] = ['SIGINT', 'SIGTERM', 'SIGHUP'];

function onStopSignal(listener: (signal: StopSignal) => void): () => void {
  const subscriptions = STOP_SIGNALS.map((signal) => {
    const subscriber = () => {
      listener(signal);
    };
    process.on(signal, subscriber);
    return () => {
      process.off(signal, subscriber);
    };
  });
  return () => {
    for (const unsubscribe of subscriptions) unsubscribe();
  };
}

/** Listens for a moment. Node does not support SCTP; podman reports those conflicts itself. */
async function probePort({ address, port, protocol }: ProbedPort): Promise<PortAnswer> {
  if (protocol === 'SCTP') return 'free';
  const code = await (protocol === 'TCP' ? listenTcp(address, port) : bindUdp(address, port));
  switch (code) {
    case 'EADDRINUSE':
      return 'in-use';
    case 'EACCES':
      return 'not-permitted';
    case 'EADDRNOTAVAIL':
      return 'no-such-address';
    default:
      return 'free';
  }
}

async function listenTcp(host: string, port: number): Promise<string | undefined> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', (error: NodeJS.ErrnoException) => {
      resolve(error.code);
    });
    server.listen({ host, port, exclusive: true }, () => {
      server.close(() => {
        resolve(undefined);
      });
    });
  });
}

async function bindUdp(address: string, port: number): Promise<string | undefined> {
  const { createSocket } = await import('node:dgram');
  return new Promise((resolve) => {
    const socket = createSocket(address.includes(':') ? 'udp6' : 'udp4');
    socket.once('error', (error: NodeJS.ErrnoException) => {
      resolve(error.code);
    });
    socket.bind({ address, port, exclusive: true }, () => {
      socket.close(() => {
        resolve(undefined);
      });
    });
  });
}

/** Anything but a clear yes counts as no. */
async function ask(question: string, stop: AbortSignal): Promise<Answer | undefined> {
  if (!process.stdin.isTTY || !process.stderr.isTTY) return undefined;
  const { createInterface } = await import('node:readline');
  const lines = createInterface({ input: process.stdin, output: process.stderr });
  const answer = await new Promise<Answer>((resolve) => {
    const interrupt = () => {
      resolve('interrupted');
    };
    if (stop.aborted) interrupt();
    stop.addEventListener('abort', interrupt, { once: true });
    lines.once('SIGINT', interrupt);
    // End of input.
    lines.once('close', () => {
      resolve('no');
    });
    lines.question(`${question} [y/N] `, (text) => {
      resolve(/^\s*y(es)?\s*$/i.test(text) ? 'yes' : 'no');
    });
  });
  lines.close();
  return answer;
}
