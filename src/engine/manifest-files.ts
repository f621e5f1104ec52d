import { basename, join } from 'node:path';
import type { Diagnostic } from '../base/diagnostic.ts';
import { failure, success, type Result } from '../base/result.ts';
import type { ManifestSource } from '../manifest/read-manifests.ts';
import { MAX_SOURCE_BYTES } from '../manifest/source-text.ts';
import type { EnginePlatform } from './engine.ts';
import { usageError } from './failure.ts';

/** Default files, in this order. */
export const DEFAULT_FILES: readonly string[] = ['podpose.yaml', 'pod.yaml', 'pod.yml', 'kube.yaml'];

/** Reads the manifests of operands: files, directories (files sorted by name), `-` for standard input. */
export async function readManifestFiles(
  platform: EnginePlatform,
  operands: readonly string[],
): Promise<Result<readonly ManifestSource[]>> {
  const named = operands.length > 0 ? operands : defaultFile(platform);
  if (named.length === 0)
    return failure([
      usageError(
        'no-manifest',
        `no manifest given, and none of ${DEFAULT_FILES.join(', ')} found in ${platform.cwd}`,
        'Name a file or a directory.',
      ),
    ]);
  const sources: ManifestSource[] = [];
  const diagnostics: Diagnostic[] = [];
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
  const entries = (await platform.files.list(path)).filter((entry) => /\.(ya?ml|json)$/i.test(entry)).sort();
  if (entries.length === 0)
    return failure([
      usageError(
        'folder-empty',
        `${name}: no .yaml, .yml or .json file in this directory`,
        'Name another directory, or a file.',
      ),
    ]);
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
    const why = error instanceof Error && 'code' in error ? String(error.code) : String(error);
    const { message, help } = UNREADABLE[why] ?? {};
    return failure([
      usageError(
        'file-unreadable',
        `${file}: ${message ?? `cannot read the file (${why})`}`,
        help ?? `Check its permissions: ls -l ${basename(file)}`,
      ),
    ]);
  }
}

/** Messages for read errors other than missing permissions, by error code of the system. */
const UNREADABLE: Readonly<Record<string, { readonly message: string; readonly help: string } | undefined>> =
  {
    ELOOP: {
      message: 'too many levels of symbolic links (ELOOP)',
      help: 'Check the link: it points to itself, or to a loop of links.',
    },
    ENAMETOOLONG: {
      message: 'file name too long (ENAMETOOLONG)',
      help: 'Use a shorter name.',
    },
    EIO: {
      message: 'cannot read the file: input or output error (EIO)',
      help: 'Check its disk: dmesg.',
    },
  };
