import { compareTexts } from '../../base/text.ts';
import { readFileSync, statSync } from 'node:fs';
import type { ChildProcess } from 'node:child_process';
import type { ClientRequest } from 'node:http';
import { basename, delimiter, join } from 'node:path';
import type { Environment } from '../environment.ts';
import type { PodmanService } from '../service.ts';
import { attach } from './attach.ts';
import { flushRequests, sendRequest } from './api-request.ts';
import { follow } from './follow-response.ts';
import { nodeLock } from './lock.ts';
import { describeFault, ownershipFault, type OwnershipFault } from './ownership.ts';

const TRY_AGAIN_MILLISECONDS = 2;
const PATIENCE_MILLISECONDS = 5000;

/** The time limit for a connection. A service answers within milliseconds, or hangs. */
const CONNECT_MILLISECONDS = 1000;

/**
 * The number of containers that the service stops at the same time. By default, it is three for each CPU, plus one: of
 * many pods that stop at once, each can then wait for the workers of the others. A hidden flag of podman.
 */
const WORKERS = 1000;

/**
 * `podman system service` at a socket in the runtime directory of this user. A service of an earlier run is reused. It
 * ends when it has been idle for a while. It is not used if another user could control the directory or the socket:
 * podpose trusts its answers.
 * @param seconds idle time after which the service ends
 */
export async function nodeService(podman: string, env: Environment, seconds: number): Promise<PodmanService> {
  const directory = env['XDG_RUNTIME_DIR'] ?? '';
  const socketPath = socketPathOf(podman, env);
  const unsafe = ownershipFault(directory, 'directory');
  const reopen = () => nodeService(podman, env, seconds);
  if (unsafe !== undefined) return notUsed(directory, unsafe, reopen);
  const fault = ownershipFault(socketPath, 'socket');
  if (fault !== undefined && fault.kind !== 'absent') return notUsed(socketPath, fault, reopen);
  const service = ['system', 'service', '--time', seconds.toString(), `unix://${socketPath}`];
  const command = ['--max-workers', WORKERS.toString(), ...service];
  const wasThere = await canConnect(socketPath);
  const over = new AbortController();
  const { isListening, giveUp, isOwn } = wasThere
    ? { isListening: true, giveUp: () => undefined, isOwn: false }
    : await startService(podman, command, env, socketPath, over);
  // Loaded while podman starts.
  void import('node:http');
  const underWay = new Set<ClientRequest>();
  let isLost = false;
  return {
    ...(isOwn ? { startedWith: command } : {}),
    isThere: async () => !isLost && (await isListening),
    send: (request, cancel, onText) =>
      sendRequest(socketPath, request, underWay, cancel, onText).catch((error: unknown) => {
        if (cancel?.aborted !== true) isLost = true;
        throw error;
      }),
    attach: (container, mode, onLine) => attach(socketPath, container, mode, onLine, underWay),
    follow: (path, onLine) => follow(socketPath, path, onLine, underWay),
    reopen,
    flush: async () => {
      if (!isLost) await flushRequests(underWay);
    },
    abandon: () => {
      isLost = true;
      over.abort();
      giveUp();
      for (const request of underWay) request.destroy();
    },
  };
}

/** Whether a service of an earlier run can be used. */
export async function isServiceRunning(podman: string, env: Environment): Promise<boolean> {
  const socketPath = socketPathOf(podman, env);
  return ownershipFault(socketPath, 'socket') === undefined && (await canConnect(socketPath));
}

function notUsed(path: string, fault: OwnershipFault, reopen: PodmanService['reopen']): PodmanService {
  const reason = `${path} ${describeFault(fault)}`;
  return {
    fault: reason,
    isThere: () => Promise.resolve(false),
    send: () => Promise.reject(new Error(reason)),
    attach: () => Promise.reject(new Error(reason)),
    follow: () => Promise.reject(new Error(reason)),
    reopen,
    flush: () => Promise.resolve(),
    abandon: () => undefined,
  };
}

function socketPathOf(podman: string, env: Environment): string {
  return join(env['XDG_RUNTIME_DIR'] ?? '', `podpose-${nameOf(podman, env)}.sock`);
}

/**
 * The name of the socket. Another podman, another environment or another pause process, whose namespaces all podman
 * processes share, needs another service. Variables that only identify a terminal or
 * name podpose's trace are ignored.
 */
function nameOf(podman: string, env: Environment): string {
  const variables = Object.entries(env)
    .filter(
      ([name]) =>
        !/^(?:_|PWD|OLDPWD|SHLVL|COLUMNS|LINES|WINDOWID|PODPOSE_TRACE|(?:TERM|SSH|TMUX|VTE).*)$/.test(name),
    )
    .sort(([a], [b]) => compareTexts(a, b));
  return fingerprint(JSON.stringify([podman, ageOf(podman, env), pauseProcess(env), variables]));
}

/** The modification time of the program; undefined if it is not found. */
function ageOf(podman: string, env: Environment): number | undefined {
  const directories = podman.includes('/') ? [''] : (env['PATH'] ?? '').split(delimiter);
  for (const directory of directories) {
    try {
      return statSync(join(directory, podman)).mtimeMs;
    } catch {
      // Not in this directory, or the directory is not accessible.
    }
  }
  return undefined;
}

function pauseProcess(env: Environment): string | undefined {
  try {
    return readFileSync(join(env['XDG_RUNTIME_DIR'] ?? '', 'libpod/tmp/pause.pid'), 'utf8');
  } catch {
    return undefined;
  }
}

/** FNV-1a (RFC 9923), twice: loading node's crypto takes longer than everything podpose does before its first query. */
function fingerprint(text: string): string {
  const hash = (offset: number) => {
    let value = offset;
    for (const byte of Buffer.from(text)) value = Math.imul(value ^ byte, 0x01000193);
    return (value >>> 0).toString(36);
  };
  return hash(0x811c9dc5) + hash(0x01234567);
}

interface Starting {
  readonly isListening: Promise<boolean>;
  /** Terminates a service that does not listen yet. */
  readonly giveUp: () => void;
  /** Whether this process starts the service. Another podpose may do it at the same time. */
  readonly isOwn: boolean;
}

/**
 * Starts the service. `isListening` resolves when it listens or has failed. At most one process does so at a time: a
 * second service at the socket would replace it, and the first of them to end would remove the socket of the other.
 * @param over aborted when the service has ended or is no longer needed
 */
async function startService(
  podman: string,
  command: readonly string[],
  env: Environment,
  socketPath: string,
  over: AbortController,
): Promise<Starting> {
  const [{ spawn }, lock] = await Promise.all([
    import('node:child_process'),
    nodeLock(basename(socketPath, '.sock'), `podpose, process ${process.pid}`, env),
  ]);
  const isBusy = lock.ok && lock.value.kind === 'busy';
  // Another podpose may have started it just before.
  if (isBusy || (await canConnect(socketPath))) {
    if (lock.ok && lock.value.kind === 'taken') lock.value.release();
    return { isListening: listens(socketPath, over.signal), giveUp: () => undefined, isOwn: false };
  }
  // podpose's working directory may be removed before the service ends.
  const child = spawn(podman, command, { cwd: '/', env, stdio: 'ignore', detached: true });
  child.unref();
  for (const event of ['error', 'exit'])
    child.once(event, () => {
      over.abort();
    });
  const isListening = listens(socketPath, over.signal);
  let isUp = false;
  const giveUp = () => {
    if (!isUp) endHanging(child);
  };
  void isListening.then((isThere) => {
    isUp = isThere;
    giveUp();
    if (lock.ok && lock.value.kind === 'taken') lock.value.release();
  });
  return { isListening, giveUp, isOwn: true };
}

/** The time limit for a service that failed to start to end after SIGTERM. */
const END_MILLISECONDS = 300;

/** Terminates a service that hangs. podpose waits for that before it ends itself. */
function endHanging(child: ChildProcess): void {
  if (child.exitCode !== null || child.signalCode !== null) return;
  child.ref();
  child.kill('SIGTERM');
  AbortSignal.timeout(END_MILLISECONDS).addEventListener('abort', () => {
    child.kill('SIGKILL');
  });
}

/** Waits until a process listens at the socket; false at the time limit, or after `never`. */
async function listens(socketPath: string, never: AbortSignal): Promise<boolean> {
  const until = performance.now() + PATIENCE_MILLISECONDS;
  for (;;) {
    const isLast = never.aborted || performance.now() > until;
    if (await canConnect(socketPath)) return true;
    if (isLast) return false;
    await new Promise((resolve) => setTimeout(resolve, TRY_AGAIN_MILLISECONDS));
  }
}

async function canConnect(socketPath: string): Promise<boolean> {
  const { connect } = await import('node:net');
  return new Promise((resolve) => {
    const socket = connect(socketPath);
    socket.once('connect', () => {
      socket.destroy();
      resolve(true);
    });
    socket.once('error', () => {
      resolve(false);
    });
    socket.setTimeout(CONNECT_MILLISECONDS, () => {
      socket.destroy();
      resolve(false);
    });
  });
}
