import { Lexer } from 'yaml';

/**
 * Characters that are a line break to kubectl and none to the yaml library: NEL, the line and paragraph
 * separators of Unicode, as in YAML 1.1 (is_break in go.yaml.in/yaml/v2, yamlprivateh.go), and a carriage
 * return that stands alone, as in YAML 1.2, too (section 5.4).
 */
const OTHER_BREAK = /[\x85\u2028\u2029]|\r(?!\n)/;
const OTHER_BREAKS = new RegExp(OTHER_BREAK, 'g');

/** What follows such a break in a comment where the next line is empty, or another comment, to kubectl. */
const NOTHING_OR_COMMENT = / *(?:#|[\r\n\x85\u2028\u2029]|$)/y;

/**
 * Text in quotes that kubectl reads as it stands: it folds the white space around a break, and knows `---`
 * behind it.
 */
const KEPT_IN_QUOTES = /[^\s\x85\\'"][\u2028\u2029](?![\s\x85'"]|---|\.\.\.)/g;

/**
 * The offset of the first such character that makes kubectl read another object from a text of YAML. In a
 * comment in front of nothing or another comment, and in a value in quotes, where kubectl keeps the
 * separators, it makes none.
 */
export function findOtherBreak(text: string): number | undefined {
  if (!OTHER_BREAK.test(text)) return undefined;
  let offset = 0;
  let isScalar = false;
  let inQuotes: number | undefined;
  for (const lexeme of new Lexer().lex(text)) {
    if (MARKS.has(lexeme)) {
      isScalar = lexeme === SCALAR;
      continue;
    }
    // What was in quotes is a key, which has to be one line.
    if (inQuotes !== undefined && lexeme === ':') return inQuotes;
    if (lexeme.trim() !== '') inQuotes = undefined;
    // Whether a carriage return stands alone is seen by what follows it.
    const at = breakIn(text.slice(offset, offset + lexeme.length + 1), isScalar);
    if (at !== undefined && at < lexeme.length) return offset + at;
    if (isQuoted(lexeme, isScalar)) inQuotes = firstBreak(lexeme, offset);
    offset += lexeme.length;
    isScalar = false;
  }
  return undefined;
}

/**
 * What the lexer says between parts of the text: the beginning of a document, the end of a broken flow, a
 * scalar.
 */
const SCALAR = '\u001F';
const MARKS: ReadonlySet<string> = new Set(['\u0002', '\u0018', SCALAR]);

function breakIn(lexeme: string, isScalar: boolean): number | undefined {
  if (!OTHER_BREAK.test(lexeme)) return undefined;
  if (!isScalar && lexeme.startsWith('#')) return breakInComment(lexeme);
  return isQuoted(lexeme, isScalar) ? breakInQuotes(lexeme) : lexeme.search(OTHER_BREAK);
}

function breakInComment(comment: string): number | undefined {
  for (const { index } of comment.matchAll(OTHER_BREAKS)) {
    NOTHING_OR_COMMENT.lastIndex = index + 1;
    if (!NOTHING_OR_COMMENT.test(comment)) return index;
  }
  return undefined;
}

function breakInQuotes(quoted: string): number | undefined {
  const kept = new Set([...quoted.matchAll(KEPT_IN_QUOTES)].map(({ index }) => index + 1));
  for (const { index } of quoted.matchAll(OTHER_BREAKS)) if (!kept.has(index)) return index;
  return undefined;
}

function isQuoted(lexeme: string, isScalar: boolean): boolean {
  return !isScalar && /^["']/.test(lexeme);
}

function firstBreak(lexeme: string, offset: number): number | undefined {
  const at = lexeme.search(OTHER_BREAK);
  return at < 0 ? undefined : offset + at;
}
