import { digest } from '../../base/digest.ts';
import { isUnsafe } from '../../base/sanitize.ts';
import { stableJson } from '../../base/stable-json.ts';
import { encodeBase64 } from '../../kube/config/content.ts';
import type { FilesSource, VolumeFile } from '../../kube/spec/desired-volume.ts';
import { filePrint, octal } from '../../kube/spec/file-digests.ts';
import { podVolumeName } from '../names.ts';
import { volumeDirectory, type Command, type SecretPart } from './argument.ts';
import { secretVariable } from './input.ts';
import { quote } from './shell.ts';
import { volumeSubject } from './subjects.ts';

export interface FilesToWrite {
  readonly pod: string;
  readonly volume: string;
  readonly files: FilesSource['files'];
  readonly mountPoints?: FilesSource['mountPoints'];
  /** The fsGroup of the pod, which can read all files. */
  readonly group?: number;
}

/**
 * A shell script in podman's user namespace that writes the files like the kubelet (pkg/volume/util/atomic_writer.go):
 * into a new directory, which replaces the old one when the link `..data` is renamed. The files at the root of the
 * volume are links through `..data`. The script comes from standard input, which has no size limit and is not visible
 * to other users.
 */
export function writeFilesCommand(operation: FilesToWrite): Command {
  const { pod, volume, files, group } = operation;
  return {
    program: 'podman',
    args: ['unshare', 'sh', '-s', '--', volumeDirectory(podVolumeName({ name: pod }, { name: volume }))],
    input: { kind: 'script', parts: scriptParts(operation, dataDirectory(files, group)) },
  };
}

/** The name of the directory depends on the contents. Two leading dots hide it, as in the kubelet. */
function dataDirectory(files: FilesSource['files'], group: number | undefined): string {
  return `..${digest(stableJson([files.map((file) => [file.path, filePrint(file)]), group])).slice(-16)}`;
}

function scriptParts(
  { pod, volume, files, mountPoints = [], group }: FilesToWrite,
  data: string,
): readonly (string | SecretPart)[] {
  const directories = ['"$d"', ...directoriesOf(files.map(({ path }) => directoryOf(path))).map(inside)].join(
    ' ',
  );
  const taken = new Set(mountPoints.map(firstPart));
  const names = [...new Set(files.map(({ path }) => firstPart(path)))]
    .filter((name) => !taken.has(name))
    .map(quote);
  return [
    lines(
      'set -eu',
      'umask 077',
      'v=$1',
      `d=$v/${data}`,
      ...mountPointLines(mountPoints, group),
      `if [ "$(readlink "$v/..data" || :)" != ${data} ]; then`,
      'rm -rf "$d"',
      `mkdir ${directories}`,
    ),
    ...files.flatMap((file) => [...fileParts(file, pod, volume)]),
    lines(
      ...(group === undefined ? [] : [`chgrp -R ${group} "$d"`]),
      ...modesOf(files, group).map(([mode, paths]) => `chmod ${mode} ${paths.map(inside).join(' ')}`),
      `chmod ${group === undefined ? '0755' : '2755'} ${directories}`,
      `ln -sfn ${data} "$v/..data_tmp"`,
      'mv -T "$v/..data_tmp" "$v/..data"',
      'fi',
      ...(names.length === 0
        ? []
        : [
            `for f in ${names.join(' ')}; do`,
            '[ "$(readlink "$v/$f" || :)" = "..data/$f" ] || { rm -rf "$v/$f"; ln -s "..data/$f" "$v/$f"; }',
            'done',
          ]),
      'for f in "$v"/* "$v"/.[!.]* "$v"/..?*; do',
      `case \${f##*/} in ${['..data', data, ...names].join('|')}) ;; *) ${CLEAR} ;; esac`,
      'done',
      ...(group === undefined ? [] : [`chgrp ${group} "$v"`]),
      `chmod ${group === undefined ? '0777' : '2777'} "$v"`,
    ),
  ];
}

/**
 * A directory without leading dots is a mount point, perhaps of a running container: removing it would remove the
 * mounted files.
 */
const CLEAR = '[ -d "$f" ] && [ ! -L "$f" ] && case ${f##*/} in ..*) false ;; esac || rm -rf "$f"';

/**
 * The directories on which other volumes are mounted, created before the files: a mount point takes precedence over a
 * file of its name, or of the name of its first directory. See MakeNestedMountpoints in
 * pkg/volume/util/nested_volumes.go, as called by SetUpAt of these volumes, and createUserVisibleFiles in
 * pkg/volume/util/atomic_writer.go.
 */
function mountPointLines(mountPoints: readonly string[], group: number | undefined): readonly string[] {
  if (mountPoints.length === 0) return [];
  const at = (path: string) => `"$v"/${quote(path)}`;
  const first = [...new Set(mountPoints.map(firstPart))].map(at).join(' ');
  const directories = directoriesOf(mountPoints).map(at).join(' ');
  return [
    `for f in ${first}; do [ ! -L "$f" ] || rm "$f"; done`,
    `mkdir -p ${directories}`,
    ...(group === undefined ? [] : [`chgrp ${group} ${directories}`]),
    `chmod ${group === undefined ? '0755' : '2755'} ${directories}`,
  ];
}

/** The files of each mode. The group of the pod can read all of them: SetVolumeOwnership in pkg/volume/volume_linux.go. */
function modesOf(
  files: readonly VolumeFile[],
  group: number | undefined,
): readonly (readonly [mode: string, paths: readonly string[]])[] {
  const byMode = new Map<string, string[]>();
  for (const { path, mode } of files) {
    const text = octal(group === undefined ? mode : mode | 0o440);
    byMode.set(text, [...(byMode.get(text) ?? []), path]);
  }
  return [...byMode];
}

function* fileParts(
  { path, content }: VolumeFile,
  pod: string,
  volume: string,
): Iterable<string | SecretPart> {
  switch (content.type) {
    case 'text':
      // Text that affects the terminal is not printed as it is in a plan.
      yield isUnsafe(content.text)
        ? `printf %s ${encodeBase64(new TextEncoder().encode(content.text))} | base64 -d`
        : `printf %s ${quote(content.text)}`;
      break;
    case 'binary':
      yield `printf %s ${quote(content.base64)} | base64 -d`;
      break;
    case 'secret':
      yield {
        fingerprint: content.fingerprint,
        variable: secretVariable(pod, volume, path),
        holds: `file ${path} of ${volumeSubject(pod, volume)}`,
      };
  }
  yield ` >${inside(path)}\n`;
}

/** Directories and their parents, parents first. */
function directoriesOf(directories: readonly string[]): readonly string[] {
  const all = directories
    .filter((directory) => directory !== '')
    .flatMap((directory) => {
      const parts = directory.split('/');
      return parts.map((_part, index) => parts.slice(0, index + 1).join('/'));
    });
  return [...new Set(all)].sort();
}

/** The directory of a file; empty for the root. */
function directoryOf(path: string): string {
  return path.split('/').slice(0, -1).join('/');
}

function firstPart(path: string): string {
  return path.split('/', 1)[0] ?? '';
}

function inside(path: string): string {
  return `"$d"/${quote(path)}`;
}

function lines(...all: readonly string[]): string {
  return all.map((line) => `${line}\n`).join('');
}
