import { rmSync } from 'node:fs';
import { join } from 'node:path';
import type { ServiceAnswer, ServiceRequest } from '../podman/service/conversation.ts';
import type { PodmanService } from '../podman/service/served-runner.ts';
import type { PodmanSettings } from './podman-settings.ts';

/** How long the service goes on with nobody asking anything: for as long it outlives a podpose that was killed. */
const IDLE_SECONDS = 5;

/** The oldest API that podman 4 and 5 speak. */
const API = '/v4.0.0/libpod';

const TRY_AGAIN_MILLISECONDS = 2;
const PATIENCE_MILLISECONDS = 5000;

/**
 * Starts `podman system service`, at a socket in the folder of the user's login, which nobody else can look into. It is
 * no daemon: it ends with podpose.
 */
export async function nodeService({
  podman,
  env,
}: Pick<PodmanSettings, 'podman' | 'env'>): Promise<PodmanService> {
  const { spawn } = await import('node:child_process');
  const socketPath = join(env['XDG_RUNTIME_DIR'] ?? '', `podpose-${process.pid}.sock`);
  const command = ['system', 'service', '--time', IDLE_SECONDS.toString(), `unix://${socketPath}`];
  const child = spawn(podman, command, { env, stdio: 'ignore', detached: true });
  child.unref();
  const hasEnded = new AbortController();
  for (const event of ['error', 'exit'])
    child.once(event, () => {
      hasEnded.abort();
    });
  // Loaded in the time that podman takes to start.
  void import('node:http');
  let isListening: Promise<boolean> | undefined;
  let isLost = false;
  const end = (signal: 'SIGTERM' | 'SIGKILL') => {
    isLost = true;
    if (hasEnded.signal.aborted) return;
    child.kill(signal);
    rmSync(socketPath, { force: true });
  };
  return {
    command,
    isThere: async () => !isLost && (await (isListening ??= listens(socketPath, hasEnded.signal))),
    send: (request) =>
      send(socketPath, request).catch((error: unknown) => {
        isLost = true;
        throw error;
      }),
    end: () => {
      end('SIGTERM');
    },
    kill: () => {
      end('SIGKILL');
    },
  };
}

/** Waits until somebody listens there; false when nobody does for long, or will. */
async function listens(socketPath: string, never: AbortSignal): Promise<boolean> {
  const until = performance.now() + PATIENCE_MILLISECONDS;
  while (!(await canConnect(socketPath))) {
    if (never.aborted || performance.now() > until) return false;
    await new Promise((resolve) => setTimeout(resolve, TRY_AGAIN_MILLISECONDS));
  }
  return true;
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
  });
}

async function send(socketPath: string, { method, path }: ServiceRequest): Promise<ServiceAnswer> {
  const { request } = await import('node:http');
  return new Promise((resolve, reject) => {
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
    asking.once('error', reject);
    asking.end();
  });
}
