// podman unshare: really runs a program. It needs no user namespace, as all files belong to the test.
import { spawnSync } from 'node:child_process';
import { basename } from 'node:path';
import { runCommand } from './commands.ts';
import { PodmanError } from './errors.ts';
import { flag } from './values.ts';
import type { Input, Model, Running } from './model.ts';

export function* unshare(model: Model, { values, words }: Input): Running {
  const [program, ...args] = words;
  if (program === undefined) return 0;
  // There is no network namespace: nothing of the machine must be changed.
  if (flag(values, 'rootless-netns') && program !== 'cat') return 0;
  // A podman inside uses the same state.
  if (basename(program) === 'podman') return yield* runCommand({ ...model, isUnshared: true }, args);
  if (model.directory === undefined) return 0;
  const { status, error } = spawnSync(program, args, { stdio: 'inherit' });
  if (error !== undefined)
    throw new PodmanError(`exec: "${program}": executable file not found in $PATH`, 127);
  return status ?? 1;
}
