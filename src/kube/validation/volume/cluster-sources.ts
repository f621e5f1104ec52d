import { isObject } from '../../../base/json-members.ts';
import type { FieldPath } from '../../../base/path.ts';
import { missingField } from '../fields.ts';
import type { Finding } from '../finding.ts';
import { checkNumber, isEmpty, sourceChecks, type ClusterSource } from './cluster-source-checks.ts';

/** The sources of an object with the fields of volumes. */
export function* checkClusterSources(
  volume: object,
  context: Omit<ClusterSource, 'kind' | 'value' | 'path'>,
  path: FieldPath,
): Iterable<Finding> {
  for (const [kind, value] of Object.entries(volume)) {
    const known: unknown = value;
    if (isObject(known)) yield* checkClusterSource({ ...context, kind, value: known, path: [...path, kind] });
  }
}

/** Fields that must not be empty (the validate...VolumeSource functions in pkg/apis/core/validation). */
const required: Readonly<Record<string, readonly string[]>> = {
  awsElasticBlockStore: ['volumeID'],
  azureDisk: ['diskName', 'diskURI'],
  azureFile: ['secretName', 'shareName'],
  cephfs: ['monitors'],
  cinder: ['volumeID'],
  csi: ['driver'],
  flexVolume: ['driver'],
  gcePersistentDisk: ['pdName'],
  gitRepo: ['repository'],
  glusterfs: ['endpoints', 'path'],
  iscsi: ['targetPortal', 'iqn'],
  nfs: ['server', 'path'],
  photonPersistentDisk: ['pdID'],
  portworxVolume: ['volumeID'],
  quobyte: ['registry', 'volume'],
  rbd: ['monitors', 'image'],
  scaleIO: ['gateway', 'system', 'volumeName'],
  storageos: ['volumeName'],
  vsphereVolume: ['volumePath'],
};

const requiredOfPersistent: Readonly<Record<string, readonly string[]>> = { csi: ['volumeHandle'] };

/** Numbers of partitions and units. */
const numbers: Readonly<Record<string, string>> = {
  awsElasticBlockStore: 'partition',
  gcePersistentDisk: 'partition',
  iscsi: 'lun',
};

/** Since which release a source is deprecated, and since which no node can mount it (warnings of pkg/api/pod and persistentvolume). */
const deprecated: Readonly<Record<string, readonly [since: string, gone: string]>> = {
  cephfs: ['1.28', '1.31'],
  flocker: ['1.22', '1.25'],
  gitRepo: ['1.11', '1.33'],
  glusterfs: ['1.25', '1.26'],
  photonPersistentDisk: ['1.11', '1.16'],
  quobyte: ['1.22', '1.25'],
  rbd: ['1.28', '1.31'],
  scaleIO: ['1.16', '1.22'],
  storageos: ['1.22', '1.25'],
};

const silentAsPersistent: readonly string[] = ['flocker', 'quobyte'];

function* checkClusterSource(source: ClusterSource): Iterable<Finding> {
  const { kind, value, path, isPersistent, isPruned } = source;
  const needed = [...(required[kind] ?? []), ...(isPersistent ? (requiredOfPersistent[kind] ?? []) : [])];
  for (const field of needed)
    if (isEmpty(value[field]) && !isPruned([...path, field])) yield missingField(path, field);
  const number = numbers[kind];
  if (number !== undefined) yield* checkNumber(value[number], [...path, number]);
  yield* sourceChecks[kind]?.(source) ?? [];
  const release = deprecated[kind];
  if (release !== undefined && !(isPersistent && silentAsPersistent.includes(kind)))
    yield {
      code: 'deprecated',
      severity: 'warning',
      path,
      at: 'key',
      message: `${kind} is deprecated since Kubernetes ${release[0]}, and cannot be mounted since ${release[1]}`,
    };
}
