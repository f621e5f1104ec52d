import { closeSync, fstatSync, mkdtempSync, openSync, readSync, rmSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import type { Environment } from '../environment.ts';

/** Descriptors of unlinked files: the files vanish when the last process that has them open ends. */
export interface OutputFiles {
  readonly stdout: number;
  readonly stderr: number;
}

/** Files for the output of a program, readable by this user only; undefined if no directory is usable. */
export function openOutputs(env: Environment): OutputFiles | undefined {
  for (const place of [env['XDG_RUNTIME_DIR'], env['TMPDIR'], '/tmp'])
    try {
      if (place !== undefined && place !== '') return openNameless(place);
    } catch {
      // Try the next directory.
    }
  return undefined;
}

function openNameless(place: string): OutputFiles {
  return inNewDirectory(place, (directory) => ({
    stdout: openNew(join(directory, 'stdout'), 'ax+'),
    stderr: openNew(join(directory, 'stderr'), 'ax+'),
  }));
}

/**
 * An in-memory file with the input of a program, readable by this user only; undefined if no directory is usable.
 * Unlike a pipe, it is always complete, even if podpose is killed: no half script runs, and no half secret is stored.
 */
export function openInput(env: Environment, input: Uint8Array): number | undefined {
  for (const place of [env['XDG_RUNTIME_DIR'], '/dev/shm'])
    try {
      if (place !== undefined && place !== '')
        return inNewDirectory(place, (directory) =>
          writeAll(openNew(join(directory, 'stdin'), 'wx+'), input),
        );
    } catch {
      // Try the next directory.
    }
  return undefined;
}

/** Writes the bytes and seeks back to the beginning. */
function writeAll(file: number, bytes: Uint8Array): number {
  try {
    for (let at = 0; at < bytes.length;) at += writeSync(file, bytes, at, bytes.length - at, at);
    return file;
  } catch (error) {
    closeSync(file);
    throw error;
  }
}

function openNew(path: string, flags: 'ax+' | 'wx+'): number {
  return openSync(path, flags, 0o600);
}

/** Opens files in a temporary directory, which is removed as soon as they are open. */
function inNewDirectory<T>(place: string, open: (directory: string) => T): T {
  const directory = mkdtempSync(join(place, 'podpose-'));
  try {
    return open(directory);
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
}

/** The number of bytes that a program has printed so far. */
export function outputSize({ stdout, stderr }: OutputFiles): number {
  return fstatSync(stdout).size + fstatSync(stderr).size;
}

/** The output of a program, up to the given number of bytes from the beginning. */
export function readOutput(file: number, bytes: number): Buffer {
  const text = Buffer.alloc(Math.min(fstatSync(file).size, bytes));
  let length = 0;
  for (let read = -1; read !== 0 && length < text.length; length += read)
    read = readSync(file, text, length, text.length - length, length);
  return text.subarray(0, length);
}

export function closeOutputs({ stdout, stderr }: OutputFiles): void {
  closeSync(stdout);
  closeSync(stderr);
}

export function closeFile(file: number): void {
  closeSync(file);
}
