import { basename, dirname, resolve } from 'node:path';
import { failure, success, type Result } from '../base/result.ts';
import { usageError } from './command-line.ts';
import type { World } from './world.ts';

/**
 * The name of the project: as it was given, or else that of the folder of the first file, made a DNS-1123
 * label. A name that was given is taken as it is, or refused.
 */
export function projectName(
  world: World,
  given: string | undefined,
  firstFile: string | undefined,
): Result<string> {
  const named = given ?? world.env['PODPOSE_PROJECT'];
  if (named !== undefined && named !== '')
    return /^[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?$/.test(named)
      ? success(named)
      : failure([
          usageError(
            'project-name',
            `'${named}' is no name for a project`,
            'Use at most 63 lower-case letters, digits and dashes, with a letter or digit at both ends.',
          ),
        ]);
  return success(labelOf(basename(folderOf(world, firstFile))));
}

/** The folder that relative paths inside a manifest start from. */
export function folderOf(world: World, file: string | undefined): string {
  if (file === undefined || file === '-') return world.cwd;
  const path = resolve(world.cwd, file);
  return world.files.typeOf(path) === 'directory' ? path : dirname(path);
}

function labelOf(folder: string): string {
  const label = folder
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .slice(0, 63)
    .replace(/^-+|-+$/g, '');
  return label === '' ? 'default' : label;
}
