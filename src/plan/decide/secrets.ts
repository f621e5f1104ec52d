import { SECRET_MARK } from '../../base/digest.ts';
import { secretsIn } from '../../kube/spec/container-secrets.ts';
import type { DesiredPod } from '../../kube/spec/desired.ts';
import { LABEL } from '../../podman/labels.ts';
import { podSecretPrefix, secretName } from '../../podman/names.ts';
import type { ObservedContainer } from '../../podman/inspect/observed.ts';

/** Whether pods have or had secrets in variables or commands. Otherwise podman's secrets are not queried. */
export function mayHaveSecrets(
  pods: readonly DesiredPod[],
  containers: readonly ObservedContainer[],
): boolean {
  return (
    pods.some((pod) =>
      [...pod.initContainers, ...pod.containers].some((container) => secretsIn(container).length > 0),
    ) ||
    containers.some(
      ({ owner, labels }) => owner !== undefined && (labels[LABEL.spec] ?? '').includes(SECRET_MARK),
    )
  );
}

/** Names of podman's secrets that belong to a pod. */
export function secretsOf(project: string, pod: string, secrets: readonly string[]): readonly string[] {
  if (secrets.length === 0) return [];
  const prefix = podSecretPrefix(project, pod);
  return secrets.filter((name) => name.startsWith(prefix));
}

/** Names of a pod's secrets that no container of the manifest uses. */
export function removedSecretsOf(
  project: string,
  pod: DesiredPod,
  secrets: readonly string[],
): readonly string[] {
  if (secrets.length === 0) return [];
  const wanted = new Set(
    [...pod.initContainers, ...pod.containers]
      .flatMap(secretsIn)
      .map(({ fingerprint }) => secretName(project, pod.name, fingerprint)),
  );
  return secrets.filter((name) => !wanted.has(name));
}
