import { Lexer } from 'yaml';

/*
 * Lines inside of brackets or quotes that are indented less than the object around them. YAML 1.2 forbids them, and the reader
 * of kubectl (YAML 1.1) allows them.
 */

/** The offsets of lines that get an indent. */
export type Insertions = ReadonlySet<number>;

const INDENT = ' '.repeat(120);

/** More of them are most likely the lines after an unclosed quote or bracket. */
const MAX_LINES = 50;

const MARKS: ReadonlySet<string> = new Set(['\u0002', '\u0018', '\u001F']);
const FLOW_END = '\u0018';

export function isMark(lexeme: string): boolean {
  return MARKS.has(lexeme);
}

/** The offsets of such lines; none if the text is not well-formed with them. */
export function findOutdented(text: string): Insertions {
  const offsets = new Set<number>();
  for (;;) {
    const [indented, inserted] = withIndents(text, offsets);
    const at = firstOutdented(indented);
    if (at === undefined) return offsets;
    const line = indented.lastIndexOf('\n', at - 1) + 1;
    const original = line - insertedIn(inserted, 0, line);
    if (line === 0 || line >= indented.length || offsets.has(original) || offsets.size === MAX_LINES)
      return new Set();
    offsets.add(original);
  }
}

/** The offset in the line where the lexer ends a bracket or quote because of the indentation. */
function firstOutdented(text: string): number | undefined {
  let offset = 0;
  for (const lexeme of new Lexer().lex(text)) {
    if (lexeme === FLOW_END) return offset;
    if (MARKS.has(lexeme)) continue;
    offset += lexeme.length;
    if (/^["']/.test(lexeme) && (lexeme.length === 1 || !lexeme.endsWith(lexeme[0] ?? '')))
      return text.indexOf('\n', offset) + 1;
  }
  return undefined;
}

/** The text with indents, and the offsets of the indents in it. */
export function withIndents(text: string, offsets: Insertions): readonly [string, Insertions] {
  let result = '';
  let from = 0;
  const inserted = new Set<number>();
  for (const offset of [...offsets].sort((a, b) => a - b)) {
    result += text.slice(from, offset);
    inserted.add(result.length);
    result += INDENT;
    from = offset;
  }
  return [result + text.slice(from), inserted];
}

/** How many characters of a range are indents. */
export function insertedIn(inserted: Insertions, start: number, end: number): number {
  let count = 0;
  for (const offset of inserted) if (start <= offset && offset < end) count += INDENT.length;
  return count;
}
