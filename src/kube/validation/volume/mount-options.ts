import { SECURITY_DEFAULTS } from '../../spec/defaults.ts';
import type { FieldPath } from '../../../base/path.ts';
import type { Incomplete } from '../../../manifest/checked-document.ts';
import type { Volume, VolumeMount } from '../../../manifest/schema/generated/kubernetes.ts';
import { byName } from '../../spec/by-name.ts';
import type { Finding } from '../finding.ts';
import type { ObjectSet } from '../../config/object-set.ts';
import { containersOf, type PodObject } from '../../spec/pod-object.ts';

/** How a volume is mounted. */
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
      message: "'Bidirectional' is for privileged containers only",
      help: "'HostToContainer' shows what the machine mounts in the volume.",
    };
  // podman takes `rshared`, and then nobody but the container sees what it mounts.
  yield {
    code: 'not-supported',
    path: at,
    message: 'not supported: what is mounted by containers of an ordinary user shows nowhere else',
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
      message: `may be '${recursiveReadOnly}' only beside 'readOnly: true'`,
    };
  if (mountPropagation !== 'None')
    yield {
      code: 'wrong-value',
      path: at,
      message: `may be '${recursiveReadOnly}' only where mountPropagation is 'None' or left out`,
    };
  // Nothing is mounted inside of a volume that podman keeps, and so `readOnly` is all that it takes.
  if (recursiveReadOnly === 'Enabled' && isOnMachine)
    yield {
      code: 'not-supported',
      path: at,
      message:
        'not supported: podman cannot make what is mounted inside of a folder of the machine read-only',
      help: "With 'IfPossible' the container starts, and what is mounted inside stays as it is.",
    };
}
