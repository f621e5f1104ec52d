/**
 * The annotations of `podman kube play` and `podman kube generate` from podman 4.3 to 6.1 (libpod/define/annotations.go,
 * libpod/define/autoupdate.go and pkg/domain/infra/abi/play.go of podman).
 */

/** Of a pod: `podman pod create` has a flag. */
export const USERNS = 'io.podman.annotations.userns';
export const INFRA_NAME = 'io.podman.annotations.infra.name';

/** Of a container: `podman run` has a flag. */
export const ULIMIT = 'io.podman.annotations.ulimit';
export const PIDS_LIMIT = 'io.podman.annotations.pids-limit';
export const CPUSET = 'io.podman.annotations.cpuset';
export const MEMORY_NODES = 'io.podman.annotations.memory-nodes';
export const INIT = 'io.podman.annotations.init';
export const LABEL_OPTIONS = 'io.podman.annotations.label';
export const AUTO_UPDATE = 'io.containers.autoupdate';
export const AUTO_UPDATE_AUTHFILE = 'io.containers.autoupdate.authfile';

export const POD_ANNOTATIONS: readonly string[] = [USERNS, INFRA_NAME];
export const CONTAINER_ANNOTATIONS: readonly string[] = [
  AUTO_UPDATE,
  AUTO_UPDATE_AUTHFILE,
  CPUSET,
  INIT,
  LABEL_OPTIONS,
  MEMORY_NODES,
  PIDS_LIMIT,
  ULIMIT,
];

const OWN_PREFIXES: readonly string[] = ['io.podman.', 'io.containers.'];
const RUNTIME_PREFIX = 'run.oci.';

/** An annotation of podman, split into its name and the container or pod that it is for: `NAME/CONTAINER`. */
export interface PodmanAnnotation {
  readonly key: string;
  readonly name: string;
  /** Absent for all containers. */
  readonly target?: string;
  readonly value: string;
}

/** The annotations of podman and of the runtime, in the order of the manifest. */
export function podmanAnnotations(
  annotations: Readonly<Record<string, string | undefined>>,
): readonly PodmanAnnotation[] {
  return Object.entries(annotations)
    .filter(([key]) => isOfPodman(key))
    .map(([key, value = '']) => {
      const slash = key.indexOf('/');
      return slash < 0
        ? { key, name: key, value }
        : { key, name: key.slice(0, slash), target: key.slice(slash + 1), value };
    });
}

/** Whether podman or the runtime reads an annotation, also an unknown one with their prefix. */
export function isOfPodman(key: string): boolean {
  return isOfRuntime(key) || OWN_PREFIXES.some((prefix) => key.startsWith(prefix));
}

/** An annotation for the OCI runtime: https://github.com/containers/crun/blob/main/crun.1.md */
export function isOfRuntime(key: string): boolean {
  return key.startsWith(RUNTIME_PREFIX);
}

/** Whether a container has the setting of the annotation. */
export function isContainerAnnotation(name: string): boolean {
  return isOfRuntime(name) || CONTAINER_ANNOTATIONS.includes(name);
}

/** strconv.ParseBool, which podman uses; undefined for any other text. */
export function parseGoBoolean(text: string): boolean | undefined {
  if (['1', 't', 'T', 'TRUE', 'true', 'True'].includes(text)) return true;
  return ['0', 'f', 'F', 'FALSE', 'false', 'False'].includes(text) ? false : undefined;
}
