import type { ContainerSecret, SecretUse } from '../../kube/spec/container-secrets.ts';
import type { ContainerRole } from '../../kube/spec/desired.ts';
import { LABEL } from '../labels.ts';
import { secretName } from '../names.ts';
import { podmanWith, type Command } from './argument.ts';
import type { Definitions } from './definition.ts';
import { secretVariable } from './input.ts';
import { labelFlags } from './labels.ts';
import { containerSubject, nounFor, partsSubject } from './subjects.ts';

export type SecretOperation = CreateSecret | RemoveSecrets;

/** Creates a podman secret, which containers of a pod read as a variable. */
export type CreateSecret = ContainerSecret & {
  readonly kind: 'create-secret';
  readonly project: string;
  readonly pod: string;
  readonly container: string;
  readonly role: ContainerRole;
};

export interface RemoveSecrets {
  readonly kind: 'remove-secrets';
  /** podman's names. */
  readonly secrets: readonly string[];
}

export const SECRET_OPERATIONS: Definitions<SecretOperation> = {
  'create-secret': {
    command: (operation, _capabilities, podman) => createSecretCommand(operation, podman),
    describe: (operation) => `create the podman secret for ${holds(operation)}`,
    words: ({ pod, container, role }) => ({
      subject: containerSubject(pod, container, role),
      doing: 'creating a podman secret',
      done: 'podman secret created',
      isInternal: true,
    }),
    target: ({ pod }) => ({ pod }),
  },
  'remove-secrets': {
    command: ({ secrets }) => podmanWith(['secret', 'rm', ...secrets]),
    describe: ({ secrets }) => `remove ${nounFor('podman secret', secrets)}`,
    words: ({ secrets }, cause) => ({
      subject: partsSubject('secrets', secrets, cause),
      doing: 'removing',
      done: 'removed',
    }),
    target: () => ({}),
  },
};

/**
 * `podman secret create`. The value comes from standard input. podman 4.3 reads it only from a pipe of the shell, not
 * from a file, and not from the socket that node provides.
 */
function createSecretCommand(operation: CreateSecret, podman: string): Command {
  const { project, pod, container, fingerprint } = operation;
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
      variable: secretVariable(pod, container, ...nameOf(operation)),
      holds: holds(operation),
    },
  };
}

function nameOf(use: SecretUse): readonly string[] {
  return 'variable' in use ? [use.variable] : [use.field, use.index.toString()];
}

function holds(operation: CreateSecret): string {
  const { pod, container, role } = operation;
  const use =
    'variable' in operation ? `variable ${operation.variable}` : `${operation.field}[${operation.index}]`;
  return `${use} of ${containerSubject(pod, container, role)}`;
}
