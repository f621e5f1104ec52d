import { dirname } from 'node:path/posix';
import type { Diagnostic } from '../../base/diagnostic.ts';
import type { FileType } from '../../base/file-type.ts';
import { formatPath } from '../../base/path.ts';
import type { DesiredPod } from '../spec/desired.ts';
import type { HostPathSource } from '../spec/desired-volume.ts';
import type { SourcedPod } from '../pod-set.ts';

/** Access to the files of this machine. */
export interface HostFiles {
  /** The file type at an absolute path; follows symbolic links. */
  readonly typeOf: (path: string) => FileType;
}

/** A missing path of type `DirectoryOrCreate` (mode 0755) or `FileOrCreate` (mode 0644). */
export interface HostPathToCreate {
  readonly path: string;
  readonly what: 'directory' | 'file';
}

/** The file type required by a hostPath `type`, and its name in messages of the kubelet. */
interface Wanted {
  readonly is: FileType;
  readonly called: string;
}

const directory: Wanted = { is: 'directory', called: 'a directory' };
const file: Wanted = { is: 'file', called: 'a file' };

function wantedBy({ hostPathType }: HostPathSource): Wanted | undefined {
  switch (hostPathType) {
    case '':
      return undefined;
    case 'Directory':
    case 'DirectoryOrCreate':
      return directory;
    case 'File':
    case 'FileOrCreate':
      return file;
    case 'Socket':
      return { is: 'socket', called: 'a socket file' };
    case 'CharDevice':
      return { is: 'character device', called: 'a character device' };
    case 'BlockDevice':
      return { is: 'block device', called: 'a block device' };
  }
}

/**
 * https://kubernetes.io/docs/concepts/storage/volumes/#hostpath, checked as in
 * pkg/volume/hostpath/host_path.go
 */
export function checkHostPaths(pods: readonly SourcedPod[], files: HostFiles): readonly Diagnostic[] {
  const reported = new Set<string>();
  return pods.flatMap((sourced) =>
    sourced.pod.volumes.flatMap((volume, index) => {
      const { source, persistentVolume } = volume;
      const problem = source.type === 'hostPath' ? checkHostPath(source, sourced.pod, files) : undefined;
      if (problem === undefined || (persistentVolume !== undefined && reported.has(persistentVolume)))
        return [];
      if (persistentVolume !== undefined) reported.add(persistentVolume);
      return [
        { ...problem, severity: 'error' as const, ...placeOfHostPath(sourced, persistentVolume, index) },
      ];
    }),
  );
}

/** The location of the path: in the pod, or in the PersistentVolume, which several pods may mount. */
export function placeOfHostPath(
  { locate, locatePersistentVolume }: SourcedPod,
  persistentVolume: string | undefined,
  index: number,
): Pick<Diagnostic, 'path' | 'location'> {
  const inVolume = ['spec', 'hostPath', 'path'];
  const location =
    persistentVolume === undefined ? undefined : locatePersistentVolume(persistentVolume, inVolume);
  if (location !== undefined) return { path: formatPath(inVolume), location };
  const path = ['spec', 'volumes', index, 'hostPath', 'path'];
  return { path: formatPath(path), location: locate(path) };
}

/**
 * The paths to create before the pod, in the order of its volumes: directories, then files, possibly in them.
 */
export function hostPathsToCreate(pod: DesiredPod, files: HostFiles): readonly HostPathToCreate[] {
  const found = new Map<string, HostPathToCreate>();
  for (const { source } of pod.volumes) {
    if (source.type !== 'hostPath' || !isCreated(source)) continue;
    const { path } = source;
    if (files.typeOf(path) === 'absent' && !found.has(path))
      found.set(path, { path, what: source.hostPathType === 'FileOrCreate' ? 'file' : 'directory' });
  }
  const all = [...found.values()];
  return [...all.filter(({ what }) => what === 'directory'), ...all.filter(({ what }) => what === 'file')];
}

type Problem = Pick<Diagnostic, 'code' | 'message' | 'help'>;

function checkHostPath(source: HostPathSource, pod: DesiredPod, files: HostFiles): Problem | undefined {
  const { path } = source;
  const type = files.typeOf(path);
  if (type === 'unreadable') return { code: 'host-path-unreadable', message: `permission denied: ${path}` };
  if (type === 'absent') return isCreated(source) ? checkParent(source, pod, files) : missing(source);
  const wanted = wantedBy(source);
  if (wanted === undefined || type === wanted.is) return undefined;
  return {
    code: 'host-path-type',
    message: `hostPath type check failed: ${path} is not ${wanted.called}`,
    help: `It is ${type === 'other' ? 'something else' : `a ${type}`}.`,
  };
}

function isCreated({ hostPathType }: HostPathSource): boolean {
  return hostPathType === 'DirectoryOrCreate' || hostPathType === 'FileOrCreate';
}

/**
 * Parent directories of a file are not created, except by another volume of the pod. Parents of a directory
 * are created, unless a file is in the way.
 */
function checkParent(
  { path, hostPathType }: HostPathSource,
  pod: DesiredPod,
  files: HostFiles,
): Problem | undefined {
  let parent = dirname(path);
  if (files.typeOf(parent) === 'absent' && createsDirectory(pod, parent)) return undefined;
  if (hostPathType === 'DirectoryOrCreate')
    while (parent !== '/' && files.typeOf(parent) === 'absent') parent = dirname(parent);
  const type = files.typeOf(parent);
  if (type === 'directory') return undefined;
  return type === 'absent'
    ? {
        code: 'host-path-missing',
        message: `cannot create ${path}: no such directory: ${parent}`,
        help: `Create it with 'mkdir -p ${parent}': FileOrCreate creates only the file.`,
      }
    : { code: 'host-path-type', message: `cannot create ${path}: ${parent} is not a directory` };
}

function createsDirectory({ volumes }: DesiredPod, directory: string): boolean {
  return volumes.some(
    ({ source }) =>
      source.type === 'hostPath' &&
      source.hostPathType === 'DirectoryOrCreate' &&
      `${source.path}/`.startsWith(`${directory}/`),
  );
}

/** Without a type, Kubernetes does not check; but a missing path cannot be mounted. */
function missing(source: HostPathSource): Problem {
  const { path } = source;
  const wanted = wantedBy(source);
  const isDirectory = wanted === undefined || wanted === directory;
  return {
    code: 'host-path-missing',
    message:
      wanted === undefined
        ? `${path} does not exist`
        : `hostPath type check failed: ${path} is not ${wanted.called}: it does not exist`,
    ...(isDirectory
      ? { help: `Create it with 'mkdir -p ${path}', or set 'type: DirectoryOrCreate'.` }
      : wanted === file
        ? { help: "Set 'type: FileOrCreate' to create an empty file." }
        : {}),
  };
}
