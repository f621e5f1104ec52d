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
import type { FilesSource, VolumeFile } from '../spec/desired.ts';
import { fieldValue, resourceValue } from './downward.ts';
import type { KeyedData } from '../config/keyed-data.ts';
import type { ConvertContext } from './convert-context.ts';

/** A volume that is made of files; undefined for one of another kind. */
export function convertFileVolume(
  { configMap, secret, projected, downwardAPI }: Volume,
  pod: Pod,
  surroundings: ConvertContext,
): FilesSource | undefined {
  const { configMaps, secrets } = surroundings.objects;
  if (configMap !== undefined)
    return filesSource('configMap', false, keyFiles(configMaps.get(configMap.name ?? ''), configMap));
  if (secret !== undefined)
    return filesSource('secret', true, keyFiles(secrets.get(secret.secretName ?? ''), secret));
  if (downwardAPI !== undefined) {
    const { items = [], defaultMode } = downwardAPI;
    return filesSource('downwardAPI', false, podFiles(items, defaultMode, pod, surroundings));
  }
  if (projected === undefined) return undefined;
  const { sources = [], defaultMode } = projected;
  return filesSource(
    'projected',
    sources.some((source) => source.secret !== undefined),
    sources.flatMap((source) => projectedFiles(source, defaultMode, pod, surroundings)),
  );
}

/** https://kubernetes.io/docs/concepts/storage/projected-volumes/ */
function projectedFiles(
  { configMap, secret, downwardAPI }: VolumeProjection,
  defaultMode: number | undefined,
  pod: Pod,
  surroundings: ConvertContext,
): readonly VolumeFile[] {
  const { configMaps, secrets } = surroundings.objects;
  const mode = defaultMode === undefined ? {} : { defaultMode };
  return [
    ...(secret === undefined ? [] : keyFiles(secrets.get(secret.name ?? ''), { ...secret, ...mode })),
    ...(configMap === undefined
      ? []
      : keyFiles(configMaps.get(configMap.name ?? ''), { ...configMap, ...mode })),
    ...(downwardAPI === undefined ? [] : podFiles(downwardAPI.items ?? [], defaultMode, pod, surroundings)),
  ];
}

/**
 * Of two files at one path the later counts, as the kubelet has it (collectData in
 * pkg/volume/projected/projected.go).
 */
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
 * A file for each key, or for each that is named. What is not there is optional; checks have refused any
 * other. MakePayload in pkg/volume/configmap/configmap.go
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
    // Addresses are in no file: checks have refused them.
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

/** As the kubelet cleans it before it writes: validatePayload in pkg/volume/util/atomic_writer.go. */
export function normalFilePath(written: string): string {
  return normalize(written).replace(/\/$/, '');
}
