import { LABEL } from '../labels.ts';
import { secretName } from '../names.ts';
import type { CreateSecret } from '../operation.ts';
import type { Command } from './argument.ts';
import { labelFlags } from './labels.ts';

/**
 * `podman secret create`: the value comes from standard input. podman 4.3 takes it from a pipe of the shell's only, and
 * from no file and no socket, which is what a program is given by node.
 */
export function createSecretCommand(operation: CreateSecret, podman: string): Command {
  const { project, pod, container, variable, fingerprint } = operation;
  return {
    program: 'sh',
    args: [
      '-c',
      'cat | "$0" "$@"',
      podman,
      'secret',
      'create',
      ...labelFlags({ [LABEL.project]: project, [LABEL.pod]: pod, [LABEL.role]: 'secret' }),
      secretName(project, pod, fingerprint),
      '-',
    ],
    input: { fingerprint, variable: inputVariable(pod, container, variable) },
  };
}

/** The environment variable that names the file with the value, where the command is pasted into a shell. */
function inputVariable(...words: readonly string[]): string {
  return ['SECRET', ...words]
    .join('_')
    .toUpperCase()
    .replace(/[^A-Z0-9_]/g, '_');
}
