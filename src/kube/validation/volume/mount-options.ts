import { SECURITY_DEFAULTS } from '../../spec/defaults.ts';
import type { FieldPath } from '../../../base/path.ts';
import type { Incomplete } from '../../../manifest/checked-document.ts';
import type { Volume, VolumeMount } from '../../../manifest/schema/generated/kubernetes.ts';
import { byName } from '../../spec/by-name.ts';
import type { Finding } from '../finding.ts';
import type { ObjectSet } from '../../config/object-set.ts';
import { containersOf, type PodObject } from '../../spec/pod-object.ts';

/** Validates the mount options of volumes. */
export function* checkMountOptions(pod: PodObject, objects: ObjectSet): Iterable<Finding> {
  const volumes = byName(pod.value.spec?.volumes ?? []);
  for (const { path, value } of containersOf(pod))
    for (const [index, mount] of (value.volumeMounts ?? []).entries()) {
      const mountPath = [...path, 'volumeMounts', index];
      const volume = volumes.get(mount.name) ?? {};
      yield* checkPropagation(
        mount,
        mountPath,
        value.securityContext?.privileged ?? SECURITY_DEFAULTS.privileged,
      );
      yield* checkRecursiveReadOnly(mount, mountPath, isDirectoryOfMachine(volume, objects));
    }
}

function isDirectoryOfMachine(
  { hostPath, persistentVolumeClaim }: Incomplete<Volume>,
  { bindings }: ObjectSet,
): boolean {
  return hostPath !== undefined || bindings.get(persistentVolumeClaim?.claimName ?? '')?.kind === 'bound';
}

/** https://kubernetes.io/docs/concepts/storage/volumes/#mount-propagation */
function* checkPropagation(
  { mountPropagation }: Incomplete<VolumeMount>,
  path: FieldPath,
  isPrivileged: boolean,
): Iterable<Finding> {
  if (mountPropagation !== 'Bidirectional') return;
  const at = [...path, 'mountPropagation'];
  if (!isPrivileged)
    yield {
      code: 'wrong-value',
      path: at,
      message: "'Bidirectional' requires a privileged container",
      help: "'HostToContainer' makes mounts of the host visible in the volume.",
    };
  // podman accepts `rshared`, but the mounts stay visible only in the container.
  yield {
    code: 'not-supported',
    path: at,
    message: 'not supported: mounts of a rootless container are not visible outside of it',
  };
}

/**
 * https://kubernetes.io/docs/concepts/storage/volumes/#recursive-read-only-mounts, with the rules of
 * validateMountRecursiveReadOnly in pkg/apis/core/validation.
 */
function* checkRecursiveReadOnly(
  { mountPropagation = 'None', readOnly = false, recursiveReadOnly = 'Disabled' }: Incomplete<VolumeMount>,
  path: FieldPath,
  isOnMachine: boolean,
): Iterable<Finding> {
  if (recursiveReadOnly === 'Disabled') return;
  const at = [...path, 'recursiveReadOnly'];
  if (!readOnly)
    yield {
      code: 'wrong-value',
      path: at,
      message: `'${recursiveReadOnly}' requires 'readOnly: true'`,
    };
  if (mountPropagation !== 'None')
    yield {
      code: 'wrong-value',
      path: at,
      message: `'${recursiveReadOnly}' requires the mountPropagation 'None'`,
    };
  // A podman volume has no submounts, so `readOnly` is sufficient.
  if (recursiveReadOnly === 'Enabled' && isOnMachine)
    yield {
      code: 'not-supported',
      path: at,
      message: 'not supported: podman cannot make submounts of a host directory read-only',
      help: "With 'IfPossible' the container starts, and its submounts stay writable.",
    };
}
