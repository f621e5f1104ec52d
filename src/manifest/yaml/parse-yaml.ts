import { Composer, Lexer, Parser, type CST, type Document } from 'yaml';
import { insertedIn, isMark, withIndents, type Insertions } from './outdented.ts';
import { jsonParts, type TextPart } from './json-stream.ts';
import type { SyntaxMessage, YamlError } from './yaml-error.ts';
import { isReaderError, readerCheck, separatorErrors } from './reader-check.ts';

const NONE: Insertions = new Set();

/** Deeper than any Kubernetes object, and low enough for recursion over the tree. */
export const MAX_DEPTH = 100;

/**
 * The limit of names, values and punctuation marks in a file. A file of 3 MiB reaches it with one per fifteen
 * characters; each takes about 700 bytes of memory.
 */
export const MAX_TOKENS = 200_000;
/** The limit of line breaks and comments, which take less memory. */
const MAX_LINES = 1_000_000;

/** A limit that stopped the parser. */
export interface Limit {
  readonly code: 'yaml-too-deep' | 'yaml-too-many-values';
  readonly message: string;
  readonly help?: string;
  /** The offset where the parser stopped. */
  readonly at: number;
}

export const tooDeep = `objects and lists are nested more than ${MAX_DEPTH.toString()} deep`;

/**
 * Parses YAML 1.2 without typing scalars (they stay strings): Kubernetes has its own rules for that. Passes on each
 * document when it is complete, so that only one is in memory. The library composes recursively; the depth and the
 * number of values are therefore checked during tokenization, which is iterative. Returns the limit that the text
 * exceeds.
 */
export function parseYaml(
  text: string,
  take: (document: Document.Parsed, errors: readonly YamlError[]) => void,
  insertions: Insertions = NONE,
): Limit | undefined {
  // The library creates an Error for each mistake; thousands of stack traces would be slow.
  const { stackTraceLimit } = Error;
  Error.stackTraceLimit = 0;
  try {
    const count = { tokens: 0, lines: 0 };
    for (const part of jsonParts(text)) {
      const limit = composeAll(part, count, take, part.start === 0 ? insertions : NONE);
      if (limit !== undefined) return limit;
    }
    return undefined;
  } finally {
    Error.stackTraceLimit = stackTraceLimit;
  }
}

function composeAll(
  part: TextPart,
  count: { tokens: number; lines: number },
  take: (document: Document.Parsed, errors: readonly YamlError[]) => void,
  insertions: Insertions,
): Limit | undefined {
  const parser = new Parser();
  parser.offset = part.start;
  // The duplicate check of the library takes quadratic time; buildTree checks with a map.
  const composer = new Composer({ schema: 'failsafe', uniqueKeys: false });
  const check = part.isJson ? () => undefined : readerCheck();
  const found: YamlError[] = part.isJson ? [] : [...separatorErrors(part.text)].map(shiftedBy(part.start));
  const takeWithErrors = (document: Document.Parsed): void => {
    const errors = [...document.errors.filter((error) => !isGluedComment(error, part)), ...found];
    found.length = 0;
    take(document, errors);
  };
  const compose = (tokens: Iterable<CST.Token>): void => {
    for (const token of tokens) for (const document of composer.next(token)) takeWithErrors(document);
  };
  const [text, inserted] = insertions.size === 0 ? [part.text, NONE] : withIndents(part.text, insertions);
  let at = 0;
  for (const lexeme of new Lexer().lex(withoutInnerMarks(text))) {
    const error = check(lexeme, parser.offset);
    if (error !== undefined) found.push(error);
    const read = lexeme.startsWith('"') ? withEscapesOfYaml(lexeme) : lexeme;
    const limit = limitOf(parser, lexeme, count);
    if (limit !== undefined) return limit;
    compose(parser.next(read));
    // Keeps the offsets of the original text.
    parser.offset -= read.length - lexeme.length;
    if (inserted.size > 0 && !isMark(lexeme)) {
      parser.offset -= insertedIn(inserted, at, at + lexeme.length);
      at += lexeme.length;
    }
  }
  compose(parser.end());
  for (const document of composer.end(true, part.start + part.text.length)) takeWithErrors(document);
  return undefined;
}

function shiftedBy(start: number): (error: YamlError) => YamlError {
  return (error) => ({ ...error, pos: [error.pos[0] + start, error.pos[1] + start] });
}

/** kubectl allows a comment right after a bracket or a quoted text. */
function isGluedComment({ message, pos }: YamlError, { text, start }: TextPart): boolean {
  return message.startsWith('Comments must be separated') && /["'\]}]/.test(text[pos[0] - start - 1] ?? '');
}

/** Byte order marks before later documents, which files glued together have, as empty lines. */
function withoutInnerMarks(text: string): string {
  return text.includes('\uFEFF') ? text.replace(/(\n---[^\n]*\n)\uFEFF/g, '$1\n') : text;
}

function limitOf(
  { stack, offset }: Parser,
  lexeme: string,
  count: { tokens: number; lines: number },
): Limit | undefined {
  // The stack also contains the document and the current scalar.
  if (stack.length > MAX_DEPTH + 2) return { code: 'yaml-too-deep', message: tooDeep, at: offset };
  if (/^[\r\n#]/.test(lexeme)) count.lines++;
  // Control characters are the lexer's tokens before plain scalars, documents and errors.
  else if (/^[^ \t\u0002\u0018\u001F\uFEFF]/.test(lexeme)) count.tokens++;
  const tooMany =
    count.tokens > MAX_TOKENS
      ? `${MAX_TOKENS.toString()} names, values and punctuation marks`
      : count.lines > MAX_LINES
        ? `${MAX_LINES.toString()} line breaks and comments`
        : undefined;
  if (tooMany === undefined) return undefined;
  const message = `the file has more than ${tooMany}`;
  return { code: 'yaml-too-many-values', message, help: 'Split it into several files.', at: offset };
}

/**
 * Replaces `\'` in a double-quoted scalar with a valid escape. YAML does not allow it, but the parser of Kubernetes
 * does (go.yaml.in/yaml/v2, scannerc.go), so some manifests contain it.
 */
function withEscapesOfYaml(scalar: string): string {
  return scalar.includes("\\'")
    ? scalar.replace(/\\./gs, (escape) => (escape === "\\'" ? '\\x27' : escape))
    : scalar;
}

/** Explains an error of the library, with a hint where its own message has none. */
export function explainYamlError(error: YamlError, text: string): SyntaxMessage {
  if (isReaderError(error)) return error.reader;
  const word = JSON.stringify(
    text
      .slice(...error.pos)
      .split('\n', 1)[0]
      ?.slice(0, 60),
  );
  switch (error.code) {
    case 'BAD_INDENT':
      return /end with a (.)/.test(error.message)
        ? { message: `missing closing ${/end with a (.)/.exec(error.message)?.[1] ?? ''}` }
        : {
            message: 'inconsistent indentation',
            help: 'Fields of an object, and items of a list, start in the same column.',
          };
    case 'TAB_AS_INDENT':
      return { message: 'a tab is used for indentation', help: 'YAML allows only spaces for indentation.' };
    case 'MISSING_CHAR':
      if (error.message.includes('quote')) return { message: 'missing closing quote' };
      return error.message.startsWith('Implicit map keys')
        ? { message: `missing colon and value after ${word}` }
        : { message: lowerFirst(error.message) };
    case 'MULTILINE_IMPLICIT_KEY':
      return { message: `unexpected ${word}` };
    case 'BLOCK_AS_IMPLICIT_KEY':
      return {
        message: 'unexpected mapping here',
        help: "Check the indentation, or quote a value that contains ': '.",
      };
    case 'BAD_SCALAR_START':
      return { message: `a value must not begin with ${word}`, help: 'Quote the value.' };
    case 'BAD_DQ_ESCAPE':
      return {
        message: `${text.slice(error.pos[0], error.pos[0] + 2)} is not a valid escape in YAML`,
        help: 'Double the backslash, or use single quotes, where a backslash is literal.',
      };
    default:
      return { message: lowerFirst(error.message) };
  }
}

/** One line of limited length: some messages quote the text at the error. */
function lowerFirst(text: string): string {
  const [line = ''] = text.split('\n', 1);
  return `${line.charAt(0).toLowerCase()}${line.slice(1, 120)}`;
}
