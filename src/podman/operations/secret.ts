import { LABEL } from '../labels.ts';
import { secretName } from '../names.ts';
import { podmanWith, type Command } from './argument.ts';
import type { Definitions } from './definition.ts';
import { secretVariable } from './input.ts';
import { labelFlags } from './labels.ts';
import { containerSubject, partsSubject } from './subjects.ts';

export type SecretOperation = CreateSecret | RemoveSecrets;

/** Hands a secret value to podman, which gives it to the containers of a pod as a variable. */
export interface CreateSecret {
  readonly kind: 'create-secret';
  readonly project: string;
  readonly pod: string;
  readonly container: string;
  /** The variable that it is for, or one of them. */
  readonly variable: string;
  readonly fingerprint: string;
}

export interface RemoveSecrets {
  readonly kind: 'remove-secrets';
  /** podman's names. */
  readonly secrets: readonly string[];
}

export const SECRET_OPERATIONS: Definitions<SecretOperation> = {
  'create-secret': {
    command: (operation, _capabilities, podman) => createSecretCommand(operation, podman),
    describe: ({ pod, container, variable }) =>
      `create the podman secret for variable ${variable} of container ${container} of pod ${pod}`,
    words: ({ pod, container }) => ({
      subject: containerSubject(pod, container),
      doing: 'creating a podman secret',
      done: 'podman secret created',
      isPlumbing: true,
    }),
    target: ({ pod }) => ({ pod }),
  },
  'remove-secrets': {
    command: ({ secrets }) => podmanWith(['secret', 'rm', ...secrets]),
    describe: ({ secrets }) => `remove the podman secrets ${secrets.join(', ')}`,
    words: ({ secrets }, cause) => ({
      subject: partsSubject('secrets', secrets, cause),
      doing: 'removing',
      done: 'removed',
    }),
    target: () => ({}),
  },
};

/**
 * `podman secret create`: the value comes from standard input. podman 4.3 takes it from a pipe of the shell's only, and
 * from no file and no socket, which is what a program is given by node.
 */
function createSecretCommand(operation: CreateSecret, podman: string): Command {
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
    input: {
      kind: 'secret',
      fingerprint,
      variable: secretVariable(pod, container, variable),
      holds: `variable ${variable} of ${containerSubject(pod, container)}`,
    },
  };
}
