import type { Edit } from '../../../base/edit.ts';
import type { FieldPath } from '../../../base/path.ts';
import type { CheckedDocument, Incomplete } from '../../../manifest/checked-document.ts';
import type {
  PersistentVolumeClaimSpec,
  TypedObjectReference,
} from '../../../manifest/schema/generated/kubernetes.ts';
import { checkAmount, checkWholeBytes } from '../../spec/quantity-field.ts';
import { parseQuantity } from '../../spec/quantity.ts';
import { missingField } from '../fields.ts';
import type { Finding } from '../finding.ts';
import { checkLabelSelector } from '../label-selector.ts';
import { checkName, dnsLabel, dnsSubdomain } from '../names.ts';

type IsPruned = CheckedDocument['isPruned'];

/** A PersistentVolumeClaim, or the object that has one inside. */
type ClaimObject = Pick<CheckedDocument, 'isPruned' | 'edit'>;

/**
 * Validates a PVC spec, as ValidatePersistentVolumeClaimSpec in pkg/apis/core/validation.
 * @param isTemplate the spec is part of another object
 */
export function* checkClaimSpec(
  spec: Incomplete<PersistentVolumeClaimSpec>,
  path: FieldPath,
  object: ClaimObject,
  isTemplate = false,
): Iterable<Finding> {
  const { isPruned } = object;
  const modes = [...checkAccessModes(spec.accessModes, path, isPruned)];
  const isWithoutModes = spec.accessModes === undefined && modes.length > 0;
  // A volume of podman has no size and no modes. The claim of a pod is part of it, and the pod is not valid without them.
  const ignored = isTemplate ? {} : ({ isIgnored: true } as const);
  for (const finding of modes)
    yield {
      ...finding,
      ...(finding.code === 'missing-field' ? ignored : {}),
      ...(isWithoutModes ? { edits: object.edit.insert(path, 'accessModes', [DEFAULT_ACCESS_MODE]) } : {}),
    };
  yield* checkLabelSelector(spec.selector, [...path, 'selector']);
  // Two edits at one place would depend on each other.
  for (const finding of checkStorage(spec, path, isPruned))
    yield finding.code !== 'missing-field'
      ? finding
      : { ...finding, ...ignored, ...(isWithoutModes ? {} : { edits: insertStorage(object, spec, path) }) };
  yield* checkClassName(spec.storageClassName, [...path, 'storageClassName']);
  yield* checkClassName(spec.volumeAttributesClassName, [...path, 'volumeAttributesClassName']);
  yield* checkDataSources(spec, path, isPruned, isTemplate);
  if (spec.volumeMode === 'Block')
    yield {
      code: 'not-supported',
      path: [...path, 'volumeMode'],
      message: "not supported: raw block volumes need a cluster; use 'Filesystem'",
    };
}

export function* checkAccessModes(
  accessModes: readonly string[] | undefined,
  path: FieldPath,
  isPruned: IsPruned,
): Iterable<Finding> {
  if (accessModes === undefined || accessModes.length === 0) {
    if (!isPruned([...path, 'accessModes']))
      yield {
        code: 'missing-field',
        path: accessModes === undefined ? path : [...path, 'accessModes'],
        ...(accessModes === undefined ? {} : { replacement: `[${DEFAULT_ACCESS_MODE}]` }),
        message: 'at least one access mode is required',
        help: `A cluster requires one, for example 'accessModes: [${DEFAULT_ACCESS_MODE}]'.`,
      };
  } else if (
    accessModes.includes('ReadWriteOncePod') &&
    accessModes.some((mode) => mode !== 'ReadWriteOncePod')
  )
    yield {
      code: 'wrong-value',
      path: [...path, 'accessModes'],
      message: "'ReadWriteOncePod' must not be combined with another access mode",
    };
}

/** What podpose fix writes into a claim for a volume of this machine. */
const [DEFAULT_ACCESS_MODE, DEFAULT_SIZE] = ['ReadWriteOnce', '1Gi'];

function insertStorage(
  { edit }: ClaimObject,
  { resources }: Incomplete<PersistentVolumeClaimSpec>,
  path: FieldPath,
): readonly Edit[] {
  const at = [...path, 'resources'];
  if (resources === undefined)
    return edit.insert(path, 'resources', { requests: { storage: DEFAULT_SIZE } }, { after: 'accessModes' });
  return resources.requests === undefined
    ? edit.insert(at, 'requests', { storage: DEFAULT_SIZE })
    : edit.insert([...at, 'requests'], 'storage', DEFAULT_SIZE);
}

/** The name of a StorageClass or VolumeAttributesClass; an empty one has a meaning of its own. */
export function* checkClassName(name: string | undefined, path: FieldPath): Iterable<Finding> {
  if (name !== undefined && name !== '') yield* checkName(dnsSubdomain, name, path);
}

function* checkStorage(
  { resources }: Incomplete<PersistentVolumeClaimSpec>,
  path: FieldPath,
  isPruned: IsPruned,
): Iterable<Finding> {
  const [request, limit] = [resources?.requests?.['storage'], resources?.limits?.['storage']];
  const at = [...path, 'resources', 'requests', 'storage'];
  if (request === undefined) {
    if (!isPruned(at))
      yield {
        code: 'missing-field',
        path,
        message: 'missing required field resources.requests.storage',
        help: `A cluster requires it, for example 'resources: {requests: {storage: ${DEFAULT_SIZE}}}'; podpose enforces no size.`,
      };
  } else {
    yield* checkAmount('memory', request, at);
    if (parseQuantity(request)?.nanos === 0n)
      yield { code: 'invalid-quantity', path: at, message: `must be greater than 0, got '${request}'` };
  }
  if (limit !== undefined) yield* checkWholeBytes(limit, [...path, 'resources', 'limits', 'storage']);
}

/**
 * A server drops a dataSource that is neither a claim nor a snapshot, unless there is a dataSourceRef
 * (EnforceDataSourceBackwardsCompatibility in pkg/api/persistentvolumeclaim). A dataSourceRef with a namespace is dropped,
 * too: CrossNamespaceVolumeDataSource is off. Those of a template are kept.
 */
function* checkDataSources(
  { dataSource, dataSourceRef }: Incomplete<PersistentVolumeClaimSpec>,
  path: FieldPath,
  isPruned: IsPruned,
  isTemplate: boolean,
): Iterable<Finding> {
  const reference = isTemplate || (dataSourceRef?.namespace ?? '') === '' ? dataSourceRef : undefined;
  if (dataSource !== undefined && (isTemplate || reference !== undefined || isKnownSource(dataSource)))
    yield* checkSource(dataSource, [...path, 'dataSource'], isPruned);
  if (reference === undefined) return;
  yield* checkSource(reference, [...path, 'dataSourceRef'], isPruned);
  if (dataSource === undefined || isPruned([...path, 'dataSource'])) return;
  for (const field of ['apiGroup', 'kind', 'name'] as const)
    if (
      (dataSource[field] ?? (field === 'apiGroup' ? undefined : '')) !==
      (reference[field] ?? (field === 'apiGroup' ? undefined : ''))
    ) {
      const message = "must be the same as in 'dataSource'";
      yield {
        code: 'wrong-value',
        path: [...path, 'dataSourceRef', field],
        message,
        help: "Remove one of 'dataSource' and 'dataSourceRef'.",
      };
      return;
    }
}

type Source = Incomplete<TypedObjectReference>;

function isKnownSource({ kind, apiGroup = '' }: Source): boolean {
  return (
    (kind === 'PersistentVolumeClaim' && apiGroup === '') ||
    (kind === 'VolumeSnapshot' && apiGroup === 'snapshot.storage.k8s.io')
  );
}

/** validateDataSource and validateDataSourceRef. */
function* checkSource(source: Source, path: FieldPath, isPruned: IsPruned): Iterable<Finding> {
  const { kind = '', apiGroup = '', namespace = '' } = source;
  for (const field of ['kind', 'name'] as const)
    if ((source[field] ?? '') === '' && !isPruned([...path, field])) yield missingField(path, field);
  if (apiGroup !== '') yield* checkName(dnsSubdomain, apiGroup, [...path, 'apiGroup']);
  else if (kind !== '' && kind !== 'PersistentVolumeClaim' && !isPruned([...path, 'apiGroup']))
    yield {
      code: 'wrong-value',
      path: [...path, 'kind'],
      message: `must be 'PersistentVolumeClaim' without an 'apiGroup', got '${kind}'`,
    };
  if (namespace !== '') yield* checkName(dnsLabel, namespace, [...path, 'namespace']);
}
