import { basename, dirname, resolve } from 'node:path';
import { failure, success, type Result } from '../base/result.ts';
import type { EnginePlatform } from './engine.ts';
import { usageError } from './failure.ts';

/**
 * The name of the project: as it was given, or else that of the folder of the first file, made a DNS-1123
 * label. A name that was given is taken as it is, or refused.
 */
export function projectName(
  platform: EnginePlatform,
  given: string | undefined,
  firstFile: string | undefined,
): Result<string> {
  const named = given ?? platform.env['PODPOSE_PROJECT'];
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
  return success(labelOf(basename(directoryOf(platform, firstFile))));
}

/** The folder that relative paths inside a manifest start from. */
export function directoryOf(platform: EnginePlatform, file: string | undefined): string {
  if (file === undefined || file === '-') return platform.cwd;
  const path = resolve(platform.cwd, file);
  return platform.files.typeOf(path) === 'directory' ? path : dirname(path);
}

function labelOf(directory: string): string {
  const label = directory
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .slice(0, 63)
    .replace(/^-+|-+$/g, '');
  return label === '' ? 'default' : label;
}
