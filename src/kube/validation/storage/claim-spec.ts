import type { FieldPath } from '../../../base/path.ts';
import type { Incomplete } from '../../../manifest/checked-document.ts';
import type { PersistentVolumeClaimSpec } from '../../../manifest/schema/generated/kubernetes.ts';
import type { Finding } from '../finding.ts';
import { parseQuantity } from '../../spec/quantity.ts';
import { checkAmount } from '../../spec/quantity-field.ts';

/** Validates a PVC spec, as ValidatePersistentVolumeClaimSpec in pkg/apis/core/validation. */
export function* checkClaimSpec(
  { accessModes, resources, volumeMode }: Incomplete<PersistentVolumeClaimSpec>,
  path: FieldPath,
  isPruned: (path: FieldPath) => boolean,
): Iterable<Finding> {
  if (accessModes === undefined || accessModes.length === 0) {
    if (!isPruned([...path, 'accessModes']))
      yield {
        code: 'missing-field',
        path: accessModes === undefined ? path : [...path, 'accessModes'],
        message: 'at least one access mode is required',
        help: "For example 'accessModes: [ReadWriteOnce]'.",
      };
  } else if (accessModes.includes('ReadWriteOncePod') && accessModes.length > 1)
    yield {
      code: 'wrong-value',
      path: [...path, 'accessModes'],
      message: "'ReadWriteOncePod' must not be combined with another access mode",
    };
  const storage = resources?.requests?.['storage'];
  const storagePath = [...path, 'resources', 'requests', 'storage'];
  if (storage === undefined) {
    if (!isPruned(storagePath))
      yield { code: 'missing-field', path, message: 'missing required field resources.requests.storage' };
  } else {
    yield* checkAmount('memory', storage, storagePath);
    if (parseQuantity(storage)?.nanos === 0n)
      yield {
        code: 'invalid-quantity',
        path: storagePath,
        message: `must be greater than 0, got '${storage}'`,
      };
  }
  if (volumeMode === 'Block')
    yield {
      code: 'not-supported',
      path: [...path, 'volumeMode'],
      message: "not supported: raw block volumes need a cluster; use 'Filesystem'",
    };
}
