import type { ContainerRole, DesiredMount } from '../../kube/spec/desired.ts';
import { isTerminationMount } from '../../kube/spec/termination-message.ts';
import type { DirectoryOrigin } from '../inspect/volume-origin.ts';
import type { PodmanCapabilities } from '../inspect/version.ts';
import { SUB_PATH_HELP } from '../known-failures.ts';
import { podmanWith, volumeDirectory, type Argument, type AskedArgument } from './argument.ts';
import type { Definitions } from './definition.ts';
import { reportScript, type ReportTable } from './report.ts';
import { containerSubject, podSubject } from './subjects.ts';

export type SubPathOperation = MakeSubPath | CloseSubPaths | MakeTerminationLog;

/**
 * Creates the directory of a subPath before the container starts, like the kubelet, unless it exists. Where podman
 * itself does not open it safely, it is opened and mounted for the container.
 */
export interface MakeSubPath {
  readonly kind: 'make-sub-path';
  readonly pod: string;
  readonly container: string;
  readonly role: ContainerRole;
  readonly from: DirectoryOrigin;
  readonly mount: DesiredMount;
  /** The index of the mount in the container, from 0. */
  readonly index: number;
  readonly subPath: string;
}

/** Unmounts what `MakeSubPath` has mounted for the containers of a removed pod. */
export interface CloseSubPaths {
  readonly kind: 'close-sub-paths';
  readonly pod: string;
}

/** Creates the termination message file of a container, empty and writable for every user. */
export interface MakeTerminationLog {
  readonly kind: 'make-termination-log';
  readonly pod: string;
  readonly container: string;
  readonly role: ContainerRole;
  /** podman's name. */
  readonly volume: string;
}

export const SUB_PATH_OPERATIONS: Definitions<SubPathOperation> = {
  'make-sub-path': {
    command: (operation, capabilities) => podmanWith(makeSubPathArguments(operation, capabilities)),
    describe: ({ pod, container, role, subPath }) =>
      `create the subPath directory ${subPath} of ${containerSubject(pod, container, role)}`,
    words: ({ pod, container, role, subPath }) => ({
      subject: containerSubject(pod, container, role),
      doing: `creating subPath directory ${subPath}`,
      done: `subPath directory ${subPath} created`,
      isInternal: true,
    }),
    target: ({ pod, container }) => ({ pod, container }),
  },
  'close-sub-paths': {
    command: (operation) => podmanWith(closeSubPathsArguments(operation)),
    describe: ({ pod }) => `unmount the subPaths of ${podSubject(pod)}`,
    words: ({ pod }) => ({
      subject: `${podSubject(pod)} subPaths`,
      doing: 'unmounting',
      done: 'unmounted',
      isInternal: true,
    }),
    target: ({ pod }) => ({ pod }),
  },
  'make-termination-log': {
    command: (operation) => podmanWith(makeTerminationLogArguments(operation)),
    describe: ({ pod, container, role }) =>
      `create the termination message file of ${containerSubject(pod, container, role)}`,
    words: ({ pod, container, role }) => ({
      subject: containerSubject(pod, container, role),
      doing: 'creating the termination message file',
      done: 'termination message file created',
      isInternal: true,
    }),
    target: ({ pod, container }) => ({ pod, container }),
  },
};

/**
 * Whether a subPath needs an anchor. A subPath is opened without following a link out of its volume. The open directory
 * or file is mounted at the anchor, a path that no container can write to, and the container mounts the anchor. So it
 * gets exactly what was checked, even if podman restarts it after another container has put a link there
 * (CVE-2017-1002101; doBindSubPath in pkg/volume/util/subpath/subpath_linux.go).
 *
 * From 5.4 on, podman itself opens the subPath of a volume in this way at every start, so that only hostPath volumes
 * need an anchor. Volumes that pods only read, such as ConfigMaps, need none, and neither does the volume for
 * termination messages, where each container has one file.
 */
export function hasAnchor(mount: DesiredMount, capabilities: PodmanCapabilities): boolean {
  const { source, subPath, mountPropagation } = mount;
  if (subPath === undefined || isTerminationMount(mount)) return false;
  switch (source.type) {
    case 'hostPath':
      return true;
    case 'emptyDir':
    case 'ephemeral':
    case 'persistentVolumeClaim':
      return !capabilities.volumeSubPath || mountPropagation !== undefined;
    case 'configMap':
    case 'secret':
    case 'projected':
    case 'downwardAPI':
    case 'image':
      return false;
  }
}

/** The directory for the anchors of a pod. It is in podman's run directory, which is emptied at boot like the mounts. */
function anchorDirectory(pod: string, after = ''): AskedArgument {
  return {
    before: '',
    ask: { args: ['info', '--format', '{{.Store.RunRoot}}'] },
    after: `/podpose/${pod}${after}`,
  };
}

/**
 * The mount source of the container. It is below the anchor's own file system: if that is not mounted, the start fails,
 * instead of mounting another directory.
 */
export function anchorTarget(pod: string, anchor: string, after: string): AskedArgument {
  return anchorDirectory(pod, `/${anchor}/target${after}`);
}

/** The name of the anchor of a mount, in the directory of its pod. */
export function anchorName(container: string, index: number): string {
  return `${container}-${index}`;
}

function makeSubPathArguments(operation: MakeSubPath, capabilities: PodmanCapabilities): readonly Argument[] {
  const { pod, container, from, mount, index, subPath } = operation;
  const root = from.type === 'path' ? from.path : volumeDirectory(from.volume);
  return [
    ...['unshare', 'sh', '-c', hasAnchor(mount, capabilities) ? `${ENTER}; ${MOUNT}` : ENTER],
    ...['sh', root, subPath],
    ...(hasAnchor(mount, capabilities) ? [anchorDirectory(pod, `/${anchorName(container, index)}`)] : []),
  ];
}

function closeSubPathsArguments({ pod }: CloseSubPaths): readonly Argument[] {
  return ['unshare', 'sh', '-c', CLOSE, 'sh', anchorDirectory(pod)];
}

/** The directories are empty if podman has lost its mounts in the meantime. */
const CLOSE =
  'for a in "$1"/*; do while umount -l "$a" 2>/dev/null; do :; done; rmdir "$a" 2>/dev/null; done; rm -df "$1"';

/**
 * Walks down the path, creates missing directories, and checks after each part that it is still inside the volume
 * (SafeMakeDir in pkg/volume/util/subpath): unlike a path, the current directory cannot be exchanged. New directories
 * get the mode of the volume (makeMounts in pkg/kubelet/kubelet_pods.go). What exists is kept: it may be a file written
 * by an init container, which is opened as descriptor 3.
 */
const ENTER = [
  'exec 3<&-',
  'cd -P "$1" || exit',
  'root=${PWD%/}',
  `out() { ${reportScript('sub-path-escapes', '"$2"', '"$1"')}; }`,
  'within() { case $1/ in "$root"/*) ;; *) out "$1" "$path" ;; esac; }',
  'path=$2',
  'umask "$(printf %o $((0777 & ~0$(stat -c %a .))))"',
  'set -f',
  'IFS=/',
  'for part in $2; do [ -n "$part" ] || continue; ' +
    `! [ -e "/proc/$$/fd/3" ] || { ${reportScript('sub-path-not-a-directory', '"$2"')}; }; ` +
    '[ -e "$part" ] || { ! [ -L "$part" ] || out "$(readlink -f "$part")" "$path"; mkdir "$part" || exit; }; ' +
    'if [ -f "$part" ]; then exec 3<"$part" && within "$(readlink "/proc/$$/fd/3")" || exit; ' +
    'else cd -P "./$part" || exit; within "$PWD"; fi; done',
].join('; ');

/**
 * `.` and the open file are what was checked, whatever their paths refer to now: mount must not resolve paths again.
 * The anchor of an earlier start is unmounted; a container that uses it keeps it.
 */
const MOUNT = [
  'while umount -l "$3" 2>/dev/null; do :; done',
  'umask 077',
  'mkdir -p "$3" && mount -t tmpfs -o mode=0700,size=64k podpose "$3" || exit',
  'if [ -e "/proc/$$/fd/3" ]; then : >"$3/target" && mount --no-canonicalize --bind /proc/self/fd/3 "$3/target"',
  'else mkdir "$3/target" && mount --no-canonicalize --rbind . "$3/target"',
  'fi',
].join('; ');

function makeTerminationLogArguments({ container, volume }: MakeTerminationLog): readonly Argument[] {
  const file = volumeDirectory(volume, `/${container}`);
  return ['unshare', 'sh', '-c', ': > "$1" && chmod 0666 "$1"', 'sh', file];
}

export const SUB_PATH_REPORTS: ReportTable = {
  'sub-path-escapes': {
    fields: 2,
    message: ([path = '', to = '']) =>
      `the path ${path} leaves the volume through a symbolic link${to === '' ? '' : ` to ${to}`}`,
    help: SUB_PATH_HELP,
  },
  'sub-path-not-a-directory': { fields: 1, message: ([path = '']) => `${path}: not a directory` },
};
