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
export interface CreateSecret {
  readonly kind: 'create-secret';
  readonly project: string;
  readonly pod: string;
  readonly container: string;
  readonly role: ContainerRole;
  /** One of the variables with this secret. */
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
    command: createSecretCommand,
    describe: ({ pod, container, role, variable }) =>
      `create the podman secret for variable ${variable} of ${containerSubject(pod, container, role)}`,
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
  const { project, pod, container, variable, fingerprint } = operation;
  const name = secretName(project, pod, fingerprint);
  const labels = { [LABEL.project]: project, [LABEL.pod]: pod, [LABEL.role]: 'secret' };
  const args = ['-c', 'cat | "$0" "$@"', podman, 'secret', 'create', ...labelFlags(labels), name, '-'];
  const command: Command = {
    program: 'sh',
    args,
    input: {
      kind: 'secret',
      fingerprint,
      variable: secretVariable(pod, container, variable),
      holds: `variable ${variable} of ${containerSubject(pod, container, operation.role)}`,
    },
  };
  return withRequests(command, capabilities, (_valueOf, value) => [
    [createSecretChange(name, labels, value, args)],
  ]);
}
