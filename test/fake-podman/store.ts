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

// The state directory, shared by all processes of a fake podman:
//   settings.json    the settings of the test
//   state.json       podman's state
//   commands.jsonl   the commands and requests
//   services.jsonl   the service processes
//   volumes/         the contents of volumes
//   lock             exists while a process reads or changes state.json

const LOCK_MILLISECONDS = 20_000;

export function readSettings(directory: string): Settings {
  return JSON.parse(readText(`${directory}/settings.json`) ?? '{}') as Settings;
}

/**
 * Passes the state to an action and saves the result, even if the action fails. No other process reads or changes it in
 * the meantime, so that the action must not wait.
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
        // A process that is killed here leaves either the old or the new state.
        writeFileSync(`${directory}/state.json.${process.pid}`, after);
        renameSync(`${directory}/state.json.${process.pid}`, `${directory}/state.json`);
      }
    }
  } finally {
    unlinkSync(`${directory}/lock`);
  }
}

/** A line of `commands.jsonl`: the start or the end of a command. */
export type LogEntry =
  | {
      readonly pid: number;
      readonly at: number;
      readonly argv: readonly string[];
      readonly mutates: boolean;
      readonly connection?: string;
      /** The number of a request to a service; absent for a command. */
      readonly request?: number;
      /** The request: `GET /containers/json`. */
      readonly asked?: string;
    }
  | { readonly pid: number; readonly request?: number; readonly end: number; readonly exitCode: number };

export function appendToLog(directory: string, entry: LogEntry): void {
  appendFileSync(`${directory}/commands.jsonl`, `${JSON.stringify(entry)}\n`);
}

/** A line of `services.jsonl`: a service process. */
export interface ServiceEntry {
  readonly pid: number;
  readonly argv: readonly string[];
}

export function appendToServices(directory: string, entry: ServiceEntry): void {
  appendFileSync(`${directory}/services.jsonl`, `${JSON.stringify(entry)}\n`);
}

function lock(directory: string): void {
  const deadline = Date.now() + LOCK_MILLISECONDS;
  // It identifies its owner from the beginning, even if the owner is killed next.
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
  // Released at this moment.
  if (holder === undefined) return false;
  try {
    process.kill(Number(holder), 0);
    return false;
  } catch (error) {
    return codeOf(error) === 'ESRCH';
  }
}

/** Of several processes that see a dead holder, one removes the lock, and none removes a new one. */
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
