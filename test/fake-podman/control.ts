import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buildFakePodman } from './build.ts';
import type { Container, Settings, State } from './model.ts';
import { readSettings, withState, type LogEntry, type ServiceEntry } from './store.ts';

/** A fake podman, as a test controls it. */
export interface FakePodman {
  /** The directory of the program, for PATH. */
  readonly bin: string;
  /** Further environment variables of processes that run it as `podman`. */
  readonly env: { readonly FAKE_PODMAN_DIR: string };
  /** Changes some of the settings; the others are kept. The counts of rules restart. */
  readonly set: (settings: Settings) => void;
  /** All commands in the order of their starts; a request to its service counts as the equivalent command. */
  readonly commands: () => readonly PlayedCommand[];
  /** The changing commands among them, each as one line. */
  readonly changes: () => readonly string[];
  /** The started services, in order. */
  readonly services: () => readonly PlayedService[];
  readonly forgetCommands: () => void;
  /** Runs a command as a user would; it must succeed. Rules do not apply, and `commands` does not include it. */
  readonly podman: (...args: readonly string[]) => string;
  /** The same, but it may fail. */
  readonly tryPodman: (...args: readonly string[]) => {
    readonly exitCode: number | null;
    readonly stdout: string;
    readonly stderr: string;
  };
  readonly state: () => State;
  readonly container: (name: string) => Container | undefined;
  /** Names of pods, containers and volumes, sorted; without infra containers. */
  readonly things: () => {
    readonly pods: readonly string[];
    readonly containers: readonly string[];
    readonly volumes: readonly string[];
    /** Absent if there are none. */
    readonly secrets?: readonly string[];
  };
  /** Removes its directory, and ends all of its processes. */
  readonly remove: () => void;
}

export interface PlayedCommand {
  readonly pid: number;
  readonly args: readonly string[];
  readonly line: string;
  readonly mutates: boolean;
  /** Milliseconds since 1970. */
  readonly begin: number;
  /** Absent if it has not ended, or was killed. */
  readonly end?: number;
  readonly exitCode?: number;
  /** Its connection: --connection, or CONTAINER_CONNECTION. */
  readonly connection?: string;
  /** The request: `GET /containers/json`; absent for a command. */
  readonly asked?: string;
}

export interface PlayedService {
  readonly pid: number;
  readonly line: string;
  readonly socket: string;
  readonly isAlive: () => boolean;
}

export async function fakePodman(settings: Settings = {}): Promise<FakePodman> {
  const bin = await buildFakePodman();
  const directory = mkdtempSync(join(tmpdir(), 'podpose-fake-'));
  const env = { FAKE_PODMAN_DIR: directory };
  const write = (changed: Settings) => {
    writeFileSync(join(directory, 'settings.json'), JSON.stringify(changed));
  };
  write(settings);
  const commands = () => readLog(join(directory, 'commands.jsonl'));
  const tryPodman: FakePodman['tryPodman'] = (...args) => {
    const ended = spawnSync(join(bin, 'podman'), args, {
      env: { ...process.env, ...env, FAKE_PODMAN_BY_HAND: '1' },
      encoding: 'utf8',
    });
    return { exitCode: ended.status, stdout: ended.stdout, stderr: ended.stderr };
  };
  const state = () => withState(directory, (state) => structuredClone(state));
  return {
    bin,
    env,
    set: (changed) => {
      write({ ...readSettings(directory), ...changed });
      if (changed.rules !== undefined)
        withState(directory, (state) => {
          state.rules = [];
        });
    },
    commands,
    changes: () =>
      commands()
        .filter(({ mutates }) => mutates)
        .map(({ line }) => line),
    services: () => servicesOf(directory),
    forgetCommands: () => {
      rmSync(join(directory, 'commands.jsonl'), { force: true });
    },
    podman: (...args) => {
      const ended = tryPodman(...args);
      if (ended.exitCode !== 0) throw new Error(`podman ${args.join(' ')}: ${ended.stderr}`);
      return ended.stdout;
    },
    tryPodman,
    state,
    container: (name) => Object.values(state().containers).find((container) => container.name === name),
    things: () => {
      const { pods, containers, volumes, secrets } = state();
      const names = (things: Readonly<Record<string, { readonly name: string }>>) =>
        Object.values(things)
          .map(({ name }) => name)
          .sort();
      return {
        pods: names(pods),
        containers: names(
          Object.fromEntries(Object.entries(containers).filter(([, { isInfra }]) => !isInfra)),
        ),
        volumes: names(volumes),
        // Most settings have none.
        ...(Object.keys(secrets).length === 0 ? {} : { secrets: names(secrets) }),
      };
    },
    remove: () => {
      // A podman that starts from now on finds no directory, and ends.
      const removed = `${directory}.removed`;
      renameSync(directory, removed);
      for (const { pid } of [...servicesOf(removed), ...readLog(join(removed, 'commands.jsonl'))])
        if (isOf(directory, pid)) process.kill(pid, 'SIGKILL');
      rmSync(removed, { recursive: true, force: true });
    },
  };
}

function servicesOf(directory: string): readonly PlayedService[] {
  return linesOf(join(directory, 'services.jsonl')).map((line) => {
    const { pid, argv } = JSON.parse(line) as ServiceEntry;
    return {
      pid,
      line: argv.join(' '),
      socket: (argv.at(-1) ?? '').replace(/^unix:\/\//, ''),
      isAlive: () => isOf(directory, pid),
    };
  });
}

/** Whether a process exists and belongs to the fake podman of this directory. */
function isOf(directory: string, pid: number): boolean {
  try {
    return readFileSync(`/proc/${pid}/environ`, 'utf8').split('\0').includes(`FAKE_PODMAN_DIR=${directory}`);
  } catch {
    return false;
  }
}

/** An incomplete line is not read yet. */
function linesOf(path: string): readonly string[] {
  return existsSync(path) ? readFileSync(path, 'utf8').split('\n').slice(0, -1) : [];
}

function readLog(path: string): readonly PlayedCommand[] {
  const commands: (PlayedCommand & { readonly request?: number | undefined })[] = [];
  for (const line of linesOf(path)) {
    const entry = JSON.parse(line) as LogEntry;
    if ('argv' in entry) {
      const { argv, at, pid, mutates, connection, request, asked } = entry;
      commands.push({
        pid,
        args: argv,
        line: argv.join(' '),
        mutates,
        begin: at,
        request,
        ...(connection === undefined ? {} : { connection }),
        ...(asked === undefined ? {} : { asked }),
      });
    } else {
      const index = commands.findLastIndex(
        ({ pid, request }) => pid === entry.pid && request === entry.request,
      );
      const begun = commands[index];
      if (begun !== undefined) commands[index] = { ...begun, end: entry.end, exitCode: entry.exitCode };
    }
  }
  return commands;
}
