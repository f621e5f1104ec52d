import type { Container, Pod } from '../../manifest/schema/generated/kubernetes.ts';
import { normalMountPath } from './mounts.ts';

/**
 * The directories in a volume that others are mounted on, relative to its root and sorted. The kubelet makes
 * them in volumes of files, which nobody else can write to: getNestedMountpoints in
 * pkg/volume/util/nested_volumes.go. As there, one that lies below another is left to the volume that is
 * mounted in between.
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

/** Whether a path lies inside of a directory; both as `normalMountPath` has them. */
export function isBelow(path: string, directory: string): boolean {
  return path !== directory && path.startsWith(directory === '/' ? '/' : `${directory}/`);
}
