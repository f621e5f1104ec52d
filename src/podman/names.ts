import { digest } from '../base/digest.ts';
import type { DesiredContainer, DesiredPod } from '../kube/spec/desired.ts';
import type { ClaimSource } from '../kube/spec/desired-volume.ts';
import type { DesiredService } from '../kube/spec/desired-service.ts';

/** podman's name of a container of a pod. Validation of the whole set rejects duplicates. */
export function containerName(
  pod: Pick<DesiredPod, 'name'>,
  container: Pick<DesiredContainer, 'name'>,
): string {
  return `${pod.name}-${container.name}`;
}

/**
 * podman's temporary name of a container that will replace the one of the final name. Kubernetes names have no
 * underscore, so it is unique.
 */
export function replacementName(
  pod: Pick<DesiredPod, 'name'>,
  container: Pick<DesiredContainer, 'name'>,
): string {
  return `${containerName(pod, container)}_new`;
}

/** podman's name of the record container of an updated container. */
export function containerRecordName(
  pod: Pick<DesiredPod, 'name'>,
  container: Pick<DesiredContainer, 'name'>,
): string {
  return `${containerName(pod, container)}_updated`;
}

/**
 * podman's name of the record container for the file volumes of a pod. Until the files are written, it includes the
 * fingerprint of the record, which marks the volumes as tainted.
 */
export function filesRecordName(pod: Pick<DesiredPod, 'name'>, fingerprint?: string): string {
  return `${pod.name}_files${fingerprint === undefined ? '' : `_${fingerprint}`}`;
}

/** podman's name of the record container for the list of a pod's containers. */
export function listRecordName(pod: Pick<DesiredPod, 'name'>): string {
  return `${pod.name}_containers`;
}

/** Whether podpose gives this name to a container with these labels. */
export function isNameOf(
  podmanName: string,
  { pod, name }: { readonly pod: string; readonly name?: string },
): boolean {
  if (name === undefined) {
    const note = filesRecordName({ name: pod });
    const isOfFiles = podmanName === note || podmanName.startsWith(`${note}_`);
    return isOfFiles || podmanName === listRecordName({ name: pod });
  }
  return [containerName, replacementName, containerRecordName].some(
    (nameOf) => nameOf({ name: pod }, { name }) === podmanName,
  );
}

/** podman's name of a volume of a pod, which is removed with the pod. */
export function podVolumeName(pod: Pick<DesiredPod, 'name'>, volume: { readonly name: string }): string {
  return `${pod.name}-${volume.name}`;
}

/** podman's name of a PersistentVolumeClaim's volume. All pods with the claim share it. */
export function claimVolumeName({ claimName }: Pick<ClaimSource, 'claimName'>): string {
  return claimName;
}

/** podman's name of the pod of a Service. */
export function serviceName({ name }: Pick<DesiredService, 'name'>): string {
  return `${name}-svc`;
}

/** podman's name of the record container of a Service that was updated in place. */
export function serviceRecordName(service: Pick<DesiredService, 'name'>): string {
  return `${serviceName(service)}_updated`;
}

/** podman's name of the record container of a headless Service. Several projects may have one of the same name. */
export function headlessRecordName(project: string, service: Pick<DesiredService, 'name'>): string {
  return `${networkName(project)}_${serviceName(service)}`;
}

/** podman's name of the record container of a Job. */
export function jobRecordName(job: string): string {
  return `${job}_job`;
}

/** podman's name of the record container of a CronJob. */
export function cronJobRecordName(cronJob: string): string {
  return `${cronJob}_cronjob`;
}

/** podman's name of the network of a project. */
export function networkName(project: string): string {
  return `podpose-${project}`;
}

const SECRET_PREFIX = 'podpose-';

/**
 * The prefix of all podman secrets of a pod. It is a digest: the name of a secret has at most 64 characters, less than
 * a pod's name can have.
 */
export function podSecretPrefix(project: string, pod: string): string {
  return `${SECRET_PREFIX}${digest(`${project}/${pod}`).slice(-12)}-`;
}

/** podman's name of a secret of a pod. It depends on the value: running containers keep their old secret. */
export function secretName(project: string, pod: string, fingerprint: string): string {
  return podSecretPrefix(project, pod) + fingerprint.slice(-24);
}
