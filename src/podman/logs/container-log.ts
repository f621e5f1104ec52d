import { defined } from '../../base/defined.ts';
import { parseList } from '../inspect/decode.ts';
import { nanosecondsOf } from './record.ts';
import { succeeded } from '../../platform/process.ts';
import type { PodmanClient } from '../client/client.ts';
import { inspectContainers } from '../client/queries.ts';
import { containerExitCode } from '../exit-code.ts';

/** The details of a container that are needed to read its log. */
export interface ContainerLog {
  readonly id: string;
  readonly name: string;
  /** The log driver: `k8s-file`, `journald`, `none` and others. */
  readonly driver: string;
  /** The log file; empty if there is none. */
  readonly path: string;
  /** The directory of this container. If it exists here, podman runs on this machine. */
  readonly directory: string;
  readonly isRunning: boolean;
  /** The container's process; 0 if it is not running. */
  readonly pid: number;
  readonly exitCode: number;
  /** podman's restart policy: `no`, `always`, `on-failure`, `unless-stopped`. */
  readonly restartPolicy: string;
  /** Earlier lines belong to an earlier run, in nanoseconds since 1970; absent without an earlier run. */
  readonly runBegan?: bigint;
}

const ALIVE = ['running', 'paused', 'stopping'];

/** Inspects containers by name or ID. Missing ones are omitted. Undefined if podman does not answer. */
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
    exitCode: containerExitCode(number(state['ExitCode'])),
    restartPolicy: text(member(host, 'RestartPolicy')['Name']),
  };
}

/** podman records a start slightly late: the first lines may be older. */
const EARLY_NANOSECONDS = 50_000_000n;

/**
 * The boundary between two runs. While a container runs, podman shows the end of the previous run, when all of its
 * lines were logged. Afterwards, only the start of the last run is known.
 */
function runBeganAt(state: Json, isRunning: boolean): bigint | undefined {
  const at = nanosecondsOf(text(state[isRunning ? 'FinishedAt' : 'StartedAt']));
  // Go's zero time, in the year 1, means never.
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
