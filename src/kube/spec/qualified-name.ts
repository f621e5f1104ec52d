import { POD_DEFAULTS } from './defaults.ts';

/** A namespaced object by its own name. */
export interface ObjectName {
  readonly namespace: string;
  readonly name: string;
}

/** No name of Kubernetes has this character: a qualified name tells its parts. */
const SEPARATOR = '_';

/** The namespace of an object; a server takes an empty one as unset. */
export function namespaceOf(metadata: { readonly namespace?: string | undefined } | undefined): string {
  const { namespace = '' } = metadata ?? {};
  return namespace === '' ? POD_DEFAULTS.namespace : namespace;
}

/**
 * The name of an object among those of all namespaces: `web` in the default namespace, else `staging_web`. Desired pods,
 * Services, workloads and the volumes of PersistentVolumeClaims have it, and so have their objects in podman.
 */
export function qualifiedName({ namespace, name }: ObjectName): string {
  return namespace === POD_DEFAULTS.namespace ? name : `${namespace}${SEPARATOR}${name}`;
}

/** The parts of a qualified name. */
export function objectName(qualified: string): ObjectName {
  const at = qualified.indexOf(SEPARATOR);
  return at < 0
    ? { namespace: POD_DEFAULTS.namespace, name: qualified }
    : { namespace: qualified.slice(0, at), name: qualified.slice(at + 1) };
}

/** The qualified name of an object of the manifests. */
export function qualifiedNameOf(
  metadata: { readonly namespace?: string; readonly name?: string } | undefined,
): string {
  return qualifiedName({ namespace: namespaceOf(metadata), name: metadata?.name ?? '' });
}
