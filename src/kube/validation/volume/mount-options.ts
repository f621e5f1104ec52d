import type { FieldPath } from '../../../base/path.ts';
import type { Incomplete } from '../../../manifest/checked-document.ts';
import type { Volume, VolumeMount } from '../../../manifest/schema/generated/kubernetes.ts';
import { byName } from '../../spec/by-name.ts';
import { SECURITY_DEFAULTS } from '../../spec/defaults.ts';
import { containersOf, type PodObject } from '../../spec/pod-object.ts';
import type { ObjectSet } from '../../config/object-set.ts';
import type { Finding } from '../finding.ts';

/** Mount options that exclude each other (validateMountPropagation and validateMountRecursiveReadOnly). */
export function* checkMountOptions(pod: PodObject): Iterable<Finding> {
  for (const { path, value } of containersOf(pod)) {
    const isPrivileged = value.securityContext?.privileged ?? SECURITY_DEFAULTS.privileged;
    for (const [index, mount] of (value.volumeMounts ?? []).entries()) {
      const mountPath = [...path, 'volumeMounts', index];
      if (mount.mountPropagation === 'Bidirectional' && !isPrivileged)
        yield {
          code: 'wrong-value',
          path: [...mountPath, 'mountPropagation'],
          message: "'Bidirectional' requires a privileged container",
          help: "'HostToContainer' makes mounts of the host visible in the volume.",
        };
      yield* checkRecursiveReadOnly(mount, [...mountPath, 'recursiveReadOnly']);
    }
  }
}

/** https://kubernetes.io/docs/concepts/storage/volumes/#recursive-read-only-mounts */
function* checkRecursiveReadOnly(
  { mountPropagation = 'None', readOnly = false, recursiveReadOnly = 'Disabled' }: Incomplete<VolumeMount>,
  path: FieldPath,
): Iterable<Finding> {
  if (recursiveReadOnly === 'Disabled') return;
  const needed = [
    ...(readOnly ? [] : ["'readOnly: true'"]),
    ...(mountPropagation === 'None' ? [] : ["the mountPropagation 'None'"]),
  ];
  for (const one of needed)
    yield { code: 'wrong-value', path, message: `'${recursiveReadOnly}' requires ${one}` };
}

/** Mount options that rootless podman does not have. */
export function* checkMountSupport(pod: PodObject, objects: ObjectSet): Iterable<Finding> {
  const volumes = byName(pod.value.spec?.volumes ?? []);
  for (const { path, value } of containersOf(pod))
    for (const [index, { name, mountPropagation, recursiveReadOnly }] of (
      value.volumeMounts ?? []
    ).entries()) {
      const mountPath = [...path, 'volumeMounts', index];
      // podman accepts `rshared`, but the mounts stay visible only in the container.
      if (mountPropagation === 'Bidirectional')
        yield {
          code: 'not-supported',
          path: [...mountPath, 'mountPropagation'],
          message: 'not supported: mounts of a rootless container are not visible outside of it',
        };
      // A podman volume has no submounts, so `readOnly` is sufficient.
      if (recursiveReadOnly === 'Enabled' && isDirectoryOfMachine(volumes.get(name) ?? {}, objects))
        yield {
          code: 'not-supported',
          path: [...mountPath, 'recursiveReadOnly'],
          message: 'not supported: podman cannot make submounts of a host directory read-only',
          help: "With 'IfPossible' the container starts, and its submounts stay writable.",
        };
    }
}

function isDirectoryOfMachine(
  { hostPath, persistentVolumeClaim }: Incomplete<Volume>,
  { bindings }: ObjectSet,
): boolean {
  return hostPath !== undefined || bindings.get(persistentVolumeClaim?.claimName ?? '')?.kind === 'bound';
}
