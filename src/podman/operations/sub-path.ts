import type { DesiredMount } from '../../kube/spec/desired.ts';
import { isTerminationMount } from '../../kube/spec/termination-message.ts';
import type { DirectoryOrigin } from '../inspect/volume-origin.ts';
import type { PodmanCapabilities } from '../inspect/version.ts';
import { podmanWith, volumeDirectory, type Argument, type AskedArgument } from './argument.ts';
import type { Definitions } from './definition.ts';
import { reportScript, type ReportTable } from './report.ts';
import { containerSubject, podSubject } from './subjects.ts';

export type SubPathOperation = MakeSubPath | CloseSubPaths | MakeTerminationLog;

/**
 * Makes the folder that a subPath names, as the kubelet does before it starts the container, unless something is there, and
 * opens it for the container where podman would not do that safely by itself.
 */
export interface MakeSubPath {
  readonly kind: 'make-sub-path';
  readonly pod: string;
  readonly container: string;
  readonly from: DirectoryOrigin;
  readonly mount: DesiredMount;
  /** Which of the container's mounts it is, from 0. */
  readonly index: number;
  readonly subPath: string;
}

/** Lets go what `MakeSubPath` has opened for the containers of a pod that is gone. */
export interface CloseSubPaths {
  readonly kind: 'close-sub-paths';
  readonly pod: string;
}

/** Makes the file that a container can leave a message in, empty and open to every user. */
export interface MakeTerminationLog {
  readonly kind: 'make-termination-log';
  readonly pod: string;
  readonly container: string;
  /** podman's name. */
  readonly volume: string;
}

export const SUB_PATH_OPERATIONS: Definitions<SubPathOperation> = {
  'make-sub-path': {
    command: (operation, capabilities) => podmanWith(makeSubPathArguments(operation, capabilities)),
    describe: ({ pod, container, subPath }) =>
      `create the directory ${subPath} for container ${container} of pod ${pod}`,
    words: ({ pod, container, subPath }) => ({
      subject: containerSubject(pod, container),
      doing: `creating directory ${subPath}`,
      done: `directory ${subPath} created`,
      isPlumbing: true,
    }),
    target: ({ pod, container }) => ({ pod, container }),
  },
  'close-sub-paths': {
    command: (operation) => podmanWith(closeSubPathsArguments(operation)),
    describe: ({ pod }) => `unmount the subPaths of pod ${pod}`,
    words: ({ pod }) => ({
      subject: `${podSubject(pod)} subPaths`,
      doing: 'unmounting',
      done: 'unmounted',
      isPlumbing: true,
    }),
    target: ({ pod }) => ({ pod }),
  },
  'make-termination-log': {
    command: (operation) => podmanWith(makeTerminationLogArguments(operation)),
    describe: ({ pod, container }) =>
      `create the termination message file of container ${container} of pod ${pod}`,
    words: ({ pod, container }) => ({
      subject: containerSubject(pod, container),
      doing: 'creating its termination message file',
      done: 'termination message file created',
      isPlumbing: true,
    }),
    target: ({ pod, container }) => ({ pod, container }),
  },
};

/**
 * A subPath is opened without following a link out of its volume, and what was opened is mounted at a place of its own
 * that no container can write to: the anchor. The container mounts the anchor. So it gets what was looked at, also when
 * podman starts it again later, and when a container that can write to the volume has put a link there meanwhile
 * (CVE-2017-1002101; doBindSubPath in pkg/volume/util/subpath/subpath_linux.go).
 *
 * From 5.4 on podman itself opens the subPath of a volume in this way, at every start. There, only folders of the machine
 * need an anchor. What a pod only reads, such as the files of a ConfigMap, needs none, and neither does the volume of
 * termination messages, of which each container has one file.
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

/** Where the anchors of a pod are: in the folder of podman's that goes with the machine's run, as the mounts do. */
function anchorDirectory(pod: string, after = ''): AskedArgument {
  return { before: '', ask: ['info', '--format', '{{.Store.RunRoot}}'], after: `/podpose/${pod}${after}` };
}

/** What a container mounts. It is in the anchor's own file system: without that, a start fails, and mounts nothing else. */
export function anchorTarget(pod: string, anchor: string, after: string): AskedArgument {
  return anchorDirectory(pod, `/${anchor}/target${after}`);
}

/** The name of the anchor of a mount, in the folder of its pod. */
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

/** Where podman has forgotten its mounts meanwhile, the folders are empty. */
const CLOSE =
  'for a in "$1"/*; do while umount -l "$a" 2>/dev/null; do :; done; rmdir "$a" 2>/dev/null; done; rm -df "$1"';

/**
 * Goes down the path, part by part, into folders that are there or are made, and sees after each step that it is still
 * inside of the volume (SafeMakeDir in pkg/volume/util/subpath): the current folder cannot be exchanged by anybody, a path
 * can. Folders that are made get the mode of the volume (makeMounts in pkg/kubelet/kubelet_pods.go). What is there stays as
 * it is: an init container may have put a file in that place, which is opened as number 3.
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
 * `.` and the open file are what was looked at, whatever is at their paths by now: mount is not to work paths out of them.
 * The anchor of an earlier start is let go; a container that still uses it keeps it.
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
      `the path ${path} leads out of the volume, to ${to || 'nowhere'}: there is a symbolic link on its way`,
    help: 'A subPath has to stay inside of its volume. Look at what has made the link: an init container, perhaps.',
  },
  'sub-path-not-a-directory': { fields: 1, message: ([path = '']) => `${path}: not a directory` },
};
