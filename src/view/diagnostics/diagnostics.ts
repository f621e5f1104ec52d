import { count } from '../../base/text.ts';
import { ruleOf } from '../../base/diagnostic-code.ts';
import { editsOf } from '../../base/fix.ts';
import { isError, sortDiagnostics, type Diagnostic, type Severity } from '../../base/diagnostic.ts';
import type { Location } from '../../base/location.ts';
import type { Paint } from '../../base/paint.ts';
import { codeFrame } from './code-frame.ts';
import { groupRepeats, quotedValue } from './repeats.ts';
import { cutEnd } from '../terminal/display-width.ts';
import { wrapLine } from '../terminal/wrap.ts';
import { escapeUnsafe, sanitize } from '../../base/sanitize.ts';
import { shellWord } from '../../base/shell-word.ts';

/** The texts of the files, by the file names of locations. */
export type Sources = ReadonlyMap<string, string>;

export interface DiagnosticsLayout {
  /** Width of the terminal. */
  readonly columns?: number;
  /** Whether lines are wrapped between words, for a terminal. */
  readonly isWrapped?: boolean;
  /** Maximum number of messages to show; the others are only counted. */
  readonly limit?: number;
}

/** Where too many diagnostics are found, the most severe are shown. */
const RANKS: Readonly<Record<Severity, number>> = { error: 0, warning: 1, note: 2 };
const DEFAULT_COLUMNS = 120;
const DEFAULT_LIMIT = 100;
const MAX_TEXT_LENGTH = 1000;

/**
 * Renders diagnostics as a compiler does: in file order, with source line and help, and a summary at the end. Empty
 * for none. The same mistake at several places is one message with its places. Duplicates are omitted; beyond the limit, errors take precedence over warnings.
 */
export function renderDiagnostics(
  diagnostics: readonly Diagnostic[],
  sources: Sources,
  paint: Paint,
  { columns = DEFAULT_COLUMNS, limit = DEFAULT_LIMIT, isWrapped = false }: DiagnosticsLayout = {},
): string {
  const all = distinct(sortDiagnostics(diagnostics));
  if (all.length === 0) return '';
  const groups = groupRepeats(all);
  const mostImportant = new Set(
    [...groups].sort((a, b) => RANKS[a.first.severity] - RANKS[b.first.severity]).slice(0, limit),
  );
  const shown = groups.filter((group) => mostImportant.has(group));
  const lines = shown.flatMap(({ first, others }) => [
    ...renderOne(first, sources, columns, paint, isWrapped),
    ...placeLines(others, paint, isWrapped ? columns : undefined),
  ]);
  // A single failure without a location needs no summary.
  const needsSummary = all.length > 1 || all.some(({ location }) => location !== undefined);
  if (needsSummary) lines.push('', summary(all, groups.length - shown.length), ...fixLine(all));
  return `${lines.join('\n')}\n`;
}

function renderOne(
  diagnostic: Diagnostic,
  sources: Sources,
  columns: number,
  paint: Paint,
  isWrapped: boolean,
): readonly string[] {
  const room = isWrapped ? columns : undefined;
  const { severity, location, path, help } = diagnostic;
  const place = location === undefined ? '' : `${paint('strong', `${formatLocation(location)}:`)} `;
  const field = path === undefined ? '' : `${readable(path)}: `;
  const [message = '', ...more] = messageOf(diagnostic).split('\n').map(readable);
  const source = location === undefined ? undefined : sources.get(location.file);
  return [
    ...wrapLine(
      `${place}${paint(severity, `${severity}${ruleText(diagnostic)}:`)} ${field}${message}`,
      room,
      INDENT,
    ),
    ...more.flatMap((line) => wrapLine(`${INDENT}${line}`, room, INDENT)),
    ...(location?.object !== undefined || location === undefined || source === undefined
      ? []
      : codeFrame(location, source, columns, severity, paint)),
    ...(help === undefined ? [] : helpLines(help, paint, room)),
  ];
}

/** Says of a rule for manifests that it is podpose's own: a cluster accepts the object. */
function ruleText({ code, location }: Diagnostic): string {
  return location !== undefined && ruleOf(code) === 'podpose' ? ' (podpose)' : '';
}

const INDENT = '   ';
/** The width of `   help: `. */
const HELP_INDENT = '         ';

/** Limits the length: messages can quote long values. */
function readable(text: string): string {
  return sanitize(cutEnd(text, MAX_TEXT_LENGTH));
}

/** The message with its suggestion. */
function messageOf({ message, suggestion }: Diagnostic): string {
  return suggestion === undefined ? message : `${message}, did you mean '${suggestion}'?`;
}

function helpLines(help: string, paint: Paint, room: number | undefined): readonly string[] {
  return help
    .trimEnd()
    .split('\n')
    .map((line, index) =>
      `${index === 0 ? `${INDENT}${paint('strong', 'help:')} ` : HELP_INDENT}${sanitize(line)}`.trimEnd(),
    )
    .flatMap((line) => wrapLine(line, room, HELP_INDENT));
}

/** How many further places of the same mistake are listed. */
const MAX_PLACES = 10;

/** The further places of a mistake. */
function placeLines(
  others: readonly Diagnostic[],
  paint: Paint,
  room: number | undefined,
): readonly string[] {
  const places = others.slice(0, MAX_PLACES).map((diagnostic) => {
    const { location, path } = diagnostic;
    const place = location === undefined ? '' : `${formatLocation(location)}: `;
    return readable(`${place}${path ?? ''}${quotedValue(diagnostic)}`.replace(/: ?$/, ''));
  });
  const more = others.length - places.length;
  if (more > 0) places.push(`and ${count(more, 'more place')}`);
  return places.flatMap((place, index) =>
    wrapLine(
      `${index === 0 ? `${INDENT}${paint('strong', 'also:')} ` : HELP_INDENT}${place}`,
      room,
      HELP_INDENT,
    ),
  );
}

function formatLocation({ file, line, column, object }: Location): string {
  const name = file === '-' ? '<stdin>' : sanitize(file);
  if (object !== undefined) return `${name} ${sanitize(object)}`;
  return `${name}:${line}:${column}`;
}

export function distinct(diagnostics: readonly Diagnostic[]): readonly Diagnostic[] {
  const seen = new Map<string, Diagnostic>();
  for (const diagnostic of diagnostics) {
    const { code, location, path, message, suggestion } = diagnostic;
    const place = location === undefined ? [] : [location.file, location.line, location.column];
    const key = JSON.stringify([code, place, path, message, suggestion]);
    if (!seen.has(key)) seen.set(key, diagnostic);
  }
  return [...seen.values()];
}

/** `2 errors, 1 warning, 3 notes in 1 file.` */
function summary(all: readonly Diagnostic[], hidden: number): string {
  const files = new Set(all.flatMap(({ location }) => (location === undefined ? [] : [location.file]))).size;
  const counts = (['error', 'warning', 'note'] as const)
    .map((severity) => [severity, countOf(all, severity)] as const)
    .flatMap(([severity, amount]) => (amount > 0 ? [count(amount, severity)] : []))
    .join(', ');
  const place = files === 0 ? '' : ` in ${count(files, 'file')}`;
  return hidden > 0 ? `${counts}${place}; ${count(hidden, 'message')} not shown.` : `${counts}${place}.`;
}

/** Names the command that fixes mistakes. */
function fixLine(all: readonly Diagnostic[]): readonly string[] {
  const fixable = all.filter(
    (diagnostic) =>
      (isError(diagnostic) || diagnostic.isIgnored === true) &&
      editsOf(diagnostic).some(({ location: { file, object } }) => file !== '-' && object === undefined),
  );
  const files = new Set(fixable.flatMap(({ location }) => (location === undefined ? [] : [location.file])));
  if (files.size === 0) return [];
  const words = [...files].map((file) => sanitize(shellWord(file))).join(' ');
  const amount = fixable.length === all.length && all.length === 1 ? 'it' : count(fixable.length, 'mistake');
  return [`'podpose fix ${words}' shows the fix of ${amount}.`];
}

function countOf(all: readonly Diagnostic[], severity: Severity): number {
  return all.filter((diagnostic) => diagnostic.severity === severity).length;
}

/**
 * Raised when a program that reads the document would have to be changed; a new member alone does not raise
 * it.
 */
const FORMAT_VERSION = '1.0';

/** All diagnostics as JSON, in file order; the schema is schemas/validate-1.schema.json. */
export function diagnosticsJson(diagnostics: readonly Diagnostic[]): string {
  const all = distinct(sortDiagnostics(diagnostics));
  const errors = all.filter(isError).length;
  const document = {
    formatVersion: FORMAT_VERSION,
    valid: errors === 0,
    errors,
    warnings: countOf(all, 'warning'),
    notes: countOf(all, 'note'),
    diagnostics: all.map(diagnosticMembers),
  };
  return `${escapeUnsafe(JSON.stringify(document, undefined, 2))}\n`;
}

/** The members of a diagnostic, in reading order. */
export function diagnosticMembers({
  code,
  severity,
  location,
  path,
  message,
  suggestion,
  help,
}: Diagnostic): object {
  // JSON.stringify omits undefined members.
  return {
    code,
    severity,
    rule: ruleOf(code),
    ...(location === undefined ? {} : locationMembers(location)),
    path,
    message,
    suggestion,
    help,
  };
}

/** A range for editors, at least one column wide, or the object of a built text. */
function locationMembers({ file, line, column, length = 1, object }: Location): object {
  if (object !== undefined) return { file, object };
  return { file, line, column, endLine: line, endColumn: column + Math.max(1, length) };
}
