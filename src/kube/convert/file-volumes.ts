import { defined } from '../../base/defined.ts';
import { compareTexts } from '../../base/text.ts';
import { DEFAULT_FILE_MODE } from '../spec/defaults.ts';
import { normalize } from 'node:path/posix';
import type {
  ConfigMapVolumeSource,
  DownwardAPIVolumeFile,
  Pod,
  Volume,
  VolumeProjection,
} from '../../manifest/schema/generated/kubernetes.ts';
import type { FilesSource, VolumeFile } from '../spec/desired-volume.ts';
import { fieldValue, resourceValue } from './downward.ts';
import type { KeyedData } from '../config/keyed-data.ts';
import type { ConvertContext } from './convert-context.ts';

/** Converts a volume made of files; undefined for other volumes. */
export function convertFileVolume(
  { configMap, secret, projected, downwardAPI }: Volume,
  pod: Pod,
  context: ConvertContext,
): FilesSource | undefined {
  const { configMaps, secrets } = context.objects;
  if (configMap !== undefined)
    return filesSource('configMap', false, keyFiles(configMaps.get(configMap.name ?? ''), configMap));
  if (secret !== undefined)
    return filesSource('secret', true, keyFiles(secrets.get(secret.secretName ?? ''), secret));
  if (downwardAPI !== undefined) {
    const { items = [], defaultMode } = downwardAPI;
    return filesSource('downwardAPI', false, podFiles(items, defaultMode, pod, context));
  }
  if (projected === undefined) return undefined;
  const { sources = [], defaultMode } = projected;
  return filesSource(
    'projected',
    sources.some((source) => source.secret !== undefined),
    sources.flatMap((source) => projectedFiles(source, defaultMode, pod, context)),
  );
}

/** https://kubernetes.io/docs/concepts/storage/projected-volumes/ */
function projectedFiles(
  { configMap, secret, downwardAPI }: VolumeProjection,
  defaultMode: number | undefined,
  pod: Pod,
  context: ConvertContext,
): readonly VolumeFile[] {
  const { configMaps, secrets } = context.objects;
  const mode = defined({ defaultMode });
  return [
    ...(secret === undefined ? [] : keyFiles(secrets.get(secret.name ?? ''), { ...secret, ...mode })),
    ...(configMap === undefined
      ? []
      : keyFiles(configMaps.get(configMap.name ?? ''), { ...configMap, ...mode })),
    ...(downwardAPI === undefined ? [] : podFiles(downwardAPI.items ?? [], defaultMode, pod, context)),
  ];
}

/** The later of two files with one path takes precedence (collectData in pkg/volume/projected/projected.go). */
function filesSource(
  type: FilesSource['type'],
  hasSecrets: boolean,
  files: readonly VolumeFile[],
): FilesSource {
  const byPath = new Map(files.map((file) => [file.path, file]));
  return {
    type,
    medium: hasSecrets ? 'Memory' : 'disk',
    files: [...byPath.values()].sort((a, b) => compareTexts(a.path, b.path)),
  };
}

/**
 * One file for each key or, with items, for each item. Missing data is optional: validation refuses it otherwise
 * (MakePayload in pkg/volume/configmap/configmap.go).
 */
function keyFiles(
  data: KeyedData | undefined,
  { items = [], defaultMode = DEFAULT_FILE_MODE }: Pick<ConfigMapVolumeSource, 'items' | 'defaultMode'>,
): readonly VolumeFile[] {
  if (data === undefined) return [];
  if (items.length === 0)
    return [...data.values].map(([path, content]) => ({ path, mode: defaultMode, content }));
  return items.flatMap(({ key, path, mode = defaultMode }) => {
    const content = data.values.get(key);
    return content === undefined ? [] : [{ path: normalFilePath(path), mode, content }];
  });
}

/** https://kubernetes.io/docs/concepts/storage/volumes/#downwardapi */
function podFiles(
  items: readonly DownwardAPIVolumeFile[],
  defaultMode = DEFAULT_FILE_MODE,
  pod: Pod,
  { project, machine }: ConvertContext,
): readonly VolumeFile[] {
  return items.map(({ path, mode = defaultMode, fieldRef, resourceFieldRef }) => {
    const of = fieldRef === undefined ? '' : fieldValue(fieldRef.fieldPath, pod, project, machine);
    // Validation refuses addresses in files.
    let text = typeof of === 'string' ? of : '';
    if (resourceFieldRef !== undefined) {
      const { resource, containerName = '', divisor = '' } = resourceFieldRef;
      const container = [...(pod.spec.initContainers ?? []), ...pod.spec.containers].find(
        ({ name }) => name === containerName,
      );
      text = resourceValue(resource, divisor, container?.resources ?? {}, machine);
    }
    return { path: normalFilePath(path), mode, content: { type: 'text', text } };
  });
}

/** Normalizes a file path as the kubelet does (validatePayload in pkg/volume/util/atomic_writer.go). */
export function normalFilePath(written: string): string {
  return normalize(written).replace(/\/$/, '');
}
