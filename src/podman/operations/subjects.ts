import type { ContainerRole } from '../../kube/spec/desired.ts';

/* The one notation for what changes and steps are about. */

export function podSubject(pod: string): string {
  return `pod/${pod}`;
}

export function containerSubject(pod: string, name: string, role: ContainerRole = 'container'): string {
  return `pod/${pod} ${role}/${name}`;
}

export function volumeSubject(pod: string, name: string): string {
  return `pod/${pod} volume/${name}`;
}

export function claimSubject(name: string): string {
  return `volume/${name}`;
}

export function isContainerSubject(subject = ''): boolean {
  return subject.includes(' ');
}

export function isClaimSubject(subject = ''): boolean {
  return subject.startsWith('volume/');
}

/** What a pod has several of: `pod/web volumes`. Without the pod, podman's names. */
export function partsSubject(what: string, names: readonly string[], pod = names.join(', ')): string {
  return pod.startsWith('pod/') ? `${pod} ${what}` : pod;
}

/**
 * Containers that are removed with nothing in their place: by their names in the manifest, or as leftovers of an
 * interrupted run, whose names are podpose's own.
 */
export function removedContainersSubject(names: readonly string[], cause?: string): string {
  const pod = /^pod\/(\S+)$/.exec(cause ?? '')?.[1];
  return pod !== undefined && names.every((name) => name.startsWith(`${pod}-`) && !name.includes('_'))
    ? containersSubject(pod, names)
    : partsSubject('leftover containers', names, cause);
}

/** @param names podman's names of them */
export function containersSubject(pod: string, names: readonly string[]): string {
  const inPod = names.map((name) => (name.startsWith(`${pod}-`) ? name.slice(pod.length + 1) : name));
  return `${podSubject(pod)} ${inPod.map((name) => `container/${name}`).join(', ')}`;
}
