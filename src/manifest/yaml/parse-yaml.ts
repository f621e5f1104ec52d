import { Composer, Lexer, Parser, type CST, type Document, type YAMLParseError } from 'yaml';

/** Deeper than any Kubernetes object goes, and shallow enough for every recursion over the tree. */
export const MAX_DEPTH = 100;

/**
 * Names, values and punctuation marks that one file may hold. A file of 3 MiB has so many if it has one in
 * fifteen characters; what is made of one of them takes some 700 bytes of memory.
 */
export const MAX_TOKENS = 200_000;
/** Line breaks and comments, which take less. */
const MAX_LINES = 1_000_000;

/** Where reading ended before the text did, and why. */
export interface Limit {
  readonly code: 'yaml-too-deep' | 'yaml-too-many-values';
  readonly message: string;
  readonly help?: string;
  /** The offset. */
  readonly at: number;
}

export const tooDeep = `objects and lists are nested more than ${MAX_DEPTH.toString()} deep`;

/**
 * Parses YAML 1.2 without giving scalars a type (they stay strings): Kubernetes has its own rules for that.
 * Hands over a document as soon as it is read, so that one at a time is in memory. The library composes by
 * recursion, so the nesting and the number of values are watched while it tokenises, which is a loop. Gives
 * the limit that the text goes beyond.
 */
export function parseYaml(text: string, take: (document: Document.Parsed) => void): Limit | undefined {
  // The library makes an Error of each mistake, and thousands of stack traces are of use to nobody.
  const { stackTraceLimit } = Error;
  Error.stackTraceLimit = 0;
  try {
    return composeAll(text, take);
  } finally {
    Error.stackTraceLimit = stackTraceLimit;
  }
}

function composeAll(text: string, take: (document: Document.Parsed) => void): Limit | undefined {
  const parser = new Parser();
  // The library's own search for duplicate keys compares each with each; ours is a look-up in a map.
  const composer = new Composer({ schema: 'failsafe', uniqueKeys: false });
  const compose = (tokens: Iterable<CST.Token>) => {
    for (const token of tokens) for (const document of composer.next(token)) take(document);
  };
  const count = { tokens: 0, lines: 0 };
  for (const lexeme of new Lexer().lex(text)) {
    const read = lexeme.startsWith('"') ? withEscapesOfYaml(lexeme) : lexeme;
    const limit = limitOf(parser, lexeme, count);
    if (limit !== undefined) return limit;
    compose(parser.next(read));
    // Places stay those of the text.
    parser.offset -= read.length - lexeme.length;
  }
  compose(parser.end());
  for (const document of composer.end(true, text.length)) take(document);
  return undefined;
}

function limitOf(
  { stack, offset }: Parser,
  lexeme: string,
  count: { tokens: number; lines: number },
): Limit | undefined {
  // One place for the document, one for the scalar being read.
  if (stack.length > MAX_DEPTH + 2) return { code: 'yaml-too-deep', message: tooDeep, at: offset };
  if (/^[\r\n#]/.test(lexeme)) count.lines++;
  // The lexer announces plain scalars, documents and errors with control characters.
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
 * A double-quoted scalar with `\'` written as YAML has it. YAML knows no such escape, but the parser of
 * Kubernetes' does (go.yaml.in/yaml/v2, scannerc.go), and so manifests have it.
 */
function withEscapesOfYaml(scalar: string): string {
  return scalar.includes("\\'")
    ? scalar.replace(/\\./gs, (escape) => (escape === "\\'" ? '\\x27' : escape))
    : scalar;
}

/** An error of the library's. */
export type YamlError = Pick<YAMLParseError, 'code' | 'message' | 'pos'>;

export interface SyntaxMessage {
  readonly message: string;
  readonly help?: string;
}

/** The library's error in words that say what to do; its own where it has said enough. */
export function explainYamlError(error: YamlError, text: string): SyntaxMessage {
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

/** One line of reasonable length: some messages quote what they stumbled over, however long. */
function lowerFirst(text: string): string {
  const [line = ''] = text.split('\n', 1);
  return `${line.charAt(0).toLowerCase()}${line.slice(1, 120)}`;
}
