import { isError, type Diagnostic } from '../base/diagnostic.ts';
import { editsOf } from '../base/fix.ts';

/** A way to correct the indentation of a manifest. */
export interface IndentFix {
  readonly text: string;
  /** Of two ways to one object, the one with the lower number is taken: fewer odd indents, then fewer changes. */
  readonly rank: number;
}

/** Mistakes that a wrong indentation causes. */
const CODES: ReadonlySet<string> = new Set(['yaml-syntax', 'unknown-field', 'wrong-type', 'missing-field']);

/** One or two spaces: more is most likely another mistake. */
const SHIFTS = [1, -1, 2, -2];

/** Corrections are tried one by one. */
const MAX_LINES = 2000;

/**
 * The texts in which the lines at a mistake are indented by one or two spaces more or less: a line, with the lines below it
 * that are deeper or as deep. `isBetter` decides between them.
 */
export function indentFixes(text: string, { location, code }: Diagnostic): readonly IndentFix[] {
  const lines = text.split('\n');
  if (location === undefined || !CODES.has(code) || lines.length > MAX_LINES) return [];
  const at = location.line - 1;
  if (/^ *\t/.test(lines[at] ?? '')) return tabFixes(lines, at);
  const around = [at, previousLine(lines, at), at + 1, unalignedLine(lines, at)].filter((index) =>
    isContent(lines[index]),
  );
  const indents = around.flatMap((first) =>
    [...new Set([first + 1, blockEnd(lines, first, 1), blockEnd(lines, first, 0)])].flatMap((end) =>
      SHIFTS.flatMap((shift) => shifted(lines, first, end, shift)),
    ),
  );
  const fixes = [...around.flatMap((first) => separatedDash(lines, first)), ...indents];
  return [...new Map(fixes.map((fix) => [fix.text, fix])).values()];
}

/** Tabs at the start of a line and of its neighbours, for the usual widths. */
function tabFixes(lines: readonly string[], at: number): readonly IndentFix[] {
  const isTabbed = (line: string | undefined): boolean => line !== undefined && /^ *\t/.test(line);
  const first = lines.findLastIndex((line, index) => index < at && !isTabbed(line)) + 1;
  const end = lines.findIndex((line, index) => index > at && !isTabbed(line));
  return [2, 4, 8].map((width) => ({
    text: lines
      .map((line, index) =>
        index >= first && (end === -1 || index < end)
          ? line.replace(/^[ \t]+/, (indent) => indent.replaceAll('\t', ' '.repeat(width)))
          : line,
      )
      .join('\n'),
    rank: width,
  }));
}

function isContent(line: string | undefined): boolean {
  return line !== undefined && /^\s*[^\s#]/.test(line) && !/^(?:---|\.\.\.)/.test(line);
}

function previousLine(lines: readonly string[], at: number): number {
  return lines.slice(0, at).findLastIndex(isContent);
}

/** The nearest line above that is one column beside a line: most likely the start of the block above. */
function unalignedLine(lines: readonly string[], at: number): number {
  const indent = indentOf(lines[at]);
  return lines
    .slice(0, at)
    .findLastIndex((line) => isContent(line) && Math.abs(indentOf(line) - indent) === 1);
}

function indentOf(line = ''): number {
  return /^ */.exec(line)?.[0].length ?? 0;
}

/** The end of the lines that are indented by at least so many spaces more than the first one. */
function blockEnd(lines: readonly string[], first: number, deeper: number): number {
  const least = indentOf(lines[first]) + deeper;
  const next = lines.findIndex(
    (line, index) => index > first && line.trim() !== '' && indentOf(line) < least,
  );
  return next === -1 ? lines.length : next;
}

function shifted(lines: readonly string[], first: number, end: number, shift: number): readonly IndentFix[] {
  const block = lines.slice(first, end);
  if (shift < 0 && block.some((line) => line.trim() !== '' && indentOf(line) < -shift)) return [];
  const moved = block.map((line) => {
    if (line.trim() === '') return line;
    return shift > 0 ? ' '.repeat(shift) + line : line.slice(-shift);
  });
  const above = lines[previousLine(lines, first)];
  const isFirstOfParent = above !== undefined && indentOf(lines[first]) > indentOf(above);
  const isOrphaned = isFirstOfParent && !/^ *emptyDir:/.test(above) && hasNoValue([above, ...moved], []);
  const below = lines.slice(end);
  // A line that is there twice is no matter of indentation.
  const isRepeated = [above, lines.slice(first + 1).find(isContent)].some(
    (line) => line?.trim() === lines[first]?.trim(),
  );
  if (isOrphaned || isRepeated || (hasNoValue(moved, below) && !hasNoValue(block, below))) return [];
  return [
    ranked(
      [...lines.slice(0, first), ...moved, ...lines.slice(end)],
      block.filter((line) => line.trim() !== '').length,
      shift,
    ),
  ];
}

/** Whether the first line is a field without a value in the lines below. */
function hasNoValue([first = '', ...block]: readonly string[], below: readonly string[]): boolean {
  if (!/^[ -]*[\w./-]+:\s*(?:#.*)?$/.test(first)) return false;
  const next = [...block, ...below].find(isContent);
  return next === undefined || indentOf(next) < indentOf(first) + (/^ *- /.test(next) ? 0 : 1);
}

function ranked(lines: readonly string[], changed: number, shift: number): IndentFix {
  const odd = lines.filter((line) => line.trim() !== '' && indentOf(line) % 2 === 1).length;
  return { text: lines.join('\n'), rank: odd * 100_000 + changed * 10 + Math.abs(shift) };
}

/** A dash without a space after it: also the lines below move with the first field of the item. */
function separatedDash(lines: readonly string[], first: number): readonly IndentFix[] {
  const line = lines[first] ?? '';
  if (!/^ *-[A-Za-z"']/.test(line)) return [];
  const spaced = lines.with(first, line.replace('-', '- '));
  const end = blockEnd(lines, first, 1);
  return [ranked(spaced, 1, 1), ...shifted(spaced, first + 1, end, 1)];
}

/** The mistakes of a manifest, in the order of their weight. */
interface Cost {
  readonly syntax: number;
  /** Structural mistakes without a fix at their place: a misplaced field is one. */
  readonly structure: number;
  readonly errors: number;
}

function costOf(diagnostics: readonly Diagnostic[]): Cost {
  const errors = diagnostics.filter(isError);
  return {
    syntax: errors.filter(({ code }) => code.startsWith('yaml-')).length,
    structure: errors.filter((error) => CODES.has(error.code) && editsOf(error).length !== 1).length,
    errors: errors.length,
  };
}

/** Errors, those of syntax first: others are often their consequences. */
export function causesFirst(diagnostics: readonly Diagnostic[]): readonly Diagnostic[] {
  const errors = diagnostics.filter(isError);
  const isSyntax = ({ code }: Diagnostic): boolean => code === 'yaml-syntax';
  return [...errors.filter(isSyntax), ...errors.filter((error) => !isSyntax(error))];
}

/** Whether mistakes are left that a wrong indentation can cause. */
export function hasIndentMistakes(diagnostics: readonly Diagnostic[]): boolean {
  const { syntax, structure } = costOf(diagnostics);
  return syntax + structure > 0;
}

/** Orders by the mistakes that are left: of syntax, then of structure. */
export function compareMistakes(a: readonly Diagnostic[], b: readonly Diagnostic[]): number {
  const [first, second] = [costOf(a), costOf(b)];
  return first.syntax - second.syntax || first.structure - second.structure || first.errors - second.errors;
}

/** Whether a mistake is gone without a new one of structure in its place. */
export function isFewerMistakes(after: readonly Diagnostic[], before: readonly Diagnostic[]): boolean {
  const [left, had] = [costOf(after), costOf(before)];
  const isGone = left.syntax < had.syntax || (left.syntax === had.syntax && left.structure < had.structure);
  return isGone && left.structure <= had.structure;
}
