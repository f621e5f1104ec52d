import { failure, success, type Result } from '../base/result.ts';
import { suggest } from '../base/suggest.ts';
import type { ObservedState } from '../podman/inspect/observed.ts';
import { usageError } from '../cli/parse/command-line.ts';
import { defaultFile } from './manifest-files.ts';
import { projectName } from './project.ts';
import { text, texts, type Session } from '../cli/session.ts';
import { join } from 'node:path';

/** What a verb that acts on what runs is to act on. */
export interface Target {
  readonly project: string;
  /** Only these pods of the project; all of them when absent. */
  readonly pods?: readonly string[];
}

/**
 * Finds out which project and pods are meant: files and folders name a project, all else is the name of a
 * pod. A pod by its name alone is found in whichever project it belongs to.
 */
export function findTarget(session: Session, { pods }: Pick<ObservedState, 'pods'>): Result<Target> {
  return findProject(session) ?? findPods(session, pods);
}

/** What is meant where no pod is named, which takes no look at podman; undefined where one is. */
export function findProject(session: Session): Result<Target> | undefined {
  const { platform, values, operands } = session;
  const files = [...texts(values, 'file'), ...operands.filter((operand) => isPath(session, operand))];
  const missing = files.filter(
    (file) => file !== '-' && platform.files.typeOf(pathOf(session, file)) === 'absent',
  );
  if (missing.length > 0)
    return failure(
      missing.map((file) =>
        usageError('file-missing', `${file}: there is no such file or folder`, 'Check the name.'),
      ),
    );
  const inferred = projectName(platform, text(values, 'project'), files[0] ?? defaultFile(platform)[0]);
  if (!inferred.ok) return inferred;
  return namedPods(session).length === 0 ? success({ project: inferred.value }) : undefined;
}

function findPods(session: Session, pods: ObservedState['pods']): Result<Target> {
  const names = namedPods(session);
  const given = text(session.values, 'project');
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

function namedPods(session: Session): readonly string[] {
  return session.operands.filter((operand) => !isPath(session, operand));
}

/** The files and folders among what the command line names, else the default file, without standard input. */
export function manifestOperands(session: Session): readonly string[] {
  const { platform, values, operands } = session;
  const named = [...texts(values, 'file'), ...operands.filter((operand) => isPath(session, operand))];
  if (named.length > 0 || operands.length > 0 || text(values, 'project') !== undefined)
    return named.filter((name) => name !== '-');
  return defaultFile(platform);
}

/** A name with a slash or the ending of a manifest is a path, also where nothing is; of all else it is looked up. */
function isPath({ platform }: Session, operand: string): boolean {
  return (
    operand === '-' ||
    /\/|\.(ya?ml|json)$/.test(operand) ||
    platform.files.typeOf(join(platform.cwd, operand)) !== 'absent'
  );
}

function pathOf({ platform }: Session, file: string): string {
  return file.startsWith('/') ? file : join(platform.cwd, file);
}
