import { basename, join } from 'node:path';
import type { Diagnostic } from '../base/diagnostic.ts';
import { failure, success, type Result } from '../base/result.ts';
import { shellWord } from '../base/shell-word.ts';
import { chartWords, KUSTOMIZATION_NAMES, kustomizationWords } from '../manifest/build-words.ts';
import type { EnginePlatform } from './engine.ts';
import { usageError } from './failure.ts';
import { unreadable } from './unreadable.ts';

/** Whether a directory's file of this name is a manifest. */
export function isManifestName(name: string): boolean {
  return /\.(ya?ml|json)$/i.test(name);
}

/** The names in a directory. */
export async function listDirectory(
  { files }: Pick<EnginePlatform, 'files'>,
  name: string,
  path: string,
): Promise<Result<readonly string[]>> {
  try {
    return success(await files.list(path));
  } catch (error) {
    return failure([unreadable(name, 'directory', error)]);
  }
}

/** Explains the directory of a kustomization, or of a Helm chart or its templates: their files are parts of what they build. */
export function explainDirectory(
  { files }: EnginePlatform,
  name: string,
  path: string,
  entries: readonly string[],
): Diagnostic | undefined {
  const words = entries.some((entry) => KUSTOMIZATION_NAMES.includes(entry))
    ? kustomizationWords(name)
    : entries.includes('Chart.yaml')
      ? chartWords(name)
      : basename(path) === 'templates' && files.typeOf(join(path, '../Chart.yaml')) === 'file'
        ? chartWords(join(name, '..'))
        : undefined;
  return words === undefined
    ? undefined
    : { code: 'other-format', severity: 'error', message: `${name}: ${words.message}`, help: words.help };
}

/** How many sub-directories are searched for manifests, and named. */
const [MOST_SEARCHED, MOST_NAMED] = [100, 3];

/** Sub-directories are not read, as with kubectl. */
export async function directoryEmpty(
  { files }: EnginePlatform,
  name: string,
  path: string,
  entries: readonly string[],
): Promise<Diagnostic> {
  const below: string[] = [];
  for (const entry of [...entries].sort().slice(0, MOST_SEARCHED)) {
    if (files.typeOf(join(path, entry)) !== 'directory') continue;
    const inner = await listDirectory({ files }, entry, join(path, entry));
    if (inner.ok && inner.value.some(isManifestName)) below.push(join(name, entry));
  }
  const more = below.length > MOST_NAMED ? ` (and ${below.length - MOST_NAMED} more)` : '';
  return usageError(
    'folder-empty',
    `${name}: no .yaml, .yml or .json file in this directory`,
    below.length === 0
      ? 'Name another directory, or a file.'
      : `Its sub-directories are not read. Name them: podpose up ${below.slice(0, MOST_NAMED).map(shellWord).join(' ')}${more}`,
  );
}
