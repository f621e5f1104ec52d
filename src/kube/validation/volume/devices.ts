import type { FieldPath } from '../../../base/path.ts';
import { suggestion } from '../../../base/suggest.ts';
import type { Incomplete } from '../../../manifest/checked-document.ts';
import type { Volume, VolumeDevice, VolumeMount } from '../../../manifest/schema/generated/kubernetes.ts';
import { containersOf, type PodObject } from '../../spec/pod-object.ts';
import { withNames } from '../duplicates.ts';
import { checkUnique, forbiddenField } from '../fields.ts';
import type { Finding } from '../finding.ts';
import { hasParentStep } from '../path-syntax.ts';

/** Raw block volumes (ValidateVolumeDevices and validateHostUsers in pkg/apis/core/validation). */
export function* checkVolumeDevices(pod: PodObject): Iterable<Finding> {
  for (const { path, value } of containersOf(pod)) {
    const { volumeDevices: devices = [], volumeMounts: mounts = [] } = value;
    const place = [...path, 'volumeDevices'];
    if (devices.length > 0 && pod.value.spec?.hostUsers === false)
      yield forbiddenField(place, "a pod with 'hostUsers: false' has no raw block volumes");
    yield* checkUnique(
      devices.map(({ name }) => name),
      (index) => [...place, index, 'name'],
    );
    yield* checkUnique(
      devices.map(({ devicePath }) => devicePath),
      (index) => [...place, index, 'devicePath'],
    );
    for (const [index, device] of devices.entries()) {
      yield* checkSource(device, [...place, index, 'name'], pod);
      yield* checkDevicePath(device, [...place, index, 'devicePath']);
      yield* checkMounts(device, [...place, index], mounts, pod);
    }
  }
}

/** A block device is a PersistentVolumeClaim. A missing volume is reported only if the names of all volumes are valid. */
function* checkSource(
  { name }: Incomplete<VolumeDevice>,
  path: FieldPath,
  pod: PodObject,
): Iterable<Finding> {
  const volumes = pod.value.spec?.volumes ?? [];
  const names = withNames(volumes, []).map((named) => named.name);
  const volume = volumes.find((one) => one.name === name);
  if (name === undefined) return;
  if (volume === undefined) {
    if (names.length < volumes.length || pod.isPruned(['spec', 'volumes'])) return;
    yield {
      code: 'unknown-volume',
      path,
      message: name === '' ? 'must not be empty' : `volume '${name}' not found in spec.volumes`,
      ...suggestion(name, names),
    };
  } else if (!isBlock(volume))
    yield {
      code: 'wrong-volume',
      path,
      message: `must refer to a persistentVolumeClaim or an ephemeral volume, and '${name}' is neither`,
    };
}

function* checkDevicePath({ devicePath }: Incomplete<VolumeDevice>, path: FieldPath): Iterable<Finding> {
  if (devicePath === '') yield { code: 'invalid-path', path, message: 'must not be empty' };
  else if (devicePath !== undefined && hasParentStep(devicePath))
    yield { code: 'invalid-path', path, message: `must not contain '..', got '${devicePath}'` };
}

/** A claim is a device or a directory, and so is a path. */
function* checkMounts(
  { name, devicePath }: Incomplete<VolumeDevice>,
  path: FieldPath,
  mounts: readonly Incomplete<VolumeMount>[],
  pod: PodObject,
): Iterable<Finding> {
  const isClaim = isBlock(pod.value.spec?.volumes?.find((volume) => volume.name === name) ?? {});
  if (isClaim && mounts.some((mount) => mount.name === name))
    yield {
      code: 'duplicate-value',
      path: [...path, 'name'],
      message: `volume '${name ?? ''}' is already in volumeMounts`,
    };
  if (devicePath !== undefined && mounts.some(({ mountPath }) => mountPath === devicePath))
    yield {
      code: 'duplicate-value',
      path: [...path, 'devicePath'],
      message: `'${devicePath}' is already a mountPath in volumeMounts`,
    };
}

function isBlock({ persistentVolumeClaim, ephemeral }: Incomplete<Volume>): boolean {
  return persistentVolumeClaim !== undefined || ephemeral !== undefined;
}
