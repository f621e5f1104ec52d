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
  /** Where it is, as the kernel will see it. */
  readonly mountPath: string;
  readonly subPath: string;
  readonly readOnly: boolean;
  readonly path: FieldPath;
}

/**
 * What is mounted inside of another volume. The runtime makes the mount point in one that may be written to, and the
 * kubelet makes a folder in one of files (pkg/volume/util/nested_volumes.go). Nobody makes any in a read-only mount of
 * another kind: there it has to be (kubernetes#121294). It is not sure that the container fails, for crun makes one before
 * the mount becomes read-only, and runc does not.
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

/** The mounts of each container, without those whose volume or path is not known. */
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
    message: `a single file cannot be mounted inside of volume '${nameOf(outer)}': the kubelet makes a folder there to mount on`,
    help: `Add the file to '${nameOf(outer)}' with a projected volume, or mount it outside of '${outer.mountPath}'.`,
  };
}

/** Whether it is sure that a file is mounted and no folder. */
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
  // What the machine or an image holds is not known here.
  if (hostPath !== undefined || image !== undefined) return;
  const point = join(outer.subPath, inner.mountPath.slice(outer.mountPath.length + 1));
  const others = all.filter(({ volume }) => nameOf({ volume }) === nameOf(outer));
  // The kubelet makes the folder of a subPath, whoever may write to it.
  const isMade = ({ subPath }: Mount) => subPath === point || isBelow(subPath, point);
  if (others.some((mount) => !mount.readOnly || isMade(mount))) return;
  const name = nameOf(outer);
  const why =
    persistentVolumeClaim === undefined
      ? `nothing makes '${point}' in it to mount on`
      : `'${point}' has to be in it already`;
  yield {
    code: 'no-mount-point',
    severity: 'warning',
    path: inner.path,
    message: `volume '${name}' is mounted read-only at '${outer.mountPath}', and ${why}: with runc, as on most clusters, the container does not start`,
    help: `Leave out 'readOnly' of '${name}', or let an init container that may write to it make the folder.`,
  };
}

function nameOf({ volume }: Pick<Mount, 'volume'>): string {
  return volume.name ?? '';
}
