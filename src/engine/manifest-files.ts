import { join } from 'node:path';
import type { Diagnostic } from '../base/diagnostic.ts';
import { failure, success, type Result } from '../base/result.ts';
import { shellWord } from '../base/shell-word.ts';
import type { ManifestSource } from '../manifest/read-manifests.ts';
import { MAX_SOURCE_BYTES } from '../manifest/source-text.ts';
import type { EnginePlatform } from './engine.ts';
import { usageError } from './failure.ts';
import { unreadable } from './unreadable.ts';
import { directoryEmpty, explainDirectory, isManifestName, listDirectory } from './manifest-directory.ts';

/** Default files, in this order. */
export const DEFAULT_FILES: readonly string[] = ['podpose.yaml', 'pod.yaml', 'pod.yml', 'kube.yaml'];

/** The manifests of a command line. */
export interface ManifestInputs {
  /**
   * Files, directories and `-` for standard input, in the order of the command line. Empty: the default file, unless there are
   * kustomizations.
   */
  readonly files: readonly string[];
  /** Directories of kustomizations. */
  readonly kustomizations?: readonly string[] | undefined;
}

/** Reads manifests: first those that kustomizations build, then files and directories (files sorted by name). */
export async function readManifestFiles(
  platform: EnginePlatform,
  { files, kustomizations = [] }: ManifestInputs,
): Promise<Result<readonly ManifestSource[]>> {
  const named = files.length + kustomizations.length > 0 ? files : defaultFile(platform);
  if (named.length + kustomizations.length === 0)
    return failure([
      usageError(
        'no-manifest',
        `no manifest given, and none of ${DEFAULT_FILES.join(', ')} found in ${platform.cwd}`,
        'Name a file or a directory.',
      ),
    ]);
  const sources: ManifestSource[] = [];
  const diagnostics: Diagnostic[] = [];
  for (const directory of new Set(kustomizations)) {
    const { buildKustomization } = await import('./kustomize.ts');
    const built = await buildKustomization(platform, directory);
    if (built.ok) sources.push(built.value);
    else diagnostics.push(...built.error);
  }
  for (const name of new Set(named)) {
    const read = await readOperand(platform, name);
    if (read.ok) sources.push(...read.value);
    else diagnostics.push(...read.error);
  }
  return diagnostics.length > 0 ? failure(diagnostics) : success(sources);
}

/** The default file of the current directory, if any. */
export function defaultFile(platform: Pick<EnginePlatform, 'cwd' | 'files'>): readonly string[] {
  return DEFAULT_FILES.filter((name) => platform.files.typeOf(join(platform.cwd, name)) === 'file').slice(
    0,
    1,
  );
}

async function readOperand(
  platform: EnginePlatform,
  name: string,
): Promise<Result<readonly ManifestSource[]>> {
  if (name === '-') return success([{ file: '-', text: await platform.readStdin(ENOUGH_BYTES) }]);
  if (/^https?:\/\//.test(name)) return failure([fileIsUrl(name)]);
  const path =
    join(platform.cwd, name).startsWith(name) || name.startsWith('/') ? name : join(platform.cwd, name);
  switch (platform.files.typeOf(path)) {
    case 'absent':
      return failure([fileMissing(name)]);
    case 'directory':
      return readDirectory(platform, name, path);
    case 'pipe':
    case 'socket':
      // The shell's <(COMMAND) is a pipe with this name. Opening any other pipe may block forever.
      return OPEN_FILE.test(path) ? readFile(platform, name, path) : failure([notRegular(name, 'a pipe')]);
    default:
      return readRegularFile(platform, name, path);
  }
}

const OPEN_FILE = /^\/dev\/(?:fd\/\d+|stdin)$|^\/proc\/self\/fd\/\d+$/;

/** One byte more than the limit proves that a file is too large. */
const ENOUGH_BYTES = MAX_SOURCE_BYTES + 1;

/** A directory, for example a Git clone, may contain links to anything: devices and the like are not read. */
async function readRegularFile(
  platform: EnginePlatform,
  file: string,
  path: string,
): Promise<Result<readonly ManifestSource[]>> {
  const type = platform.files.typeOf(path);
  switch (type) {
    case 'directory':
    case 'pipe':
    case 'socket':
    case 'character device':
    case 'block device':
      return failure([notRegular(file, `a ${type}`)]);
    case 'other':
      return failure([notRegular(file, 'of another type')]);
    case 'file':
    case 'absent':
    case 'unreadable':
      return readFile(platform, file, path);
  }
}

/** A file or directory that does not exist. */
export function fileMissing(name: string): Diagnostic {
  return { code: 'file-missing', severity: 'error', message: `${name}: no such file or directory` };
}

function fileIsUrl(name: string): Diagnostic {
  return usageError(
    'file-is-url',
    `${name}: podpose reads files only, no URLs`,
    `Download it: curl -fsSL ${shellWord(name)} | podpose up -`,
  );
}

function notRegular(file: string, what: string): Diagnostic {
  return usageError(
    'file-type',
    `${file}: not a regular file, but ${what}`,
    'Use a regular file, or - for standard input.',
  );
}

async function readDirectory(
  platform: EnginePlatform,
  name: string,
  path: string,
): Promise<Result<readonly ManifestSource[]>> {
  const all = await listDirectory(platform, name, path);
  if (!all.ok) return all;
  const foreign = explainDirectory(platform, name, path, all.value);
  if (foreign !== undefined) return failure([foreign]);
  const entries = all.value.filter(isManifestName).sort();
  if (entries.length === 0) return failure([await directoryEmpty(platform, name, path, all.value)]);
  const sources: ManifestSource[] = [];
  for (const entry of entries) {
    const read = await readRegularFile(platform, join(name, entry), join(path, entry));
    if (!read.ok) return read;
    sources.push(...read.value);
  }
  return success(sources);
}

async function readFile(
  platform: EnginePlatform,
  file: string,
  path: string,
): Promise<Result<readonly ManifestSource[]>> {
  try {
    return success([{ file, text: await platform.files.read(path, ENOUGH_BYTES) }]);
  } catch (error) {
    return failure([unreadable(file, 'file', error)]);
  }
}
