import { nodeBackground } from './background.ts';
import { nodeSockets } from './local-socket.ts';
import { lazyNetwork } from './lazy-network.ts';
import { openRelay } from './relay.ts';
import { createFile, removeFile, replaceFile } from './replace-file.ts';
import { defined } from '../../base/defined.ts';
import { closeSync, createReadStream, openSync, readFileSync, readSync, statSync, type Stats } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { resolve } from 'node:path';
import { availableParallelism, hostname, totalmem, userInfo } from 'node:os';
import type { Readable } from 'node:stream';
import { isatty } from 'node:tty';
import { nodeRunner } from './process-runner.ts';
import { nodeRuntimeFiles } from './runtime-files.ts';
import type { StandardStreams } from './standard-streams.ts';
import { prepareForInput, type StartSettings } from './v8-settings.ts';
import type { PodmanService } from '../service.ts';
import { nodeLogFiles } from './log-files.ts';
import { nodeLock } from './lock.ts';
import { lookUpHost } from './look-up-host.ts';
import { probePort } from './probe-port.ts';
import { describeFault, ownershipFault } from './ownership.ts';
import type { FileType } from '../../base/file-type.ts';
import type { StopSignal } from '../process.ts';
import type { Answer, Files, RuntimeDirectoryFault, Platform } from '../platform.ts';

/**
 * The platform of node. Only this file reads `process`, the clock, files and the network.
 * @param service a podman service that was started before
 * @param settings the settings of V8 that this process has started with
 * @param streams its standard output and standard error
 */
export function nodePlatform(
  service: PodmanService | undefined,
  settings: StartSettings,
  streams: StandardStreams,
): Platform {
  return {
    env: process.env,
    cwd: process.cwd(),
    stdout: streams.stdout,
    stderr: streams.stderr,
    ask,
    // Asked by few: it loads node's sockets.
    get isInteractive() {
      return isatty(0);
    },
    readStdin: (bytes) => beginningOf(process.stdin, bytes),
    files,
    replaceFile,
    createFile,
    removeFile,
    logFiles: nodeLogFiles,
    clock: { now: milliseconds, sleep },
    today: () => Date.now(),
    prepareForInput: (size) => {
      prepareForInput(size, settings);
    },
    machine: { hostname: hostname(), cpus: availableParallelism(), memory: totalmem() },
    machineKey,
    onStopSignal,
    createRunner: nodeRunner,
    ...defined({ service }),
    pid: process.pid,
    userId: process.geteuid?.() ?? 0,
    program: [process.execPath, ...process.execArgv, resolve(process.argv[1] ?? '')],
    lock: (name, about) => nodeLock(name, about),
    sockets: nodeSockets(),
    network: lazyNetwork(),
    openNetwork: openRelay,
    background: nodeBackground(),
    runtimeFiles: nodeRuntimeFiles(),
    runtimeDirectoryFault,
    probePort,
    lookUpHost,
  };
}

/** Since the start of the machine. Node loads `performance` at its first use. */
function milliseconds(): number {
  const [seconds, nanoseconds] = process.hrtime();
  return seconds * 1000 + nanoseconds / 1e6;
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

const files: Files = {
  // A pipe may have no writer yet: node waits for it in a thread.
  read: async (path, bytes) =>
    statSync(path).isFile()
      ? beginningOfFile(path, bytes)
      : beginningOf(createReadStream(path, { end: bytes - 1 }), bytes),
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

const CHUNK_BYTES = 64 * 1024;

/** Reads a regular file at once: for one small file, threads and a stream take longer. The size of a file in /proc is 0. */
function beginningOfFile(path: string, bytes: number): Uint8Array {
  const file = openSync(path, 'r');
  try {
    const chunks: Buffer[] = [];
    for (let left = bytes; left > 0;) {
      const chunk = Buffer.allocUnsafe(Math.min(left, CHUNK_BYTES));
      const length = readSync(file, chunk);
      if (length === 0) break;
      chunks.push(chunk.subarray(0, length));
      left -= length;
    }
    return Buffer.concat(chunks);
  } finally {
    closeSync(file);
  }
}

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
