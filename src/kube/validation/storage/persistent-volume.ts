import type { Finding } from '../finding.ts';
import type { PersistentVolume } from '../../storage/binding.ts';
import { hasParentStep } from '../path-syntax.ts';
import { parseQuantity } from '../../spec/quantity.ts';
import { checkAmount } from '../../spec/quantity-field.ts';
import { persistentVolumeTable } from '../../support/persistent-volume-table.ts';
import { checkSupport } from '../pod/support.ts';
import { checkHostPath } from '../volume/volumes.ts';

/** The source fields of a PersistentVolume: exactly one is set. */
const NO_SOURCES: ReadonlySet<string> = new Set([
  'accessModes',
  'capacity',
  'claimRef',
  'mountOptions',
  'nodeAffinity',
  'persistentVolumeReclaimPolicy',
  'storageClassName',
  'volumeAttributesClassName',
  'volumeMode',
]);

/** Validates a PersistentVolume, as ValidatePersistentVolumeSpec in pkg/apis/core/validation. */
export function* checkPersistentVolume(volume: PersistentVolume): Iterable<Finding> {
  yield* checkSupport(volume, persistentVolumeTable);
  const { value, isPruned } = volume;
  const { spec } = value;
  if (spec === undefined) {
    if (!isPruned(['spec']))
      yield { code: 'missing-field', path: [], message: "missing required field 'spec'" };
    return;
  }
  if ((spec.accessModes ?? []).length === 0 && !isPruned(['spec', 'accessModes']))
    yield {
      code: 'missing-field',
      path: spec.accessModes === undefined ? ['spec'] : ['spec', 'accessModes'],
      message: 'at least one access mode is required',
      help: "For example 'accessModes: [ReadWriteOnce]'.",
    };
  const capacity = spec.capacity?.['storage'];
  const capacityPath = ['spec', 'capacity', 'storage'];
  if (capacity === undefined) {
    if (!isPruned(capacityPath))
      yield { code: 'missing-field', path: ['spec'], message: 'missing required field capacity.storage' };
  } else {
    yield* checkAmount('memory', capacity, capacityPath);
    if (parseQuantity(capacity)?.nanos === 0n)
      yield {
        code: 'invalid-quantity',
        path: capacityPath,
        message: `must be greater than 0, got '${capacity}'`,
      };
  }
  if (spec.volumeMode === 'Block')
    yield {
      code: 'not-supported',
      path: ['spec', 'volumeMode'],
      message: "not supported: raw block volumes need a cluster; use 'Filesystem'",
    };
  yield* checkSource(volume);
}

function* checkSource({ value: { spec = {} }, complete }: PersistentVolume): Iterable<Finding> {
  const [first, second] = Object.keys(spec).filter((field) => !NO_SOURCES.has(field));
  if (second !== undefined)
    yield {
      code: 'several-volume-sources',
      path: ['spec', second],
      at: 'key',
      message: `the volume already has the source '${first ?? ''}': only one source is allowed`,
    };
  // The source may be one of the reported errors.
  if (first === undefined && complete !== undefined)
    yield {
      code: 'missing-field',
      path: ['spec'],
      message: "missing source: needs a 'hostPath' or a 'local'",
    };
  if (spec.hostPath !== undefined) yield* checkHostPath(spec.hostPath, ['spec', 'hostPath']);
  if (spec.local !== undefined) yield* checkLocal(spec.local.path);
}

/** https://kubernetes.io/docs/concepts/storage/volumes/#local */
function* checkLocal(localPath: string | undefined): Iterable<Finding> {
  const path = ['spec', 'local', 'path'];
  if (localPath === '') yield { code: 'invalid-path', path, message: 'must not be empty' };
  else if (localPath !== undefined && hasParentStep(localPath))
    yield { code: 'invalid-path', path, message: `must not contain '..', got '${localPath}'` };
}
