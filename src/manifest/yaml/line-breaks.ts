import { Lexer } from 'yaml';

/**
 * Line breaks for kubectl but not for the yaml library: NEL and the Unicode line and paragraph separators, as in YAML
 * 1.1 (is_break in go.yaml.in/yaml/v2, yamlprivateh.go), and a lone carriage return, as in YAML 1.2, too (section
 * 5.4).
 */
const OTHER_BREAK = /[\x85\u2028\u2029]|\r(?!\n)/;
const OTHER_BREAKS = new RegExp(OTHER_BREAK, 'g');

/** A break in a comment is harmless if kubectl sees an empty line or another comment after it. */
const NOTHING_OR_COMMENT = / *(?:#|[\r\n\x85\u2028\u2029]|$)/y;

/** A separator in quotes that kubectl keeps: it folds white space around a break and interprets `---` after it. */
const KEPT_IN_QUOTES = /[^\s\x85\\'"][\u2028\u2029](?![\s\x85'"]|---|\.\.\.)/g;

/**
 * The offset of the first such break that makes kubectl parse a different object; undefined for none. Breaks are
 * harmless in a comment before an empty line or another comment, and in a quoted value where kubectl keeps the
 * separators.
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
    // The quoted text is a key, which must be on one line.
    if (inQuotes !== undefined && lexeme === ':') return inQuotes;
    if (lexeme.trim() !== '') inQuotes = undefined;
    // The next character shows whether a carriage return is alone.
    const at = breakIn(text.slice(offset, offset + lexeme.length + 1), isScalar);
    if (at !== undefined && at < lexeme.length) return offset + at;
    if (isQuoted(lexeme, isScalar)) inQuotes = firstBreak(lexeme, offset);
    offset += lexeme.length;
    isScalar = false;
  }
  return undefined;
}

/** Control tokens of the lexer: start of a document, end of a broken flow collection, scalar. */
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
