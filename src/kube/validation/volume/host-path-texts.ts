import { resolve } from 'node:path/posix';
import type { FieldPath } from '../../../base/path.ts';
import type { CheckedObject } from '../../../manifest/checked-document.ts';
import { directoryOf } from '../../convert/convert-context.ts';
import type { PodObject } from '../../spec/pod-object.ts';
import type { Finding } from '../finding.ts';
import { hasParentStep } from '../path-syntax.ts';

/** What paths of hostPath volumes are relative to. */
export interface HostDirectories {
  /** The base of relative manifest names. */
  readonly currentDirectory: string;
  /** The home directory of the user, if it is known. */
  readonly home?: string | undefined;
}

/** The paths of the hostPath volumes of a pod, each with the path that was meant. */
export function* checkPodHostPaths(pod: PodObject, directories: HostDirectories): Iterable<Finding> {
  for (const [index, { hostPath }] of (pod.value.spec?.volumes ?? []).entries())
    if (hostPath?.path !== undefined)
      yield* checkText(hostPath.path, ['spec', 'volumes', index, 'hostPath', 'path'], pod.file, directories);
}

/** The path of the hostPath of a PersistentVolume. */
export function* checkVolumeHostPath(
  { value, file }: CheckedObject<'PersistentVolume'>,
  directories: HostDirectories,
): Iterable<Finding> {
  const { hostPath } = value.spec ?? {};
  if (hostPath?.path !== undefined)
    yield* checkText(hostPath.path, ['spec', 'hostPath', 'path'], file, directories);
}

/** The home directory in the words of shells and of systemd. */
const HOME = /^(?:~|\$HOME|\$\{HOME\}|\$\(HOME\)|%h)(?=\/|$)/;

/** Other variables, and the home directory of another user. */
const VARIABLE = /\$\{|\$[A-Za-z_]|\{\{|^~/;

function* checkText(
  hostPath: string,
  path: FieldPath,
  file: string,
  { currentDirectory, home }: HostDirectories,
): Iterable<Finding> {
  const base = directoryOf(file, currentDirectory);
  const [word] = HOME.exec(hostPath) ?? [];
  const meant =
    word === undefined ? hostPath : home === undefined ? undefined : home + hostPath.slice(word.length);
  const absolute = meant === undefined ? undefined : resolve(base, meant);
  if (hasParentStep(hostPath))
    yield {
      code: 'invalid-path',
      path,
      message: `must not contain '..', got '${hostPath}'`,
      ...suggestionOf(absolute),
      help: hostPath.startsWith('/')
        ? 'Kubernetes refuses such a path.'
        : 'Kubernetes refuses such a path. A relative path starts at the directory of the manifest.',
    };
  else if (word !== undefined)
    yield {
      code: 'path-not-expanded',
      path,
      message: `'${word}' is not expanded in a manifest: the path would be ${resolve(base, hostPath)}`,
      ...suggestionOf(absolute),
    };
  else if (VARIABLE.test(hostPath))
    yield {
      code: 'path-not-expanded',
      path,
      message: `'${hostPath}' is not expanded in a manifest: the path would be ${resolve(base, hostPath)}`,
      help: 'Write the absolute path.',
    };
}

/** A path that needs no quotes in YAML replaces the written one. */
function suggestionOf(absolute: string | undefined): Pick<Finding, 'suggestion' | 'replacement'> {
  if (absolute === undefined) return {};
  return /^[\w./@+-]+$/.test(absolute)
    ? { suggestion: absolute, replacement: absolute }
    : { suggestion: absolute };
}
