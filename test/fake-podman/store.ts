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

// The folder in which this podman keeps what it has, so that several of them at once agree about it:
//   settings.json    what the test says beforehand
//   state.json       what podman has
//   commands.jsonl   what was run
//   volumes/         the contents of volumes
//   lock             there while somebody is looking at state.json or changing it

const LOCK_MILLISECONDS = 20_000;

export function readSettings(folder: string): Settings {
  return JSON.parse(readText(`${folder}/settings.json`) ?? '{}') as Settings;
}

/**
 * Hands the state to an action, and keeps what the action makes of it, also where it fails. Nobody else sees
 * or changes it in the meantime; so the action must not wait.
 */
export function withState<T>(folder: string, action: (state: State) => T): T {
  lock(folder);
  try {
    const before = readText(`${folder}/state.json`);
    const state =
      before === undefined ? emptyState(readSettings(folder).images) : (JSON.parse(before) as State);
    try {
      return action(state);
    } finally {
      const after = JSON.stringify(state);
      if (after !== before) {
        // Whoever is killed here leaves the old state or the new, and never half of one.
        writeFileSync(`${folder}/state.json.${process.pid}`, after);
        renameSync(`${folder}/state.json.${process.pid}`, `${folder}/state.json`);
      }
    }
  } finally {
    unlinkSync(`${folder}/lock`);
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
    }
  | { readonly pid: number; readonly end: number; readonly exitCode: number };

export function appendToLog(folder: string, entry: LogEntry): void {
  appendFileSync(`${folder}/commands.jsonl`, `${JSON.stringify(entry)}\n`);
}

function lock(folder: string): void {
  const deadline = Date.now() + LOCK_MILLISECONDS;
  // It says whose it is from its first moment on, also if that one is killed in the next.
  const claim = `${folder}/lock.${process.pid}`;
  writeFileSync(claim, process.pid.toString());
  try {
    for (;;) {
      try {
        linkSync(claim, `${folder}/lock`);
        return;
      } catch (error) {
        if (codeOf(error) !== 'EEXIST') throw error;
      }
      if (holderIsDead(folder)) steal(folder);
      if (Date.now() > deadline) throw new Error(`${folder}/lock is not given back`);
      pause(2);
    }
  } finally {
    unlinkSync(claim);
  }
}

function holderIsDead(folder: string): boolean {
  const holder = readText(`${folder}/lock`);
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
function steal(folder: string): void {
  try {
    closeSync(openSync(`${folder}/lock.stolen`, 'wx'));
  } catch {
    return;
  }
  if (holderIsDead(folder)) unlinkSync(`${folder}/lock`);
  unlinkSync(`${folder}/lock.stolen`);
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
