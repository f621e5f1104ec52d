import { closeSync, fstatSync, mkdtempSync, openSync, readSync, rmSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import type { Environment } from '../environment.ts';

/** Descriptors of files that have no name any more: they go with the last process that has them open. */
export interface OutputFiles {
  readonly stdout: number;
  readonly stderr: number;
}

/** Files for what a program prints, for this user alone; undefined where there is no directory for them. */
export function openOutputs(env: Environment): OutputFiles | undefined {
  for (const place of [env['XDG_RUNTIME_DIR'], env['TMPDIR'], '/tmp'])
    try {
      if (place !== undefined && place !== '') return openNameless(place);
    } catch {
      // The next one, then.
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
 * A file with what a program is to read, for this user alone and in memory; undefined where there is no directory for it.
 * Unlike a pipe it is whole whenever podpose is killed: half a script would be run, and half a secret stored.
 */
export function openInput(env: Environment, input: Uint8Array): number | undefined {
  for (const place of [env['XDG_RUNTIME_DIR'], '/dev/shm'])
    try {
      if (place !== undefined && place !== '')
        return inNewDirectory(place, (directory) =>
          writeAll(openNew(join(directory, 'stdin'), 'wx+'), input),
        );
    } catch {
      // The next one, then.
    }
  return undefined;
}

/** Gives the file with its offset at the beginning. */
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

/** Opens files in a directory that is gone when they are open. */
function inNewDirectory<T>(place: string, open: (directory: string) => T): T {
  const directory = mkdtempSync(join(place, 'podpose-'));
  try {
    return open(directory);
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
}

/** How much a program has printed so far, in bytes. */
export function outputSize({ stdout, stderr }: OutputFiles): number {
  return fstatSync(stdout).size + fstatSync(stderr).size;
}

/** What a program has printed, up to so many bytes of its beginning. */
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
