import type { Json } from '../../base/stable-json.ts';

/**
 * Fields of a container as in its manifest, where its settings have less: the origin of values, names of ports, pull
 * policies. They are recorded to show a running pod as a manifest. A change of them alone changes no container.
 */
export type DeclaredFields = Readonly<Record<string, Json>>;

/** The member with the volumes that the container mounts. */
export const DECLARED_VOLUMES = 'volumes';

/** The member with the imagePullSecrets of the pod. */
export const DECLARED_PULL_SECRETS = 'imagePullSecrets';

/** The member with the path of the seccomp profile, relative to the manifest. */
export const DECLARED_PROFILE = 'localhostProfile';

/** The member of the proxy with the Ingresses that it serves. */
export const DECLARED_INGRESSES = 'ingresses';

/** The member with the revisions of a StatefulSet, of a container that was changed in its pod. */
export const DECLARED_REVISIONS = 'revisions';

/** A longer text, in characters, is recorded as its digest: an argument has at most 128 KiB. */
export const LONGEST_RECORDED_TEXT = 4096;
