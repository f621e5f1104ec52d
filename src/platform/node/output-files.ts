import { closeSync, fstatSync, mkdtempSync, openSync, readSync, rmSync } from 'node:fs';
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
  const directory = mkdtempSync(join(place, 'podpose-'));
  try {
    const open = (name: string) => openSync(join(directory, name), 'ax+', 0o600);
    return { stdout: open('stdout'), stderr: open('stderr') };
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
