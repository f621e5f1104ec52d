import { digest } from '../base/digest.ts';
import type { ClaimSource, DesiredContainer, DesiredPod } from '../kube/spec/desired.ts';

/** What podman calls a container of a pod. A test of the whole set makes sure that no two are the same. */
export function containerName(
  pod: Pick<DesiredPod, 'name'>,
  container: Pick<DesiredContainer, 'name'>,
): string {
  return `${pod.name}-${container.name}`;
}

/**
 * What podman calls a container while it waits to take the place of the one with that name. No name of
 * Kubernetes' has an underscore, so it can be nothing else.
 */
export function replacementName(
  pod: Pick<DesiredPod, 'name'>,
  container: Pick<DesiredContainer, 'name'>,
): string {
  return `${containerName(pod, container)}_new`;
}

/** What podman calls the note on a container that was updated. */
export function containerRecordName(
  pod: Pick<DesiredPod, 'name'>,
  container: Pick<DesiredContainer, 'name'>,
): string {
  return `${containerName(pod, container)}_updated`;
}

/**
 * What podman calls the note on what the volumes of a pod hold. Until the files are written it has the fingerprint of
 * what it says in its name, and what they hold is in doubt.
 */
export function filesRecordName(pod: Pick<DesiredPod, 'name'>, fingerprint?: string): string {
  return `${pod.name}_files${fingerprint === undefined ? '' : `_${fingerprint}`}`;
}

/** Whether podman calls a container so that is what these labels say, of a podpose that has given it its name. */
export function isNameOf(
  podmanName: string,
  { pod, name }: { readonly pod: string; readonly name?: string },
): boolean {
  if (name === undefined) {
    const note = filesRecordName({ name: pod });
    return podmanName === note || podmanName.startsWith(`${note}_`);
  }
  return [containerName, replacementName, containerRecordName].some(
    (nameOf) => nameOf({ name: pod }, { name }) === podmanName,
  );
}

/** What podman calls a volume that was made for one pod and goes with it. */
export function podVolumeName(pod: Pick<DesiredPod, 'name'>, volume: { readonly name: string }): string {
  return `${pod.name}-${volume.name}`;
}

/** What podman calls the volume of a claim: all pods that name the claim share it. */
export function claimVolumeName({ claimName }: Pick<ClaimSource, 'claimName'>): string {
  return claimName;
}

const SECRET_PREFIX = 'podpose-';

/**
 * What the names of all podman secrets of a pod begin with. A secret's name has 64 characters at most, which is less
 * than a pod's, and so it is in there by a digest.
 */
export function podSecretPrefix(project: string, pod: string): string {
  return `${SECRET_PREFIX}${digest(`${project}/${pod}`).slice(-12)}-`;
}

/** What podman calls a secret of a pod. Another value has another name: what runs keeps its own. */
export function secretName(project: string, pod: string, fingerprint: string): string {
  return podSecretPrefix(project, pod) + fingerprint.slice(-24);
}
