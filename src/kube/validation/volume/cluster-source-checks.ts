import { isObject, membersOf } from '../../../base/json-members.ts';
import type { FieldPath } from '../../../base/path.ts';
import type { CheckedDocument } from '../../../manifest/checked-document.ts';
import { checkRange, missingField } from '../fields.ts';
import type { Finding } from '../finding.ts';
import { checkName, dnsLabel, dnsSubdomain } from '../names.ts';
import { hasParentStep } from '../path-syntax.ts';

/** A volume of storage that only a cluster has, in a pod or as a PersistentVolume. */
export interface ClusterSource {
  /** The field, such as `iscsi`. */
  readonly kind: string;
  readonly value: Readonly<Record<string, unknown>>;
  readonly path: FieldPath;
  /** The name of the volume in the pod, or of the PersistentVolume. */
  readonly volume: string;
  readonly isPersistent: boolean;
  readonly isPruned: CheckedDocument['isPruned'];
}

/** The rules of single sources (the validate...VolumeSource functions in pkg/apis/core/validation). */
export const sourceChecks: Readonly<Record<string, (source: ClusterSource) => Iterable<Finding>>> = {
  azureDisk: checkAzureDisk,
  azureFile: checkAzureFile,
  cinder: checkSecretName,
  csi: checkCsi,
  fc: checkFibreChannel,
  flexVolume: checkFlexVolume,
  flocker: checkFlocker,
  gitRepo: checkGitRepo,
  glusterfs: checkGlusterfs,
  iscsi: checkIscsi,
  nfs: checkNfs,
  quobyte: checkQuobyte,
  storageos: checkStorageOS,
};

export function isEmpty(value: unknown): boolean {
  return value === undefined || value === '' || (Array.isArray(value) && value.length === 0);
}

function textOf({ value }: Pick<ClusterSource, 'value'>, field: string): string {
  const text = value[field];
  return typeof text === 'string' ? text : '';
}

export function* checkNumber(value: unknown, path: FieldPath): Iterable<Finding> {
  if (typeof value === 'number') yield* checkRange(value, 0, 255, path);
}

function wrongForm(path: FieldPath, form: string, text: string): Finding {
  return { code: 'wrong-value', path, message: `must be ${form}, got '${text}'` };
}

function* checkAzureDisk(source: ClusterSource): Iterable<Finding> {
  const uri = textOf(source, 'diskURI');
  const start = textOf(source, 'kind') === 'Managed' ? '/subscriptions/' : 'https://';
  if (source.isPruned([...source.path, 'kind']) || uri === '' || uri.startsWith(start)) return;
  yield wrongForm([...source.path, 'diskURI'], `an address that begins with '${start}'`, uri);
}

function* checkAzureFile({ value, path, isPersistent }: ClusterSource): Iterable<Finding> {
  if (isPersistent && value['secretNamespace'] === '') yield missingField(path, 'secretNamespace');
}

/** The Secret with the credentials: its name, and its namespace in a PersistentVolume. */
function* checkSecretName({ value, path, isPersistent, isPruned }: ClusterSource): Iterable<Finding> {
  const reference = value['secretRef'];
  if (!isObject(reference)) return;
  const at = [...path, 'secretRef'];
  for (const field of isPersistent ? ['name', 'namespace'] : ['name'])
    if (isEmpty(reference[field]) && !isPruned([...at, field])) yield missingField(at, field);
}

const PERSISTENT_SECRETS = [
  'controllerPublishSecretRef',
  'controllerExpandSecretRef',
  'nodePublishSecretRef',
  'nodeExpandSecretRef',
];

/** ValidateCSIDriverName and validatePVSecretReference. */
function* checkCsi(source: ClusterSource): Iterable<Finding> {
  const { value, path, isPersistent, isPruned } = source;
  const driver = textOf(source, 'driver');
  if (driver !== '')
    yield* checkName({ ...dnsSubdomain, longest: 63 }, driver.toLowerCase(), [...path, 'driver']);
  for (const field of isPersistent ? PERSISTENT_SECRETS : ['nodePublishSecretRef']) {
    const reference = value[field];
    if (!isObject(reference)) continue;
    const at = [...path, field];
    const parts = isPersistent
      ? ([
          ['name', dnsSubdomain],
          ['namespace', dnsLabel],
        ] as const)
      : ([['name', dnsSubdomain]] as const);
    for (const [part, rule] of parts) {
      const name = textOf({ value: reference }, part);
      if (name !== '') yield* checkName(rule, name, [...at, part]);
      else if (!isPruned([...at, part])) yield missingField(at, part);
    }
  }
}

function* checkFibreChannel({ value, path, isPruned }: ClusterSource): Iterable<Finding> {
  const [names, ids] = [membersOf(value['targetWWNs']), membersOf(value['wwids'])];
  if (isPruned([...path, 'targetWWNs']) || isPruned([...path, 'wwids'])) return;
  if (names.length === 0 && ids.length === 0)
    yield { code: 'missing-field', path, at: 'key', message: "requires 'targetWWNs' or 'wwids'" };
  if (names.length > 0 && ids.length > 0)
    yield {
      code: 'several-values',
      path: [...path, 'wwids'],
      at: 'key',
      message: "'targetWWNs' and 'wwids' are mutually exclusive",
    };
  if (names.length === 0) return;
  if (value['lun'] === undefined && !isPruned([...path, 'lun'])) yield missingField(path, 'lun');
  yield* checkNumber(value['lun'], [...path, 'lun']);
}

function* checkFlexVolume({ value, path }: ClusterSource): Iterable<Finding> {
  const options = value['options'];
  for (const key of isObject(options) ? Object.keys(options) : []) {
    const domain = `.${(key.split('/', 1)[0] ?? '').toLowerCase()}`;
    if (domain.endsWith('.kubernetes.io') || domain.endsWith('.k8s.io'))
      yield {
        code: 'wrong-value',
        path: [...path, 'options', key],
        at: 'key',
        message: `'${key}' must not be in a domain of Kubernetes: kubernetes.io and k8s.io are reserved`,
      };
  }
}

function* checkFlocker(source: ClusterSource): Iterable<Finding> {
  const { path, isPruned } = source;
  const [name, uuid] = [textOf(source, 'datasetName'), textOf(source, 'datasetUUID')];
  if (isPruned([...path, 'datasetName']) || isPruned([...path, 'datasetUUID'])) return;
  if (name === '' && uuid === '')
    yield { code: 'missing-field', path, at: 'key', message: "requires 'datasetName' or 'datasetUUID'" };
  if (name !== '' && uuid !== '')
    yield {
      code: 'several-values',
      path: [...path, 'datasetUUID'],
      at: 'key',
      message: "'datasetName' and 'datasetUUID' are mutually exclusive",
    };
  if (name.includes('/'))
    yield {
      code: 'wrong-value',
      path: [...path, 'datasetName'],
      message: `must not contain '/', got '${name}'`,
    };
}

function* checkGitRepo(source: ClusterSource): Iterable<Finding> {
  const directory = textOf(source, 'directory');
  const path = [...source.path, 'directory'];
  if (directory.startsWith('/'))
    yield { code: 'invalid-path', path, message: `must be a relative path, got '${directory}'` };
  else if (hasParentStep(directory))
    yield { code: 'invalid-path', path, message: `must not contain '..', got '${directory}'` };
}

function* checkGlusterfs({ value, path, isPersistent }: ClusterSource): Iterable<Finding> {
  const namespace = value['endpointsNamespace'];
  if (isPersistent && typeof namespace === 'string')
    yield* checkName(dnsLabel, namespace, [...path, 'endpointsNamespace']);
}

/** Names of initiators and targets (RFC 3720, section 3.2.6), as the regular expressions of Kubernetes have them. */
const ISCSI_NAMES: Readonly<Record<string, RegExp>> = {
  iqn: /iqn\.\d{4}-\d{2}\.[A-Za-z0-9.-]+:[^,;*&$|\s]+$/,
  eui: /^eui.[A-Za-z0-9]{16}$/s,
  naa: /^naa.[A-Za-z0-9]{32}$/s,
};

/** In bytes: the name of the volume, a colon and the portal, where the initiator has a name. */
const LONGEST_INITIATOR = 64;

function* checkIscsi(source: ClusterSource): Iterable<Finding> {
  const { value, path, volume, isPersistent, isPruned } = source;
  for (const field of ['iqn', 'initiatorName']) {
    const name = value[field];
    if (typeof name !== 'string' || (field === 'iqn' && name === '')) continue;
    if (ISCSI_NAMES[name.slice(0, 3)]?.test(name) !== true)
      yield wrongForm([...path, field], "a name of iSCSI such as 'iqn.2026-01.com.example:storage'", name);
  }
  const needsSecret = value['chapAuthDiscovery'] === true || value['chapAuthSession'] === true;
  if (needsSecret && value['secretRef'] === undefined && !isPruned([...path, 'secretRef']))
    yield missingField(path, 'secretRef');
  if (isPersistent) {
    const reference = value['secretRef'];
    const at = [...path, 'secretRef'];
    if (isObject(reference) && isEmpty(reference['name']) && !isPruned([...at, 'name']))
      yield missingField(at, 'name');
  }
  const portal = textOf(source, 'targetPortal');
  if (value['initiatorName'] !== undefined && Buffer.byteLength(`${volume}:${portal}`) > LONGEST_INITIATOR)
    yield {
      code: 'wrong-value',
      path: [...path, 'targetPortal'],
      message: `must have at most ${LONGEST_INITIATOR} bytes together with the name of the volume '${volume}' and a colon, where 'initiatorName' is set`,
    };
}

function* checkNfs(source: ClusterSource): Iterable<Finding> {
  const directory = textOf(source, 'path');
  if (directory !== '' && !directory.startsWith('/'))
    yield {
      code: 'invalid-path',
      path: [...source.path, 'path'],
      message: `must be an absolute path, got '${directory}'`,
    };
}

/** One address; an address of IPv6 is in brackets (SplitHostPort in Go's net). */
const HOST_AND_PORT = /^(?:\[[^[\]]*\]|[^:[\]]*):[^:[\]]*$/;

function* checkQuobyte(source: ClusterSource): Iterable<Finding> {
  const [registry, tenant] = [textOf(source, 'registry'), textOf(source, 'tenant')];
  if (registry === '') return;
  if (Buffer.byteLength(tenant) > 64)
    yield {
      code: 'wrong-value',
      path: [...source.path, 'tenant'],
      message: 'must have at most 64 characters',
    };
  else if (!registry.split(',').every((address) => HOST_AND_PORT.test(address)))
    yield wrongForm([...source.path, 'registry'], "HOST:PORT, or several with ',' between them", registry);
}

function* checkStorageOS(source: ClusterSource): Iterable<Finding> {
  for (const field of ['volumeName', 'volumeNamespace']) {
    const name = textOf(source, field);
    if (name !== '') yield* checkName(dnsLabel, name, [...source.path, field]);
  }
  yield* checkSecretName(source);
}
