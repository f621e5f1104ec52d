import type { FieldPath } from '../../../base/path.ts';
import type { CheckedDocument } from '../../../manifest/checked-document.ts';
import { checkAmount } from '../../spec/quantity-field.ts';
import { isNegativeOnServer, parseQuantity } from '../../spec/quantity.ts';
import type { PersistentVolume } from '../../storage/binding.ts';
import { persistentVolumeTable } from '../../support/persistent-volume-table.ts';
import { forbiddenField, missingField } from '../fields.ts';
import type { Finding } from '../finding.ts';
import { checkName, dnsSubdomain } from '../names.ts';
import { hasParentStep } from '../path-syntax.ts';
import { checkSupport } from '../pod/support.ts';
import { checkNodeSelectorOf } from '../scheduling/node-selector.ts';
import { checkClusterSources } from '../volume/cluster-sources.ts';
import { checkHostPath } from '../volume/volumes.ts';
import { checkAccessModes, checkClassName } from './claim-spec.ts';

/** The fields besides the sources, of which exactly one is set. */
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

const DEPRECATED_ANNOTATIONS: Readonly<Record<string, string>> = {
  'volume.beta.kubernetes.io/storage-class': 'storageClassName',
  'volume.beta.kubernetes.io/mount-options': 'mountOptions',
};

/** Validates a PersistentVolume, as ValidatePersistentVolumeSpec in pkg/apis/core/validation. */
export function* checkPersistentVolume(volume: PersistentVolume): Iterable<Finding> {
  yield* checkSupport(volume, persistentVolumeTable);
  yield* checkOldAnnotations(volume, Object.keys(DEPRECATED_ANNOTATIONS));
  const { value, isPruned } = volume;
  const { spec } = value;
  if (spec === undefined) {
    if (!isPruned(['spec']))
      yield { code: 'missing-field', path: [], message: "missing required field 'spec'" };
    return;
  }
  yield* checkAccessModes(spec.accessModes, ['spec'], isPruned);
  yield* checkCapacity(volume);
  if (spec.volumeMode === 'Block')
    yield {
      code: 'not-supported',
      path: ['spec', 'volumeMode'],
      message: "not supported: raw block volumes need a cluster; use 'Filesystem'",
    };
  yield* checkNodeAffinity(volume);
  yield* checkMountOptionsAnnotation(volume);
  yield* checkSource(volume);
  yield* checkReclaimPolicy(volume);
  yield* checkClassName(spec.storageClassName, ['spec', 'storageClassName']);
  yield* checkAttributesClass(volume);
}

/** Annotations that fields replaced. */
export function* checkOldAnnotations(
  { value }: Pick<CheckedDocument, 'value'>,
  keys: readonly string[],
): Iterable<Finding> {
  const annotations = value.metadata?.annotations ?? {};
  for (const key of keys)
    if (Object.hasOwn(annotations, key))
      yield {
        code: 'deprecated',
        severity: 'warning',
        path: ['metadata', 'annotations', key],
        at: 'key',
        message: `the annotation '${key}' is deprecated: use the field '${DEPRECATED_ANNOTATIONS[key] ?? ''}'`,
      };
}

function* checkCapacity({ value: { spec = {} }, isPruned }: PersistentVolume): Iterable<Finding> {
  const path = ['spec', 'capacity'];
  const amounts = Object.entries(spec.capacity ?? {});
  if (spec.capacity?.['storage'] === undefined && !isPruned([...path, 'storage']))
    yield { code: 'missing-field', path: ['spec'], message: 'missing required field capacity.storage' };
  for (const [resource, amount = ''] of amounts) {
    const at: FieldPath = [...path, resource];
    if (resource !== 'storage')
      yield { code: 'unknown-resource', path: at, at: 'key', message: "only 'storage' is allowed" };
    yield* checkAmount('memory', amount, at);
    if (parseQuantity(amount)?.nanos === 0n)
      yield { code: 'invalid-quantity', path: at, message: `must be greater than 0, got '${amount}'` };
    else if (isNegativeOnServer(amount))
      yield { code: 'invalid-quantity', path: at, message: `'${amount}' is larger than 9223372036854775807` };
  }
}

const MOUNT_OPTIONS = 'volume.beta.kubernetes.io/mount-options';

/** The sources that take mount options from the annotation (checkMountOption in pkg/volume/validation/pv_validation.go). */
const WITH_MOUNT_OPTIONS: readonly string[] = [
  'awsElasticBlockStore',
  'azureDisk',
  'azureFile',
  'cephfs',
  'cinder',
  'gcePersistentDisk',
  'glusterfs',
  'iscsi',
  'nfs',
  'photonPersistentDisk',
  'quobyte',
  'rbd',
  'vsphereVolume',
];

function* checkMountOptionsAnnotation({
  value: { metadata, spec = {} },
}: PersistentVolume): Iterable<Finding> {
  if (metadata?.annotations?.[MOUNT_OPTIONS] === undefined) return;
  if (!Object.keys(spec).some((field) => WITH_MOUNT_OPTIONS.includes(field)))
    yield forbiddenField(
      ['metadata', 'annotations', MOUNT_OPTIONS],
      'a volume of this type has no mount options',
    );
}

/** validateVolumeNodeAffinity; a local volume is on one node only. */
function* checkNodeAffinity({ value: { spec = {} }, isPruned }: PersistentVolume): Iterable<Finding> {
  const path = ['spec', 'nodeAffinity'];
  const { nodeAffinity, local } = spec;
  if (nodeAffinity === undefined) {
    if (local !== undefined && !isPruned(path))
      yield {
        code: 'missing-field',
        path: ['spec'],
        message: "missing required field 'nodeAffinity': a local volume is on one node only",
        help: "The label 'kubernetes.io/hostname' selects the node. podpose does not need it; a cluster does.",
      };
    return;
  }
  if (nodeAffinity.required !== undefined)
    yield* checkNodeSelectorOf({ isPruned }, nodeAffinity.required, [...path, 'required']);
  else if (!isPruned([...path, 'required'])) yield missingField(path, 'required');
}

/** A source that Kubernetes reads before flexVolume, which it does not count when it reads the others. */
const BEFORE_FLEX_VOLUME: readonly string[] = [
  'hostPath',
  'gcePersistentDisk',
  'awsElasticBlockStore',
  'glusterfs',
  'flocker',
  'nfs',
  'rbd',
  'quobyte',
  'cephfs',
  'iscsi',
  'cinder',
  'fc',
];

function* checkSource(volume: PersistentVolume): Iterable<Finding> {
  const { value, isPruned } = volume;
  const { spec = {} } = value;
  const sources = Object.keys(spec).filter((field) => !NO_SOURCES.has(field));
  const [first, second] = sources;
  if (second !== undefined) {
    const isTaken =
      sources.length === 2 &&
      sources.includes('flexVolume') &&
      sources.some((field) => BEFORE_FLEX_VOLUME.includes(field));
    yield {
      code: isTaken ? 'not-supported' : 'several-volume-sources',
      path: ['spec', second],
      at: 'key',
      message: `the volume already has the source '${first ?? ''}': only one source is allowed`,
    };
  }
  if (first === undefined && !isPruned(['spec']) && !mayHaveSource(volume))
    yield {
      code: 'missing-field',
      path: ['spec'],
      message: "missing source: needs a 'hostPath' or a 'local'",
    };
  if (spec.hostPath !== undefined) yield* checkHostPath(spec.hostPath, ['spec', 'hostPath']);
  if (spec.local !== undefined) yield* checkLocal(spec.local.path);
  const context = { volume: value.metadata?.name ?? '', isPersistent: true, isPruned };
  yield* checkClusterSources(spec, context, ['spec']);
}

/** The source may be one of the reported errors. */
function mayHaveSource({ complete }: PersistentVolume): boolean {
  return complete === undefined;
}

/** https://kubernetes.io/docs/concepts/storage/volumes/#local */
function* checkLocal(localPath: string | undefined): Iterable<Finding> {
  const path = ['spec', 'local', 'path'];
  if (localPath === '') yield { code: 'invalid-path', path, message: 'must not be empty' };
  else if (localPath !== undefined && hasParentStep(localPath))
    yield { code: 'invalid-path', path, message: `must not contain '..', got '${localPath}'` };
}

function* checkReclaimPolicy({ value: { spec = {} } }: PersistentVolume): Iterable<Finding> {
  if (spec.persistentVolumeReclaimPolicy !== 'Recycle') return;
  const path = ['spec', 'persistentVolumeReclaimPolicy'];
  const hostPath = spec.hostPath?.path;
  if (hostPath !== undefined && isRoot(hostPath))
    yield { code: 'forbidden-field', path, message: "must not be 'Recycle' for the hostPath '/'" };
  else
    yield {
      code: 'deprecated',
      severity: 'warning',
      path,
      message: "'Recycle' is deprecated: use 'Retain', or let a StorageClass provision volumes",
    };
}

/** Whether path.Clean of Go gives `/`. */
function isRoot(hostPath: string): boolean {
  return hostPath.startsWith('/') && hostPath.split('/').every((part) => part === '' || part === '.');
}

function* checkAttributesClass({ value: { spec = {} }, isPruned }: PersistentVolume): Iterable<Finding> {
  const { volumeAttributesClassName: name, csi } = spec;
  if (name === undefined) return;
  yield* checkName(dnsSubdomain, name, ['spec', 'volumeAttributesClassName']);
  if (csi === undefined && !isPruned(['spec', 'csi']))
    yield {
      code: 'missing-field',
      path: ['spec'],
      message: "missing required field 'csi': only volumes of CSI drivers have a volumeAttributesClassName",
    };
}
