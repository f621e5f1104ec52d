import { LABEL } from '../labels.ts';
import { secretName } from '../names.ts';
import type { CreateSecret } from './operation.ts';
import type { Command } from './argument.ts';
import { secretVariable } from './input.ts';
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
    input: { kind: 'secret', fingerprint, variable: secretVariable(pod, container, variable) },
  };
}
