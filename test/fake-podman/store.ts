import {
  appendFileSync,
  closeSync,
  linkSync,
  openSync,
  readFileSync,
  renameSync,
  unlinkSync,
  writeFileSync,
} from 'node:fs';
import type { Settings, State } from './model.ts';
import { emptyState } from './state.ts';

// The directory in which this podman keeps what it has, so that several of them at once agree about it:
//   settings.json    what the test says beforehand
//   state.json       what podman has
//   commands.jsonl   what was run, and what was requested
//   services.jsonl   the processes that have served
//   volumes/         the contents of volumes
//   lock             there while somebody is looking at state.json or changing it

const LOCK_MILLISECONDS = 20_000;

export function readSettings(directory: string): Settings {
  return JSON.parse(readText(`${directory}/settings.json`) ?? '{}') as Settings;
}

/**
 * Hands the state to an action, and keeps what the action makes of it, also where it fails. Nobody else sees
 * or changes it in the meantime; so the action must not wait.
 */
export function withState<T>(directory: string, action: (state: State) => T): T {
  lock(directory);
  try {
    const before = readText(`${directory}/state.json`);
    const state =
      before === undefined ? emptyState(readSettings(directory).images) : (JSON.parse(before) as State);
    try {
      return action(state);
    } finally {
      const after = JSON.stringify(state);
      if (after !== before) {
        // Whoever is killed here leaves the old state or the new, and never half of one.
        writeFileSync(`${directory}/state.json.${process.pid}`, after);
        renameSync(`${directory}/state.json.${process.pid}`, `${directory}/state.json`);
      }
    }
  } finally {
    unlinkSync(`${directory}/lock`);
  }
}

/** A line of `commands.jsonl`: the begin of a command, or its end. */
export type LogEntry =
  | {
      readonly pid: number;
      readonly at: number;
      readonly argv: readonly string[];
      readonly mutates: boolean;
      readonly connection?: string;
      /** The number of a request among those of one service; absent for a command. */
      readonly request?: number;
      /** The request itself, as in `GET /containers/json`. */
      readonly asked?: string;
    }
  | { readonly pid: number; readonly request?: number; readonly end: number; readonly exitCode: number };

export function appendToLog(directory: string, entry: LogEntry): void {
  appendFileSync(`${directory}/commands.jsonl`, `${JSON.stringify(entry)}\n`);
}

/** A line of `services.jsonl`: a process that serves. */
export interface ServiceEntry {
  readonly pid: number;
  readonly argv: readonly string[];
}

export function appendToServices(directory: string, entry: ServiceEntry): void {
  appendFileSync(`${directory}/services.jsonl`, `${JSON.stringify(entry)}\n`);
}

function lock(directory: string): void {
  const deadline = Date.now() + LOCK_MILLISECONDS;
  // It says whose it is from its first moment on, also if that one is killed in the next.
  const claim = `${directory}/lock.${process.pid}`;
  writeFileSync(claim, process.pid.toString());
  try {
    for (;;) {
      try {
        linkSync(claim, `${directory}/lock`);
        return;
      } catch (error) {
        if (codeOf(error) !== 'EEXIST') throw error;
      }
      if (holderIsDead(directory)) steal(directory);
      if (Date.now() > deadline) throw new Error(`${directory}/lock is not given back`);
      pause(2);
    }
  } finally {
    unlinkSync(claim);
  }
}

function holderIsDead(directory: string): boolean {
  const holder = readText(`${directory}/lock`);
  // Given back in this moment.
  if (holder === undefined) return false;
  try {
    process.kill(Number(holder), 0);
    return false;
  } catch (error) {
    return codeOf(error) === 'ESRCH';
  }
}

/** Of several who see that the holder is dead, one takes its lock away, and none takes away a new one. */
function steal(directory: string): void {
  try {
    closeSync(openSync(`${directory}/lock.stolen`, 'wx'));
  } catch {
    return;
  }
  if (holderIsDead(directory)) unlinkSync(`${directory}/lock`);
  unlinkSync(`${directory}/lock.stolen`);
}

function pause(milliseconds: number): void {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, milliseconds);
}

function readText(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return undefined;
    throw error;
  }
}

function codeOf(error: unknown): unknown {
  return error instanceof Error && 'code' in error ? error.code : undefined;
}
