import { DEFAULT_FILE_MODE } from './defaults.ts';
import { argumentBytes, LONGEST_ARGUMENT } from '../../base/argument-limits.ts';
import { digest } from '../../base/digest.ts';
import { stableJson } from '../../base/stable-json.ts';
import type { DesiredMount, DesiredPod, FilesSource, VolumeFile, VolumeSource } from './desired.ts';
import type { Content } from '../config/content.ts';
import { isFilesSource, isFileVolume, mountedPodVolumes, type FileVolume } from './volume-kinds.ts';

/**
 * What is remembered of the files of a volume, by their paths: for each the digest of its contents, and its
 * mode if it is not 0644.
 */
export type FileDigests = Readonly<Record<string, string>>;

/**
 * What is remembered of all volumes of a pod that are made of files, by their names; a long list by its
 * digest alone.
 */
export type PodFileDigests = Readonly<Record<string, FileDigests | string>>;

/** Bytes, about, of each volume. */
const LONGEST_MEMORY = 8192;

/** All of them together are one argument of a command, with the name of a label before it. */
const LONGEST_MEMORIES = LONGEST_ARGUMENT - argumentBytes('podpose.files=');

/**
 * What the label of a pod says of its volumes that are made of files: the files, and the mount points in
 * them. In that of an older podpose there are no mount points: the runtime has made those that its containers
 * needed.
 */
export function podFileRecord(pod: DesiredPod): PodFileDigests {
  return { ...podFileDigests(pod), ...mountPointMemory(pod) };
}

function mountPointMemory(pod: DesiredPod): Readonly<Record<string, string>> {
  const volumes = mountedPodVolumes(pod).filter(isFileVolume);
  return Object.fromEntries(
    volumes.flatMap(({ name, source: { mountPoints } }) =>
      mountPoints === undefined ? [] : [[mountPointKey(name), digest(stableJson(mountPoints))]],
    ),
  );
}

/** Under what name the mount points in a volume are remembered, by a digest; no volume has it. */
export function mountPointKey(volume: string): string {
  return `${volume}/`;
}

export function isMountPointKey(name: string): boolean {
  return name.endsWith('/');
}

export function podFileDigests(pod: DesiredPod): PodFileDigests {
  const volumes = mountedPodVolumes(pod).filter(isFileVolume);
  const usual = memoriesOf(volumes, LONGEST_MEMORY);
  const bytes = [usual, mountPointMemory(pod)].map((memory) => Buffer.byteLength(JSON.stringify(memory)));
  return bytes.reduce((sum, each) => sum + each) > LONGEST_MEMORIES ? memoriesOf(volumes, 0) : usual;
}

function memoriesOf(volumes: readonly FileVolume[], longest: number): PodFileDigests {
  return Object.fromEntries(
    volumes.map(({ name, source }) => {
      const memory = fileDigests(source.files);
      const text = JSON.stringify(memory);
      return [name, text.length > longest ? digest(text) : memory];
    }),
  );
}

function fileDigests(files: readonly VolumeFile[]): FileDigests {
  return Object.fromEntries(files.map((file) => [file.path, filePrint(file)]));
}

/** The fingerprint of a file: `sha256:0123456789abcdef`, or `sha256:0123456789abcdef mode 0400`. */
export function filePrint({ content, mode }: VolumeFile): string {
  return `${contentDigest(content)}${mode === DEFAULT_FILE_MODE ? '' : ` mode ${octal(mode)}`}`;
}

/** The mode as `chmod` takes it: `0644`. */
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
 * What a container remembers of a volume that it mounts. Of one that is made of files it is no more than what
 * kind it is, for the container sees a new content without being recreated; but for files that it mounts by
 * themselves, with a subPath.
 * https://kubernetes.io/docs/concepts/configuration/configmap/#mounted-configmaps-are-updated-automatically
 */
export function rememberedSource({ source, subPath }: Pick<DesiredMount, 'source' | 'subPath'>): object {
  if (!isFilesSource(source)) return source;
  const { files, mountPoints: _mountPoints, ...kind } = source;
  if (subPath === undefined) return kind;
  const seen = files.filter(({ path }) => path === subPath || path.startsWith(`${subPath}/`));
  return { ...kind, files: fileDigests(seen) };
}

/** What makes a volume another one: of one that is made of files, all but the files. */
export function kindOfSource(
  source: VolumeSource,
): Exclude<VolumeSource, FilesSource> | Omit<FilesSource, 'files' | 'mountPoints'> {
  if (!isFilesSource(source)) return source;
  const { files: _files, mountPoints: _mountPoints, ...kind } = source;
  return kind;
}
