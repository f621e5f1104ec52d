import { failure, success, type Result } from '../base/result.ts';
import { suggest } from '../base/suggest.ts';
import type { KnownState } from '../plan/needs.ts';
import type { EnginePlatform } from './engine.ts';
import { usageError } from './failure.ts';
import { defaultFile } from './manifest-files.ts';
import { projectName } from './project.ts';
import { join } from 'node:path';

/** What a verb that acts on what runs is to act on. */
export interface Target {
  readonly project: string;
  /** Only these pods of the project; all of them when absent. */
  readonly pods?: readonly string[];
}

/** What a command line names: files, and what may be a file or the name of a pod. */
export interface TargetOptions {
  readonly project?: string | undefined;
  /** Named as files: `-f`. */
  readonly files: readonly string[];
  readonly operands: readonly string[];
}

/**
 * Finds out which project and pods are meant: files and directories name a project, all else is the name of a
 * pod. A pod by its name alone is found in whichever project it belongs to.
 */
export function findTarget(
  platform: EnginePlatform,
  options: TargetOptions,
  { pods }: Pick<KnownState, 'pods'>,
): Result<Target> {
  return findProject(platform, options) ?? findPods(platform, options, pods);
}

/** What is meant where no pod is named, which takes no question to podman; undefined where one is. */
export function findProject(platform: EnginePlatform, options: TargetOptions): Result<Target> | undefined {
  const files = namedFiles(platform, options);
  const missing = files.filter(
    (file) => file !== '-' && platform.files.typeOf(pathOf(platform, file)) === 'absent',
  );
  if (missing.length > 0)
    return failure(
      missing.map((file) =>
        usageError('file-missing', `${file}: there is no such file or folder`, 'Check the name.'),
      ),
    );
  const inferred = projectName(platform, options.project, files[0] ?? defaultFile(platform)[0]);
  if (!inferred.ok) return inferred;
  return namedPods(platform, options).length === 0 ? success({ project: inferred.value }) : undefined;
}

function findPods(
  platform: EnginePlatform,
  options: TargetOptions,
  pods: KnownState['pods'],
): Result<Target> {
  const names = namedPods(platform, options);
  const given = options.project;
  const owned = pods.filter(({ owner }) => owner !== undefined);
  const unknown = names.filter((name) => !owned.some((pod) => pod.name === name));
  if (unknown.length > 0)
    return failure(
      unknown.map((name) => {
        const meant = suggest(
          name,
          owned.map((pod) => pod.name),
        );
        return {
          ...usageError(
            'no-such-pod',
            `podpose has no pod '${name}'`,
            'podpose ps --all shows all pods that podpose has made.',
          ),
          ...(meant === undefined ? {} : { suggestion: meant }),
        };
      }),
    );
  const projects = new Set(
    owned.filter(({ name }) => names.includes(name)).map(({ owner }) => owner?.project ?? ''),
  );
  if (given !== undefined && !(projects.size === 1 && projects.has(given)))
    return failure([
      usageError(
        'other-project',
        `these pods are not all of the project '${given}'`,
        'Leave -p out, or name the right project.',
      ),
    ]);
  if (projects.size > 1)
    return failure([
      usageError(
        'two-projects',
        `these pods belong to ${[...projects].sort().join(' and ')}`,
        'Name pods of one project at a time.',
      ),
    ]);
  return success({ project: [...projects].join(), pods: names });
}

function namedPods(platform: EnginePlatform, { operands }: TargetOptions): readonly string[] {
  return operands.filter((operand) => !isPath(platform, operand));
}

function namedFiles(platform: EnginePlatform, { files, operands }: TargetOptions): readonly string[] {
  return [...files, ...operands.filter((operand) => isPath(platform, operand))];
}

/** The files and directories among what the command line names, else the default file, without standard input. */
export function manifestFiles(platform: EnginePlatform, options: TargetOptions): readonly string[] {
  const named = namedFiles(platform, options);
  if (named.length > 0 || options.operands.length > 0 || options.project !== undefined)
    return named.filter((name) => name !== '-');
  return defaultFile(platform);
}

/** A name with a slash or the ending of a manifest is a path, also where nothing is; of all else it is looked up. */
function isPath({ files, cwd }: EnginePlatform, operand: string): boolean {
  return (
    operand === '-' || /\/|\.(ya?ml|json)$/.test(operand) || files.typeOf(join(cwd, operand)) !== 'absent'
  );
}

function pathOf({ cwd }: EnginePlatform, file: string): string {
  return file.startsWith('/') ? file : join(cwd, file);
}
