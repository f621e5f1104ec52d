import { DEFAULT_FILE_MODE } from './defaults.ts';
import { argumentBytes, LONGEST_ARGUMENT } from '../../base/argument-limits.ts';
import { digest } from '../../base/digest.ts';
import { stableJson } from '../../base/stable-json.ts';
import type { DesiredMount, DesiredPod } from './desired.ts';
import type { FilesSource, PodVolumeSource, VolumeFile, VolumeSource } from './desired-volume.ts';
import type { Content } from '../config/content.ts';
import { isFilesSource, isFileVolume, mountedPodVolumes, type FileVolume } from './volume-kinds.ts';

/** The record of the files of a volume by path: the digest of the content, and the mode unless it is 0644. */
export type FileDigests = Readonly<Record<string, string>>;

/** The record of all file volumes of a pod by name; a long record is replaced with its digest. */
export type PodFileDigests = Readonly<Record<string, FileDigests | string>>;

/** In characters, for each volume. */
const MAX_RECORD_LENGTH = 8192;

/** In bytes, for all volumes: they are one argument of a command, after the name of the label. */
const MAX_RECORDS_BYTES = LONGEST_ARGUMENT - argumentBytes('podpose.files=');

/**
 * The label of a pod for its file volumes: their files and mount points. Labels of older versions have no mount
 * points; there the runtime has created those that the containers needed.
 */
export function podFileRecord(pod: DesiredPod): PodFileDigests {
  return { ...podFileDigests(pod), ...mountPointRecord(pod) };
}

function mountPointRecord(pod: DesiredPod): Readonly<Record<string, string>> {
  const volumes = mountedPodVolumes(pod).filter(isFileVolume);
  return Object.fromEntries(
    volumes.flatMap(({ name, source: { mountPoints } }) =>
      mountPoints === undefined ? [] : [[mountPointKey(name), digest(stableJson(mountPoints))]],
    ),
  );
}

/** The key of the digest of the mount points of a volume. No volume name has a slash. */
export function mountPointKey(volume: string): string {
  return `${volume}/`;
}

export function isMountPointKey(name: string): boolean {
  return name.endsWith('/');
}

export function podFileDigests(pod: DesiredPod): PodFileDigests {
  const volumes = mountedPodVolumes(pod).filter(isFileVolume);
  const usual = recordsOf(volumes, MAX_RECORD_LENGTH);
  const bytes = [usual, mountPointRecord(pod)].map((record) => Buffer.byteLength(JSON.stringify(record)));
  return bytes.reduce((sum, each) => sum + each) > MAX_RECORDS_BYTES ? recordsOf(volumes, 0) : usual;
}

function recordsOf(volumes: readonly FileVolume[], longest: number): PodFileDigests {
  return Object.fromEntries(
    volumes.map(({ name, source }) => {
      const record = fileDigests(source.files);
      const text = JSON.stringify(record);
      return [name, text.length > longest ? digest(text) : record];
    }),
  );
}

function fileDigests(files: readonly VolumeFile[]): FileDigests {
  return Object.fromEntries(files.map((file) => [file.path, filePrint(file)]));
}

/** The digest of a file: `sha256:0123456789abcdef`, or `sha256:0123456789abcdef mode 0400`. */
export function filePrint({ content, mode }: VolumeFile): string {
  return `${contentDigest(content)}${mode === DEFAULT_FILE_MODE ? '' : ` mode ${octal(mode)}`}`;
}

/** The mode in the notation of `chmod`: `0644`. */
export function octal(mode: number): string {
  return `0${mode.toString(8).padStart(3, '0')}`;
}

function contentDigest(content: Content): string {
  switch (content.type) {
    case 'text':
      return digest(content.text);
    case 'binary':
      return digest(content.base64);
    case 'secret':
      return content.fingerprint;
  }
}

/**
 * The record of a mounted volume in its container. For a file volume it is only the type, since containers see
 * updated files without a restart; for a subPath mount it includes the files, since those are never updated.
 * https://kubernetes.io/docs/concepts/configuration/configmap/#mounted-configmaps-are-updated-automatically
 */
export function recordedSource({ source, subPath }: Pick<DesiredMount, 'source' | 'subPath'>): object {
  if (!isFilesSource(source)) return source;
  const { files, mountPoints: _mountPoints, ...kind } = source;
  if (subPath === undefined) return kind;
  const seen = files.filter(({ path }) => path === subPath || path.startsWith(`${subPath}/`));
  return { ...kind, files: fileDigests(seen) };
}

type KindOfFiles = Omit<FilesSource, 'files' | 'mountPoints'>;

/** The part of a source whose change requires a new volume: everything except the files. */
export function kindOfSource(source: PodVolumeSource): Exclude<PodVolumeSource, FilesSource> | KindOfFiles;
export function kindOfSource(source: VolumeSource): Exclude<VolumeSource, FilesSource> | KindOfFiles;
export function kindOfSource(source: VolumeSource): Exclude<VolumeSource, FilesSource> | KindOfFiles {
  if (!isFilesSource(source)) return source;
  const { files: _files, mountPoints: _mountPoints, ...kind } = source;
  return kind;
}
