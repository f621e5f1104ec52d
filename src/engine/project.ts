import { basename, dirname, resolve } from 'node:path';
import { failure, success, type Result } from '../base/result.ts';
import type { EnginePlatform } from './engine.ts';
import { usageError } from './failure.ts';

/**
 * Project name: as given, or the name of the directory of the first file, converted to a DNS-1123 label. A given name is
 * never converted, only validated.
 */
export function projectName(
  platform: Pick<EnginePlatform, 'env' | 'cwd' | 'files'>,
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
            `invalid project name '${named}'`,
            'Use at most 63 lowercase letters, digits and dashes, with a letter or digit at both ends.',
          ),
        ]);
  return success(labelOf(basename(directoryOf(platform, firstFile))));
}

/** Base directory of relative paths in a manifest. */
export function directoryOf(
  platform: Pick<EnginePlatform, 'cwd' | 'files'>,
  file: string | undefined,
): string {
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
