import type { ContainerSecret, SecretUse } from '../../kube/spec/container-secrets.ts';
import type { ContainerRole } from '../../kube/spec/desired.ts';
import { LABEL } from '../labels.ts';
import { secretName } from '../names.ts';
import type { PodmanCapabilities } from '../inspect/version.ts';
import { podmanWith, type Command } from './argument.ts';
import { withRequests } from './requests/requests.ts';
import { createSecretChange, removeSecretChange } from './requests/storage.ts';
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
    command: createSecretCommand,
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
    command: ({ secrets }, capabilities) =>
      withRequests(podmanWith(['secret', 'rm', ...secrets]), capabilities, () => [
        secrets.map(removeSecretChange),
      ]),
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
function createSecretCommand(
  operation: CreateSecret,
  capabilities: PodmanCapabilities,
  podman: string,
): Command {
  const { project, pod, container, fingerprint } = operation;
  const name = secretName(project, pod, fingerprint);
  const labels = { [LABEL.project]: project, [LABEL.pod]: pod, [LABEL.role]: 'secret' };
  const args = ['-c', 'cat | "$0" "$@"', podman, 'secret', 'create', ...labelFlags(labels), name, '-'];
  const command: Command = {
    program: 'sh',
    args,
    input: {
      kind: 'secret',
      fingerprint,
      variable: secretVariable(pod, container, ...nameOf(operation)),
      holds: holds(operation),
    },
  };
  return withRequests(command, capabilities, (_valueOf, value) => [
    [createSecretChange(name, labels, value, args)],
  ]);
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
