import type { Container, Pod } from '../../manifest/schema/generated/kubernetes.ts';
import { normalMountPath } from './mounts.ts';

/**
 * The directories of a volume that other volumes are mounted on, relative to its root, sorted. The kubelet creates
 * them in volumes of files, which are read-only for containers (getNestedMountpoints in
 * pkg/volume/util/nested_volumes.go). A mount point below another one belongs to the volume mounted in between.
 */
export function nestedMountPoints(volume: string, { spec }: Pod): readonly string[] {
  const found = [...(spec.initContainers ?? []), ...spec.containers].flatMap((container) =>
    nestedIn(container, volume),
  );
  return [...new Set(found)].sort();
}

function nestedIn({ volumeMounts = [] }: Container, volume: string): readonly string[] {
  const all = volumeMounts.map(({ mountPath }) => normalMountPath(mountPath));
  const own = volumeMounts.filter(({ name }) => name === volume);
  return own.flatMap(({ mountPath }) => {
    const root = normalMountPath(mountPath);
    const below = all.filter((path) => isBelow(path, root));
    return below
      .filter((path) => !below.some((other) => isBelow(path, other)))
      .map((path) => path.slice(root === '/' ? 1 : root.length + 1));
  });
}

/** Whether a path is inside a directory; both normalized with `normalMountPath`. */
export function isBelow(path: string, directory: string): boolean {
  return path !== directory && path.startsWith(directory === '/' ? '/' : `${directory}/`);
}
