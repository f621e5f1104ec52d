import { formatPath, type FieldPath } from '../../../base/path.ts';
import type { Incomplete } from '../../../manifest/checked-document.ts';
import type {
  DownwardAPIVolumeFile,
  KeyToPath,
  ServiceAccountTokenProjection,
  Volume,
  VolumeProjection,
} from '../../../manifest/schema/generated/kubernetes.ts';
import { FILE_FIELDS } from '../../convert/downward.ts';
import type { Finding } from '../finding.ts';
import { checkRange } from '../fields.ts';
import { filePathProblem, pathLengthProblem } from '../path-syntax.ts';
import { containersOf, type PodObject } from '../../spec/pod-object.ts';
import { normalFilePath } from '../../convert/file-volumes.ts';
import { checkFieldRef, checkResourceRef } from '../config/downward-references.ts';
import {
  checkDataKey,
  checkDataReference,
  type DataReference,
  type KeyedObjects,
} from '../config/references.ts';

/** The rules of Kubernetes for files of volumes in a template, whose ConfigMaps and Secrets are not looked up. */
export function checkFileVolumeFields(pod: PodObject): Iterable<Finding> {
  return pod.isTemplate === true ? checkFileVolumes(pod, NO_OBJECTS) : [];
}

const NO_OBJECTS: KeyedObjects = {
  configMaps: new Map(),
  secrets: new Map(),
};

/** A file of a volume, with its path in the manifest. */
interface NamedFile {
  readonly path: string;
  readonly at: FieldPath;
  /** Whether the path is explicit in the manifest; otherwise it is the key of an object without items. */
  readonly isWritten: boolean;
}

interface Context {
  readonly pod: PodObject;
  readonly objects: KeyedObjects;
  readonly containers: readonly string[];
}

/** Volumes made of files: their sources exist, and each file has its own path. */
export function* checkFileVolumes(pod: PodObject, objects: KeyedObjects): Iterable<Finding> {
  const containers = containersOf(pod).map(({ value }) => value.name ?? '');
  const context = { pod, objects, containers };
  for (const [index, volume] of (pod.value.spec?.volumes ?? []).entries())
    yield* checkFileVolume(volume, ['spec', 'volumes', index], context);
}

function* checkFileVolume(
  { configMap, secret, downwardAPI, projected }: Incomplete<Volume>,
  path: FieldPath,
  context: Context,
): Iterable<Finding> {
  const { objects } = context;
  if (configMap !== undefined) {
    const at = [...path, 'configMap'];
    yield* checkMode(configMap.defaultMode, [...at, 'defaultMode']);
    yield* checkKeyedSource('ConfigMap', configMap, 'name', at, objects);
    yield* checkPlaces(keyedFiles('ConfigMap', configMap, at, objects));
  }
  if (secret !== undefined) {
    const at = [...path, 'secret'];
    yield* checkMode(secret.defaultMode, [...at, 'defaultMode']);
    const source = { ...secret, name: secret.secretName };
    yield* checkKeyedSource('Secret', source, 'secretName', at, objects);
    yield* checkPlaces(keyedFiles('Secret', source, at, objects));
  }
  if (downwardAPI !== undefined) {
    const at = [...path, 'downwardAPI'];
    yield* checkMode(downwardAPI.defaultMode, [...at, 'defaultMode']);
    yield* checkItems(downwardAPI.items ?? [], [...at, 'items'], context);
    yield* checkPlaces(itemFiles(downwardAPI.items ?? [], [...at, 'items']));
  }
  if (projected !== undefined) {
    const at = [...path, 'projected'];
    yield* checkMode(projected.defaultMode, [...at, 'defaultMode']);
    const files: NamedFile[] = [];
    const paths: WrittenPaths = { firsts: new Map(), repeated: new Set() };
    for (const [index, source] of (projected.sources ?? []).entries()) {
      yield* checkProjection(source, [...at, 'sources', index], context, paths);
      files.push(...projectionFiles(source, [...at, 'sources', index], objects));
    }
    yield* checkPlaces(files.filter(({ at }) => !paths.repeated.has(formatPath(at))));
  }
}

/** The paths of the items of a projected volume, and the places of those that others have already. */
interface WrittenPaths {
  readonly firsts: Map<string, FieldPath>;
  readonly repeated: Set<string>;
}

/** validateProjectionSources in pkg/apis/core/validation/validation.go */
function* checkProjection(
  source: Incomplete<VolumeProjection>,
  path: FieldPath,
  context: Context,
  paths: WrittenPaths,
): Iterable<Finding> {
  const { configMap, secret, downwardAPI, serviceAccountToken } = source;
  const [first, second] = Object.keys(source).filter((field) => !DROPPED_SOURCES.includes(field));
  if (Object.keys(source).length === 0 && !context.pod.isPruned(path))
    yield {
      code: 'no-volume-source',
      severity: 'warning',
      path,
      message: 'missing source of the files: there are none',
    };
  if (second !== undefined)
    yield {
      code: 'several-volume-sources',
      path: [...path, second],
      at: 'key',
      message: `the item already has the source '${first ?? ''}': use two items`,
    };
  if (configMap !== undefined)
    yield* checkKeyedSource('ConfigMap', configMap, 'name', [...path, 'configMap'], context.objects);
  if (secret !== undefined)
    yield* checkKeyedSource('Secret', secret, 'name', [...path, 'secret'], context.objects);
  if (downwardAPI !== undefined)
    yield* checkItems(downwardAPI.items ?? [], [...path, 'downwardAPI', 'items'], context);
  if (serviceAccountToken !== undefined)
    yield* checkToken(serviceAccountToken, [...path, 'serviceAccountToken']);
  for (const [field, items = []] of [
    ['secret', secret?.items],
    ['configMap', configMap?.items],
    ['downwardAPI', downwardAPI?.items],
  ] as const)
    yield* checkWrittenPaths(items, [...path, field, 'items'], paths);
}

/** A server drops these: ClusterTrustBundleProjection and PodCertificateRequest are off. */
const DROPPED_SOURCES: readonly string[] = ['clusterTrustBundle', 'podCertificate'];

/** Two items of a projected volume with one path, which a server only compares as texts. */
function* checkWrittenPaths(
  items: readonly { readonly path?: string }[],
  path: FieldPath,
  paths: WrittenPaths,
): Iterable<Finding> {
  for (const [index, { path: written = '' }] of items.entries()) {
    const first = paths.firsts.get(written);
    const at = [...path, index, 'path'];
    if (written === '') continue;
    if (first === undefined) {
      paths.firsts.set(written, at);
      continue;
    }
    paths.repeated.add(formatPath(at));
    yield {
      code: 'duplicate-value',
      path: at,
      message: `duplicate path '${written}': already used by ${formatPath(first.slice(0, -1))}`,
    };
  }
}

/** In seconds: ten minutes and 2^32. */
const TOKEN_LIFETIME = { least: 600, most: 2 ** 32 };

function* checkToken(
  { path: filePath, expirationSeconds }: Incomplete<ServiceAccountTokenProjection>,
  path: FieldPath,
): Iterable<Finding> {
  yield* checkRange(expirationSeconds, TOKEN_LIFETIME.least, TOKEN_LIFETIME.most, [
    ...path,
    'expirationSeconds',
  ]);
  yield* checkPath(filePath, [...path, 'path']);
}

interface KeyedSource extends DataReference {
  readonly items?: readonly Incomplete<KeyToPath>[];
}

function* checkKeyedSource(
  kind: 'ConfigMap' | 'Secret',
  source: KeyedSource,
  nameField: string,
  path: FieldPath,
  objects: KeyedObjects,
): Iterable<Finding> {
  yield* checkDataReference(kind, source, path, objects, nameField);
  for (const [index, item] of (source.items ?? []).entries()) {
    const at = [...path, 'items', index];
    yield* checkPath(item.path, [...at, 'path']);
    yield* checkMode(item.mode, [...at, 'mode']);
    if (item.key === '') yield { code: 'invalid-name', path: [...at, 'key'], message: 'must not be empty' };
    else yield* checkDataKey(kind, { ...source, key: item.key }, [...at, 'key'], objects);
  }
}

/** validateDownwardAPIVolumeFile in pkg/apis/core/validation/validation.go */
function* checkItems(
  items: readonly Incomplete<DownwardAPIVolumeFile>[],
  path: FieldPath,
  { pod, containers }: Context,
): Iterable<Finding> {
  for (const [index, item] of items.entries()) {
    const at = [...path, index];
    const { fieldRef, resourceFieldRef, mode } = item;
    yield* checkPath(item.path, [...at, 'path']);
    yield* checkMode(mode, [...at, 'mode']);
    if (fieldRef !== undefined && resourceFieldRef !== undefined)
      yield {
        code: 'several-values',
        path: [...at, 'resourceFieldRef'],
        at: 'key',
        message: "'fieldRef' and 'resourceFieldRef' are mutually exclusive",
      };
    const isKnown = !pod.isPruned(at) && !pod.isPruned([...at, 'fieldRef']);
    if (
      fieldRef === undefined &&
      resourceFieldRef === undefined &&
      isKnown &&
      !pod.isPruned([...at, 'resourceFieldRef'])
    )
      yield { code: 'missing-field', path: at, message: "needs a 'fieldRef' or a 'resourceFieldRef'" };
    if (fieldRef !== undefined) yield* checkFieldRef(fieldRef, FILE_FIELDS, [...at, 'fieldRef']);
    if (resourceFieldRef === undefined) continue;
    yield* checkResourceRef(resourceFieldRef, [...at, 'resourceFieldRef'], containers);
    const container = [...at, 'resourceFieldRef', 'containerName'];
    if ((resourceFieldRef.containerName ?? '') === '' && !pod.isPruned(container))
      yield {
        code: 'missing-field',
        path: [...at, 'resourceFieldRef'],
        at: 'key',
        message: "missing required field 'containerName'",
        help: 'A volume is not tied to a container: name the container to read the resource from.',
      };
  }
}

function* checkPath(filePath: string | undefined, path: FieldPath): Iterable<Finding> {
  if (filePath === undefined) return;
  const message = filePathProblem(filePath);
  const tooLong = pathLengthProblem(filePath);
  if (message !== undefined) yield { code: 'invalid-path', path, message };
  else if (tooLong !== undefined) yield { code: 'unusable-path', path, message: tooLong };
  else if (normalFilePath(filePath) === '.')
    yield { code: 'unusable-path', path, message: `must be the path of a file, got '${filePath}'` };
}

/** A mode with digits 8 or 9 is ambiguous; a number beyond 0777 was most likely meant as octal. */
function* checkMode(mode: number | undefined, path: FieldPath): Iterable<Finding> {
  if (mode === undefined || (mode >= 0 && mode <= 0o777)) return;
  const digits = mode.toString();
  const isOctal = /^[0-7]{3}$/.test(digits);
  yield {
    code: 'out-of-range',
    path,
    message: `invalid mode: must be between 0 and 0777 (decimal 511), got ${mode}`,
    ...(isOctal ? { suggestion: `0${digits}` } : {}),
  };
}

function keyedFiles(
  kind: 'ConfigMap' | 'Secret',
  { name = '', items = [] }: KeyedSource,
  path: FieldPath,
  objects: KeyedObjects,
): readonly NamedFile[] {
  if (items.length > 0) return itemFiles(items, [...path, 'items']);
  const all = kind === 'ConfigMap' ? objects.configMaps : objects.secrets;
  return [...(all.get(name)?.values.keys() ?? [])].map((key) => ({ path: key, at: path, isWritten: false }));
}

function itemFiles(items: readonly { readonly path?: string }[], path: FieldPath): readonly NamedFile[] {
  return items.flatMap((item, index) =>
    item.path === undefined || item.path === ''
      ? []
      : [{ path: normalFilePath(item.path), at: [...path, index, 'path'], isWritten: true }],
  );
}

function projectionFiles(
  { configMap, secret, downwardAPI }: Incomplete<VolumeProjection>,
  path: FieldPath,
  objects: KeyedObjects,
): readonly NamedFile[] {
  return [
    ...(secret === undefined ? [] : keyedFiles('Secret', secret, [...path, 'secret'], objects)),
    ...(configMap === undefined ? [] : keyedFiles('ConfigMap', configMap, [...path, 'configMap'], objects)),
    ...(downwardAPI === undefined
      ? []
      : itemFiles(downwardAPI.items ?? [], [...path, 'downwardAPI', 'items'])),
  ];
}

/**
 * Two files at one path, or a file in place of another file's directory. If one of them is a key of an object
 * without items, Kubernetes uses the later file.
 */
function* checkPlaces(files: readonly NamedFile[]): Iterable<Finding> {
  const firsts = new Map<string, NamedFile>();
  for (const file of files) {
    const first = firsts.get(file.path);
    if (first === undefined) firsts.set(file.path, file);
    else if (first.isWritten && file.isWritten)
      yield {
        code: 'duplicate-path',
        path: file.at,
        message: `duplicate path '${file.path}': already used by ${formatPath(first.at.slice(0, -1))}`,
      };
    else
      yield {
        code: 'duplicate-path',
        severity: 'warning',
        path: file.at,
        message: `file '${file.path}' replaces the one from ${formatPath(first.at)}`,
      };
  }
  for (const file of firsts.values()) {
    const parts = file.path.split('/');
    const above = parts
      .slice(0, -1)
      .flatMap((_part, index) => firsts.get(parts.slice(0, index + 1).join('/')) ?? [])[0];
    if (above !== undefined)
      yield {
        code: 'duplicate-path',
        path: file.at,
        message: `'${file.path}' needs a directory '${above.path}', which is a file (${formatPath(above.at)})`,
      };
  }
}
