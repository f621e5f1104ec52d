import { count } from '../../base/text.ts';
import { isError, sortDiagnostics, type Diagnostic } from '../../base/diagnostic.ts';
import type { Location } from '../../base/location.ts';
import type { Paint } from '../../base/paint.ts';
import { codeFrame } from './code-frame.ts';
import { cutEnd } from '../terminal/display-width.ts';
import { wrapLine } from '../terminal/wrap.ts';
import { escapeUnsafe, sanitize } from '../../base/sanitize.ts';

/** The text of each file that was read, by the name that locations give it. */
export type Sources = ReadonlyMap<string, string>;

export interface DiagnosticsLayout {
  /** Width of the terminal. */
  readonly columns?: number;
  /** Lines are broken between words to fit that width: for a terminal, which breaks them anywhere. */
  readonly isWrapped?: boolean;
  /** How many are shown; the rest is counted. */
  readonly limit?: number;
}

const DEFAULT_COLUMNS = 120;
const DEFAULT_LIMIT = 100;
const LONGEST_TEXT = 1000;

/**
 * Diagnostics as a compiler shows them, in the order of the files, each with its source line and what to do,
 * and their sum at the end. An empty text when there are none. The same one is shown once; where there are
 * too many, errors are shown before warnings.
 */
export function renderDiagnostics(
  diagnostics: readonly Diagnostic[],
  sources: Sources,
  paint: Paint,
  { columns = DEFAULT_COLUMNS, limit = DEFAULT_LIMIT, isWrapped = false }: DiagnosticsLayout = {},
): string {
  const all = distinct(sortDiagnostics(diagnostics));
  if (all.length === 0) return '';
  const mostImportant = new Set(
    [...all].sort((a, b) => Number(isError(b)) - Number(isError(a))).slice(0, limit),
  );
  const shown = all.filter((diagnostic) => mostImportant.has(diagnostic));
  const lines = shown.flatMap((diagnostic) => renderOne(diagnostic, sources, columns, paint, isWrapped));
  // One failure that is in no file needs no sum.
  const isWorthASum = all.length > 1 || all.some(({ location }) => location !== undefined);
  if (isWorthASum) lines.push('', sum(all, shown.length));
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
    ...wrapLine(`${place}${paint(severity, `${severity}:`)} ${field}${message}`, room, INDENT),
    ...more.flatMap((line) => wrapLine(`${INDENT}${line}`, room, INDENT)),
    ...(location === undefined || source === undefined
      ? []
      : codeFrame(location, source, columns, severity, paint)),
    ...(help === undefined ? [] : helpLines(help, paint, room)),
  ];
}

const INDENT = '   ';
/** As wide as `   help: `. */
const HELP_INDENT = '         ';

/** No message is longer than a screen, whatever value it quotes. */
function readable(text: string): string {
  return sanitize(cutEnd(text, LONGEST_TEXT));
}

/** The message with the word that was probably meant. */
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

function formatLocation({ file, line, column }: Location): string {
  const name = file === '-' ? '<stdin>' : sanitize(file);
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

/** `2 errors, 1 warning in 1 file.` */
function sum(all: readonly Diagnostic[], shown: number): string {
  const errors = all.filter(isError).length;
  const warnings = all.length - errors;
  const files = new Set(all.flatMap(({ location }) => (location === undefined ? [] : [location.file]))).size;
  const counts = [
    ...(errors > 0 ? [count(errors, 'error')] : []),
    ...(warnings > 0 ? [count(warnings, 'warning')] : []),
  ].join(', ');
  const place = files === 0 ? '' : ` in ${count(files, 'file')}`;
  return shown < all.length ? `${counts}${place}; ${shown} of them are shown.` : `${counts}${place}.`;
}

/**
 * Raised when a program that reads the document would have to be changed; a new member alone does not raise
 * it.
 */
const FORMAT_VERSION = '1.0';

/**
 * Diagnostics for programs, all of them, in the order of the files, as schemas/validate-1.schema.json
 * describes them.
 */
export function diagnosticsJson(diagnostics: readonly Diagnostic[]): string {
  const all = distinct(sortDiagnostics(diagnostics));
  const errors = all.filter(isError).length;
  const document = {
    formatVersion: FORMAT_VERSION,
    valid: errors === 0,
    errors,
    warnings: all.length - errors,
    diagnostics: all.map(diagnosticMembers),
  };
  return `${escapeUnsafe(JSON.stringify(document, undefined, 2))}\n`;
}

/** The members of one diagnostic, in the order in which they are read best. */
export function diagnosticMembers({
  code,
  severity,
  location,
  path,
  message,
  suggestion,
  help,
}: Diagnostic): object {
  // JSON leaves out what is undefined.
  return {
    code,
    severity,
    ...(location === undefined ? {} : locationMembers(location)),
    path,
    message,
    suggestion,
    help,
  };
}

/** An editor underlines from a beginning to an end; the place itself counts for one column at least. */
function locationMembers({ file, line, column, length = 1 }: Location): object {
  return { file, line, column, endLine: line, endColumn: column + Math.max(1, length) };
}
