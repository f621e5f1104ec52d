import type { ContainerRole } from '../../kube/spec/desired.ts';

/* The notation of objects in plans, progress and errors. */

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

export function serviceSubject(name: string): string {
  return `svc/${name}`;
}

/** podman's name of the network. */
export function networkSubject(name: string): string {
  return `network/${name}`;
}

export function isContainerSubject(subject = ''): boolean {
  return subject.includes(' ');
}

export function isClaimSubject(subject = ''): boolean {
  return subject.startsWith('volume/');
}

/** Several objects of a pod: `pod/web volumes`. Without a pod, podman's names. */
export function partsSubject(what: string, names: readonly string[], pod = names.join(', ')): string {
  return pod.startsWith('pod/') ? `${pod} ${what}` : pod;
}

/**
 * Containers that are removed without a replacement: by their names in the manifest, or as the leftovers of an
 * interrupted run, whose names are podpose's own.
 */
export function removedContainersSubject(names: readonly string[], cause?: string): string {
  const pod = /^pod\/(\S+)$/.exec(cause ?? '')?.[1];
  return pod !== undefined && names.every((name) => name.startsWith(`${pod}-`) && !name.includes('_'))
    ? containersSubject(pod, names)
    : partsSubject('leftover containers', names, cause);
}

/**
 * Containers, and the sidecars after them.
 * @param names podman's names, as those of the sidecars
 */
export function containersSubject(
  pod: string,
  names: readonly string[],
  sidecars: readonly string[] = [],
): string {
  const words = [
    ...names.map((name) => `container/${nameInPod(pod, name)}`),
    ...sidecars.map((name) => `init/${nameInPod(pod, name)}`),
  ];
  return `${podSubject(pod)} ${words.join(', ')}`;
}

/** The name of a container in the manifest, of podman's name. The leftovers of an interrupted run keep theirs. */
export function nameInPod(pod: string, name: string): string {
  return name.startsWith(`${pod}-`) ? name.slice(pod.length + 1) : name;
}

/** `volume web-data`, `volumes web-data, web-logs`: objects by podman's names. */
export function nounFor(noun: string, names: readonly string[]): string {
  return `${noun}${names.length === 1 ? '' : 's'} ${names.join(', ')}`;
}
