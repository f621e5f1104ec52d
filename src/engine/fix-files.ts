import { isError, type Diagnostic } from '../base/diagnostic.ts';
import { applyEdits, type Edit } from '../base/edit.ts';
import { editsOf } from '../base/fix.ts';
import { success } from '../base/result.ts';
import type { ManifestSource } from '../manifest/read-manifests.ts';
import type { Engine } from './engine.ts';
import { failed, type EngineResult } from './failure.ts';
import { check } from './load.ts';
import { readManifestFiles } from './manifest-files.ts';

export interface FixOptions {
  /** Files, directories and `-`, as for `load`. */
  readonly files: readonly string[];
}

export interface FixedFile {
  /** As the user named it. */
  readonly file: string;
  readonly before: string;
  readonly after: string;
}

export interface Fixes {
  /** The changed files. */
  readonly changed: readonly FixedFile[];
  /** The files after all fixes, with the mistakes that are left. */
  readonly sources: readonly ManifestSource[];
  readonly diagnostics: readonly Diagnostic[];
}

/** A fix can uncover the next mistake, so files are fixed until nothing changes, at most so often. */
const MAX_ROUNDS = 20;

/** Applies every certain fix to manifests, in memory. Fails only if a file cannot be read. */
export async function fixFiles(
  engine: Pick<Engine, 'platform' | 'host'>,
  { files }: FixOptions,
): Promise<EngineResult<Fixes>> {
  const read = await readManifestFiles(engine.platform, files);
  if (!read.ok) return failed('usage', read.error);
  const originals = read.value;
  let sources = originals;
  let loaded = await check(engine, sources, {});
  for (let round = 0; round < MAX_ROUNDS; round++) {
    const fixed = applyFixes(sources, loaded.diagnostics);
    if (fixed.every(({ text }, index) => text === sources[index]?.text)) break;
    const next = await check(engine, fixed, {});
    // A fix that only moves the mistake is none.
    if (countErrors(next.diagnostics) > countErrors(loaded.diagnostics)) break;
    [sources, loaded] = [fixed, next];
  }
  const changed = originals.flatMap(({ file, text: original }, index): readonly FixedFile[] => {
    const [before, after] = [textOf(original), textOf(sources[index]?.text ?? original)];
    return before === undefined || after === undefined || before === after ? [] : [{ file, before, after }];
  });
  return success({ changed, sources, diagnostics: loaded.diagnostics });
}

function countErrors(diagnostics: readonly Diagnostic[]): number {
  return diagnostics.filter(isError).length;
}

function applyFixes(
  sources: readonly ManifestSource[],
  diagnostics: readonly Diagnostic[],
): readonly ManifestSource[] {
  const edits = new Map<string, Edit[]>();
  for (const edit of diagnostics.flatMap(editsOf)) {
    const ofFile = edits.get(edit.location.file) ?? [];
    edits.set(edit.location.file, [...ofFile, edit]);
  }
  return sources.map((source) => {
    const [ofFile, text] = [edits.get(source.file), textOf(source.text)];
    if (ofFile === undefined || text === undefined) return source;
    // Locations do not count the byte order mark.
    const mark = text.startsWith(BYTE_ORDER_MARK) ? BYTE_ORDER_MARK : '';
    const after = mark + applyEdits(text.slice(mark.length), ofFile);
    return after === text ? source : { ...source, text: after };
  });
}

const BYTE_ORDER_MARK = '\uFEFF';

/** Undefined for a file that is not UTF-8: it has other mistakes. */
function textOf(text: string | Uint8Array): string | undefined {
  if (typeof text === 'string') return text;
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(text);
  } catch {
    return undefined;
  }
}
