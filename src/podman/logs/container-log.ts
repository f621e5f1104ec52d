import { defined } from '../../base/defined.ts';
import { parseList } from '../inspect/decode.ts';
import { nanosecondsOf } from './record.ts';
import { succeeded } from '../../platform/process.ts';
import type { PodmanClient } from '../client/client.ts';
import { inspectContainers } from '../client/queries.ts';

/** What podman tells of a container that is of use for reading its log. */
export interface ContainerLog {
  readonly id: string;
  readonly name: string;
  /** `k8s-file`, `journald`, `none` and others. */
  readonly driver: string;
  /** The file that it is written to; empty where it is none. */
  readonly path: string;
  /**
   * A directory of podman's that is of this container alone: where it is there, podman is on this machine.
   */
  readonly directory: string;
  readonly isRunning: boolean;
  /** The container's process; 0 where there is none. */
  readonly pid: number;
  readonly exitCode: number;
  /** podman's word: `no`, `always`, `on-failure`, `unless-stopped`. */
  readonly restartPolicy: string;
  /** What was logged before is of an earlier run, in nanoseconds since 1970; absent where there was none. */
  readonly runBegan?: bigint;
}

const ALIVE = ['running', 'paused', 'stopping'];

/**
 * Asks podman for containers by their names or ids; those that are gone are left out. Undefined where it does
 * not answer.
 */
export async function askContainerLogs(
  podman: PodmanClient,
  names: readonly string[],
): Promise<readonly ContainerLog[] | undefined> {
  if (names.length === 0) return [];
  const answer = await podman.query(inspectContainers(names));
  if (!succeeded(answer) && !/no such (?:container|object)/i.test(answer.stderr)) return undefined;
  try {
    return parseList(answer.stdout).map(decodeContainerLog);
  } catch {
    return undefined;
  }
}

type Json = ReturnType<typeof parseList>[number];

function decodeContainerLog(row: Json): ContainerLog {
  const state = member(row, 'State');
  const host = member(row, 'HostConfig');
  const log = member(host, 'LogConfig');
  const isRunning = ALIVE.includes(text(state['Status']));
  const runBegan = runBeganAt(state, isRunning);
  return {
    ...defined({ runBegan }),
    id: text(row['Id']),
    name: text(row['Name']),
    driver: text(log['Type']),
    path: text(log['Path']),
    directory: text(row['StaticDir']),
    isRunning,
    pid: number(state['Pid']),
    exitCode: number(state['ExitCode']),
    restartPolicy: text(member(host, 'RestartPolicy')['Name']),
  };
}

/** podman puts down that a container has begun a moment after it has: its first words may be older. */
const EARLY_NANOSECONDS = 50_000_000n;

/**
 * Between two runs. While a container runs, podman still tells when the run before has ended, and by then all of that is
 * logged; later it is only known when the last run has begun.
 */
function runBeganAt(state: Json, isRunning: boolean): bigint | undefined {
  const at = nanosecondsOf(text(state[isRunning ? 'FinishedAt' : 'StartedAt']));
  // Go's zero time, of the year 1, stands for never.
  if (at === undefined || at <= 0n) return undefined;
  return isRunning ? at + 1n : at - EARLY_NANOSECONDS;
}

function member(row: Json, name: string): Json {
  const value = row[name];
  return typeof value === 'object' && value !== null ? (value as Json) : {};
}

function text(value: unknown): string {
  return typeof value === 'string' ? value : '';
}

function number(value: unknown): number {
  return typeof value === 'number' ? value : 0;
}
