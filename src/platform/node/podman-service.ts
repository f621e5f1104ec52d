import { compareTexts } from '../../base/text.ts';
import { readFileSync, rmSync, statSync } from 'node:fs';
import type { ChildProcess } from 'node:child_process';
import type { ClientRequest } from 'node:http';
import { delimiter, join } from 'node:path';
import type { Environment } from '../environment.ts';
import type { ApiRequest, ApiResponse, PodmanService } from '../service.ts';
import { describeFault, ownershipFault, type OwnershipFault } from './ownership.ts';

/** The oldest API that podman 4 and 5 speak. */
const API = '/v4.0.0/libpod';

const TRY_AGAIN_MILLISECONDS = 2;
const PATIENCE_MILLISECONDS = 5000;

/**
 * How long the service may take to accept a connection, and to answer. It answers in milliseconds, or hangs.
 */
const CONNECT_MILLISECONDS = 1000;
const ANSWER_MILLISECONDS = 5000;

/**
 * `podman system service` at a socket in the folder of the user's login, which nobody else can look into. One that an
 * earlier run has left behind is used again; it ends by itself when nobody has asked it anything for a while.
 * It never answers where that folder, or what is there in place of the socket, is not this user's own: what it answered
 * would be believed.
 * @param seconds for how long it waits
 */
export async function nodeService(podman: string, env: Environment, seconds: number): Promise<PodmanService> {
  const directory = env['XDG_RUNTIME_DIR'] ?? '';
  const socketPath = join(directory, `podpose-${nameOf(podman, env)}.sock`);
  const unsafe = ownershipFault(directory, 'directory');
  if (unsafe !== undefined) return notUsed(directory, unsafe);
  const fault = ownershipFault(socketPath, 'socket');
  if (fault !== undefined && fault.kind !== 'absent') return notUsed(socketPath, fault);
  const command = ['system', 'service', '--time', seconds.toString(), `unix://${socketPath}`];
  const wasThere = await canConnect(socketPath);
  const over = new AbortController();
  const { isListening, giveUp } = wasThere
    ? { isListening: true, giveUp: () => undefined }
    : await startService(podman, command, env, socketPath, over);
  // Loaded in the time that podman takes to start.
  void import('node:http');
  const underWay = new Set<ClientRequest>();
  let isLost = false;
  return {
    ...(wasThere ? {} : { startedWith: command }),
    isThere: async () => !isLost && (await isListening),
    send: (request) =>
      send(socketPath, request, underWay).catch((error: unknown) => {
        isLost = true;
        throw error;
      }),
    abandon: () => {
      isLost = true;
      over.abort();
      giveUp();
      for (const request of underWay) request.destroy();
    },
  };
}

function notUsed(path: string, fault: OwnershipFault): PodmanService {
  const reason = `${path} ${describeFault(fault)}`;
  return {
    fault: reason,
    isThere: () => Promise.resolve(false),
    send: () => Promise.reject(new Error(reason)),
    abandon: () => undefined,
  };
}

/**
 * Another podman, another environment, and another pause process, whose namespaces all of podman lives in,
 * have a service of their own. What tells one terminal from another makes no difference.
 */
function nameOf(podman: string, env: Environment): string {
  const variables = Object.entries(env)
    .filter(([name]) => !/^(?:_|PWD|OLDPWD|SHLVL|COLUMNS|LINES|WINDOWID|(?:TERM|SSH|TMUX|VTE).*)$/.test(name))
    .sort(([a], [b]) => compareTexts(a, b));
  return fingerprint(JSON.stringify([podman, ageOf(podman, env), pauseProcess(env), variables]));
}

/** When the program was last changed; nothing where it cannot be found. */
function ageOf(podman: string, env: Environment): number | undefined {
  const directories = podman.includes('/') ? [''] : (env['PATH'] ?? '').split(delimiter);
  for (const directory of directories) {
    try {
      return statSync(join(directory, podman)).mtimeMs;
    } catch {
      // Not in this directory, or in none that this user may look into.
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

/**
 * FNV-1a (RFC 9923), twice: node's digests take longer to load than all that podpose does before it asks
 * podman.
 */
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
  /** Ends a service that does not listen yet. */
  readonly giveUp: () => void;
}

/**
 * Starts it, and says in its own time whether it listens.
 * @param over aborted when it has ended, or is no longer wanted
 */
async function startService(
  podman: string,
  command: readonly string[],
  env: Environment,
  socketPath: string,
  over: AbortController,
): Promise<Starting> {
  const { spawn } = await import('node:child_process');
  // Of one that was killed. Where it stays, podman says so and ends.
  try {
    rmSync(socketPath, { force: true });
  } catch {
    return { isListening: Promise.resolve(false), giveUp: () => undefined };
  }
  // The directory that podpose was run in may go before it does.
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
  });
  return { isListening, giveUp };
}

/** How long a service that does not come up may take to end when it is asked to. */
const END_MILLISECONDS = 300;

/** One that hangs would do so for ever; podpose ends after it. */
function endHanging(child: ChildProcess): void {
  if (child.exitCode !== null || child.signalCode !== null) return;
  child.ref();
  child.kill('SIGTERM');
  AbortSignal.timeout(END_MILLISECONDS).addEventListener('abort', () => {
    child.kill('SIGKILL');
  });
}

/** Waits until somebody listens there; false when nobody does for long, or will. */
async function listens(socketPath: string, never: AbortSignal): Promise<boolean> {
  const until = performance.now() + PATIENCE_MILLISECONDS;
  for (;;) {
    // Where two are started at once, one of them ends, and the other does for both.
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

async function send(
  socketPath: string,
  { method, path }: ApiRequest,
  underWay: Set<ClientRequest>,
): Promise<ApiResponse> {
  const { request } = await import('node:http');
  return new Promise<ApiResponse>((resolve, reject) => {
    const asking = request({ socketPath, method, path: API + path, agent: false }, (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
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
    underWay.add(asking);
    asking.once('close', () => underWay.delete(asking));
    asking.once('error', reject);
    asking.setTimeout(ANSWER_MILLISECONDS, () => {
      asking.destroy(new Error("podman's service does not answer"));
    });
    asking.end();
  });
}
