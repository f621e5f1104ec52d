// podman unshare and exec: really run a program. It needs no user namespace, as all files belong to the test.
import { spawnSync } from 'node:child_process';
import { basename } from 'node:path';
import { runCommand } from './commands.ts';
import { PodmanError } from './errors.ts';
import type { Input, Model, Running } from './model.ts';
import { containerNamed } from './state.ts';
import { flag } from './values.ts';

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

/** The program of this machine in place of that of the container. */
export function exec({ state }: Model, { values, words }: Input): number {
  const [name = '', program = '', ...args] = words;
  if (containerNamed(state, name).state !== 'running')
    throw new PodmanError(
      'can only create exec sessions on running containers: container state improper',
      255,
    );
  const stdin = flag(values, 'interactive') ? 'inherit' : 'ignore';
  const { status, error } = spawnSync(program, args, { stdio: [stdin, 'inherit', 'inherit'] });
  if (error !== undefined)
    throw new PodmanError(
      `crun: executable file \`${program}\` not found in $PATH: No such file or directory: OCI runtime attempted to invoke a command that was not found`,
      127,
    );
  return status ?? 1;
}
