import { success } from '../../src/base/result.ts';
import { createEngine, type Engine, type EngineEvent, type EnginePlatform } from '../../src/engine/engine.ts';
import type { FileType } from '../../src/base/file-type.ts';
import type { Clock } from '../../src/platform/clock.ts';
import type { Files } from '../../src/platform/platform.ts';
import type { Network } from '../../src/platform/network.ts';
import type { ProcessRunner } from '../../src/platform/process.ts';
import { commandClient } from '../../src/podman/client/client.ts';

export interface TestMachine {
  /** The texts of files, by path. */
  readonly files?: Readonly<Record<string, string | Uint8Array>>;
  /** Other files, by path. */
  readonly paths?: Readonly<Record<string, FileType>>;
  /** The addresses of hosts. By default, none is known. */
  readonly hosts?: Readonly<Record<string, readonly string[]>>;
  readonly cwd?: string;
  /** 4 by default. podpose runs twice as many commands at the same time. */
  readonly cpus?: number;
  /** By default it stands still. */
  readonly clock?: Clock;
}

/** An invented machine: it has only the files of the test, and a clock that stands still unless the test has one. */
export function testPlatform({
  files = {},
  paths = {},
  hosts = {},
  cwd = '/home/ann/demo',
  cpus = 4,
  clock = { now: () => 0, sleep: (_, signal) => untilAborted(signal) },
}: TestMachine): EnginePlatform {
  const contentOf = (path: string) => {
    const content = files[path];
    if (content === undefined) throw Object.assign(new Error(path), { code: 'ENOENT' });
    return typeof content === 'string' ? Buffer.from(content) : content;
  };
  const reading: Files = {
    read: (path, bytes) => Promise.resolve(contentOf(path).subarray(0, bytes)),
    list: () => Promise.resolve([]),
    typeOf: (path) => paths[path] ?? (files[path] === undefined ? 'absent' : 'file'),
  };
  return {
    env: { HOME: '/home/ann', XDG_RUNTIME_DIR: '/run/user/1000' },
    cwd,
    files: reading,
    createFile: () => Promise.resolve('EROFS'),
    replaceFile: () => Promise.resolve('EROFS'),
    removeFile: () => Promise.resolve('EROFS'),
    createRunner: () => {
      throw new Error('no programs');
    },
    userId: 1000,
    program: ['/usr/bin/node', '/opt/podpose/dist/podpose.js'],
    logFiles: {
      stat: () => undefined,
      open: () => Promise.reject(new Error('no logs')),
      isAlive: () => false,
    },
    readStdin: () => Promise.resolve(new Uint8Array()),
    clock,
    today: () => 0,
    prepareForInput: () => undefined,
    machine: { hostname: 'desk', cpus, memory: 8 * 1024 ** 3 },
    machineKey: () => 'key of the tests',
    pid: 1,
    lock: () => Promise.resolve(success({ kind: 'taken', release: () => undefined })),
    sockets: {
      serve: () => Promise.resolve(success({ close: () => undefined })),
      ask: () => Promise.resolve(undefined),
    },
    network: NO_NETWORK,
    openNetwork: () => ({
      network: NO_NETWORK,
      isOpen: () => true,
      close: () => undefined,
      closeWhenUnused: () => undefined,
    }),
    background: {
      start: () => undefined,
      limitLog: () => undefined,
      readLog: () => Promise.resolve(undefined),
    },
    runtimeFiles: { read: () => undefined, write: () => undefined },
    probePort: () => Promise.resolve('free'),
    lookUpHost: (host) => Promise.resolve(hosts[host] ?? []),
  };
}

const NO_NETWORK: Network = {
  connect: () => Promise.resolve({ kind: 'timed-out' }),
  get: () => Promise.resolve({ kind: 'timed-out' }),
  callGrpc: () => Promise.resolve({ kind: 'timed-out' }),
};

async function untilAborted(signal: AbortSignal): Promise<void> {
  if (signal.aborted) return;
  await new Promise((resolve) => {
    signal.addEventListener('abort', resolve, { once: true });
  });
}

/** The engine on such a machine. */
export function testEngine(
  machine: TestMachine,
  podman: ProcessRunner,
): { readonly engine: Engine; readonly events: EngineEvent[] } {
  const events: EngineEvent[] = [];
  const host = {
    emit: (event: EngineEvent) => {
      events.push(event);
    },
    hideSecrets: () => undefined,
    openApplyView: () => Promise.resolve({ emit: () => undefined, close: () => Promise.resolve() }),
  };
  return { engine: createEngine(testPlatform(machine), commandClient(podman, 'podman'), host), events };
}
