import { MOUNT_DEFAULTS } from '../../spec/defaults.ts';
import { join } from 'node:path/posix';
import type { FieldPath } from '../../../base/path.ts';
import type { Incomplete } from '../../../manifest/checked-document.ts';
import type { Volume, VolumeMount } from '../../../manifest/schema/generated/kubernetes.ts';
import type { Finding } from '../finding.ts';
import type { ObjectSet } from '../../config/object-set.ts';
import { containersOf, type PodObject } from '../../spec/pod-object.ts';
import { normalFilePath } from '../../convert/file-volumes.ts';
import { isBelow } from '../../convert/mount-points.ts';
import { normalMountPath } from '../../convert/mounts.ts';

interface Mount {
  readonly volume: Incomplete<Volume>;
  /** The normalized path of the mount. */
  readonly mountPath: string;
  readonly subPath: string;
  readonly readOnly: boolean;
  readonly path: FieldPath;
}

/**
 * Mounts inside another volume. The runtime creates the mount point in a writable volume, and the kubelet
 * creates a directory in a volume of files (pkg/volume/util/nested_volumes.go). In other read-only mounts it
 * has to exist (kubernetes#121294). The container does not always fail: crun creates the mount point before
 * the mount becomes read-only, runc does not.
 */
export function* checkNestedMounts(pod: PodObject, objects: ObjectSet): Iterable<Finding> {
  const containers = mountsOf(pod);
  const all = containers.flat();
  for (const mounts of containers)
    for (const inner of mounts) {
      const outer = mounts
        .filter(({ mountPath }) => isBelow(inner.mountPath, mountPath))
        .sort((a, b) => b.mountPath.length - a.mountPath.length)[0];
      if (outer === undefined) continue;
      if (isOfFiles(outer.volume)) yield* checkInFiles(inner, outer, objects);
      else if (outer.readOnly) yield* checkInReadOnly(inner, outer, all);
    }
}

/** The mounts of each container with a valid volume and path. */
function mountsOf(pod: PodObject): readonly (readonly Mount[])[] {
  const volumes = pod.value.spec?.volumes ?? [];
  return containersOf(pod).map(({ path, value }) =>
    (value.volumeMounts ?? []).flatMap((mount, index): readonly Mount[] => {
      const volume = volumes.find(({ name }) => name !== undefined && name === mount.name);
      const { mountPath = '' } = mount;
      if (volume === undefined || mountPath === '') return [];
      return [
        {
          volume,
          mountPath: normalMountPath(mountPath),
          subPath: subPathOf(mount),
          readOnly:
            (volume.persistentVolumeClaim?.readOnly ?? false) || (mount.readOnly ?? MOUNT_DEFAULTS.readOnly),
          path: [...path, 'volumeMounts', index, 'mountPath'],
        },
      ];
    }),
  );
}

function subPathOf({ subPath = '', subPathExpr = '' }: Incomplete<VolumeMount>): string {
  return normalFilePath(subPath === '' ? subPathExpr : subPath);
}

function isOfFiles({ configMap, secret, projected, downwardAPI }: Incomplete<Volume>): boolean {
  return [configMap, secret, projected, downwardAPI].some((source) => source !== undefined);
}

function* checkInFiles(inner: Mount, outer: Mount, objects: ObjectSet): Iterable<Finding> {
  if (!isFile(inner, objects)) return;
  yield {
    code: 'no-mount-point',
    path: inner.path,
    message: `cannot mount a single file inside volume '${nameOf(outer)}': the kubelet creates a directory as mount point`,
    help: `Add the file to '${nameOf(outer)}' with a projected volume, or mount it outside '${outer.mountPath}'.`,
  };
}

/** Whether the mount is certainly a file and not a directory. */
function isFile({ volume, subPath }: Mount, { configMaps, secrets }: ObjectSet): boolean {
  const { hostPath, configMap, secret, downwardAPI } = volume;
  if (hostPath !== undefined)
    return subPath === '.' && ['File', 'FileOrCreate', 'Socket'].includes(hostPath.type ?? '');
  const source = configMap ?? secret ?? downwardAPI;
  const { items = [] } = source ?? {};
  if (items.length > 0)
    return items.some(({ path }) => path !== undefined && normalFilePath(path) === subPath);
  const data =
    configMap === undefined ? secrets.get(secret?.secretName ?? '') : configMaps.get(configMap.name ?? '');
  return data?.values.has(subPath) ?? false;
}

function* checkInReadOnly(inner: Mount, outer: Mount, all: readonly Mount[]): Iterable<Finding> {
  const { hostPath, image, persistentVolumeClaim } = outer.volume;
  // The contents of the host and of images are unknown here.
  if (hostPath !== undefined || image !== undefined) return;
  const point = join(outer.subPath, inner.mountPath.slice(outer.mountPath.length + 1));
  const others = all.filter(({ volume }) => nameOf({ volume }) === nameOf(outer));
  // The kubelet creates the directory of a subPath, also in a read-only volume.
  const isMade = ({ subPath }: Mount) => subPath === point || isBelow(subPath, point);
  if (others.some((mount) => !mount.readOnly || isMade(mount))) return;
  const name = nameOf(outer);
  const why =
    persistentVolumeClaim === undefined
      ? `nothing creates the mount point '${point}' in it`
      : `the mount point '${point}' must already exist in it`;
  yield {
    code: 'no-mount-point',
    severity: 'warning',
    path: inner.path,
    message: `volume '${name}' is mounted read-only at '${outer.mountPath}', and ${why}: with runc, as on most clusters, the container fails to start`,
    help: `Remove 'readOnly' of '${name}', or create the directory in an init container.`,
  };
}

function nameOf({ volume }: Pick<Mount, 'volume'>): string {
  return volume.name ?? '';
}
