import { isError, type Diagnostic } from '../base/diagnostic.ts';
import { applyEdits, type Edit } from '../base/edit.ts';
import { editsOf } from '../base/fix.ts';
import { stableJson } from '../base/stable-json.ts';
import { success } from '../base/result.ts';
import { readManifests, type ManifestSource } from '../manifest/read-manifests.ts';
import type { Engine } from './engine.ts';
import { failed, type EngineResult } from './failure.ts';
import type { LoadedPods } from './check-sources.ts';
import {
  causesFirst,
  compareMistakes,
  hasIndentMistakes,
  indentFixes,
  isFewerMistakes,
  type IndentFix,
} from './fix-indents.ts';
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

/** For each, some dozens of texts are checked. */
const MAX_INDENT_MISTAKES = 5;

type FixEngine = Pick<Engine, 'platform' | 'host'>;

/** Applies every certain fix to manifests, in memory. Fails only if a file cannot be read. */
export async function fixFiles(engine: FixEngine, { files }: FixOptions): Promise<EngineResult<Fixes>> {
  const read = await readManifestFiles(engine.platform, { files });
  if (!read.ok) return failed('usage', read.error);
  const originals = read.value;
  const loaded = await fixAll(engine, await check(engine, originals, {}));
  const { sources } = loaded;
  const changed = originals.flatMap(({ file, text: original }, index): readonly FixedFile[] => {
    const [before, after] = [textOf(original), textOf(sources[index]?.text ?? original)];
    return before === undefined || after === undefined || before === after ? [] : [{ file, before, after }];
  });
  return success({ changed, sources, diagnostics: loaded.diagnostics });
}

/**
 * Fixes round by round. The fewest mistakes win: a fix can uncover mistakes that have none, or only move a mistake. Words that
 * are certain stay also if they uncover as many; an indentation must leave fewer.
 */
async function fixAll(engine: FixEngine, original: LoadedPods): Promise<LoadedPods> {
  let [best, current, isReindented] = [original, original, false];
  for (let round = 0; round < MAX_ROUNDS; round++) {
    // What is found beside a syntax error is less certain.
    const isReadable = !current.diagnostics.some(({ code }) => code === 'yaml-syntax');
    const words = isReadable ? await fixWords(engine, current) : undefined;
    const indent = words === undefined ? await fixIndent(engine, current) : undefined;
    const next = words ?? indent ?? (isReadable ? undefined : await fixWords(engine, current));
    if (next === undefined) break;
    current = next;
    isReindented ||= indent !== undefined;
    const gain = countErrors(best.diagnostics) - countErrors(current.diagnostics);
    if (gain > 0 || (gain === 0 && !isReindented)) [best, isReindented] = [current, false];
  }
  return best;
}

function countErrors(diagnostics: readonly Diagnostic[]): number {
  return diagnostics.filter(isError).length;
}

/** Applies the edits of all diagnostics; undefined if there are none. */
async function fixWords(
  engine: FixEngine,
  { sources, diagnostics }: LoadedPods,
): Promise<LoadedPods | undefined> {
  const fixed = applyFixes(sources, diagnostics.filter(isCertainIn(diagnostics)));
  return fixed.every(({ text }, index) => text === sources[index]?.text)
    ? undefined
    : check(engine, fixed, {});
}

/** A file with a syntax error is read with guesses: a wrong type can be a part of another text. */
function isCertainIn(diagnostics: readonly Diagnostic[]): (diagnostic: Diagnostic) => boolean {
  const unreadable = new Set(
    diagnostics.flatMap(({ code, location }) => (code === 'yaml-syntax' ? [location?.file] : [])),
  );
  return ({ code, location }) => code.startsWith('yaml-') || !unreadable.has(location?.file);
}

/** Corrects the indentation at the first mistake where this is certain; undefined if there is none. */
async function fixIndent(engine: FixEngine, loaded: LoadedPods): Promise<LoadedPods | undefined> {
  for (const diagnostic of causesFirst(loaded.diagnostics).slice(0, MAX_INDENT_MISTAKES)) {
    const index = loaded.sources.findIndex(({ file }) => file === diagnostic.location?.file);
    const source = loaded.sources[index];
    const text = source === undefined ? undefined : textOf(source.text);
    if (source === undefined || text === undefined || text.startsWith(BYTE_ORDER_MARK)) continue;
    const tried: TriedIndent[] = [];
    for (const fix of indentFixes(text, diagnostic)) {
      const sources = loaded.sources.with(index, { ...source, text: fix.text });
      tried.push({ fix, loaded: await check(engine, sources, {}) });
    }
    const certain = certainIndent(tried, loaded.diagnostics);
    if (certain !== undefined) return certain.loaded;
    // Several answers: a fix of one of its consequences would be a guess.
    if (tried.some((other) => !hasIndentMistakes(other.loaded.diagnostics))) return undefined;
  }
  return undefined;
}

interface TriedIndent {
  readonly fix: IndentFix;
  readonly loaded: LoadedPods;
}

/** The tidiest correction that leaves the fewest mistakes, if all that leave as few give the same objects. */
function certainIndent(
  tried: readonly TriedIndent[],
  before: readonly Diagnostic[],
): TriedIndent | undefined {
  const [least, ...others] = [...tried].sort(
    (a, b) => compareMistakes(a.loaded.diagnostics, b.loaded.diagnostics) || a.fix.rank - b.fix.rank,
  );
  if (least === undefined || !isFewerMistakes(least.loaded.diagnostics, before)) return undefined;
  const valueOf = ({ loaded }: TriedIndent): string =>
    stableJson(readManifests(loaded.sources).documents.map(({ value }) => value));
  const as = others.filter(
    (other) => compareMistakes(other.loaded.diagnostics, least.loaded.diagnostics) === 0,
  );
  return as.every((other) => valueOf(other) === valueOf(least)) ? least : undefined;
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
