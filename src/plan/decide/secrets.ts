import { SECRET_MARK } from '../../base/digest.ts';
import type { DesiredPod } from '../../kube/spec/desired.ts';
import { LABEL } from '../../podman/labels.ts';
import { podSecretPrefix, secretName } from '../../podman/names.ts';
import type { ObservedContainer } from '../../podman/inspect/observed.ts';

/** Whether pods have or had variables of Secrets. Otherwise podman's secrets are not queried. */
export function mayHaveSecrets(
  pods: readonly DesiredPod[],
  containers: readonly ObservedContainer[],
): boolean {
  return (
    pods.some((pod) =>
      [...pod.initContainers, ...pod.containers].some(({ env }) =>
        env.some((variable) => 'secret' in variable),
      ),
    ) ||
    containers.some(
      ({ owner, labels }) => owner !== undefined && (labels[LABEL.spec] ?? '').includes(SECRET_MARK),
    )
  );
}

/** Names of podman's secrets that belong to a pod. */
export function secretsOf(project: string, pod: string, secrets: readonly string[]): readonly string[] {
  const prefix = podSecretPrefix(project, pod);
  return secrets.filter((name) => name.startsWith(prefix));
}

/** Names of a pod's secrets that no container of the manifest uses. */
export function removedSecretsOf(
  project: string,
  pod: DesiredPod,
  secrets: readonly string[],
): readonly string[] {
  const wanted = new Set(
    [...pod.initContainers, ...pod.containers].flatMap(({ env }) =>
      env.flatMap((variable) =>
        'secret' in variable ? [secretName(project, pod.name, variable.secret)] : [],
      ),
    ),
  );
  return secrets.filter((name) => !wanted.has(name));
}
