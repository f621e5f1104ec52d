import { Composer, Lexer, Parser, type CST, type Document, type YAMLParseError } from 'yaml';

/** Deeper than any Kubernetes object goes, and shallow enough for every recursion over the tree. */
export const MAX_DEPTH = 100;

/** What the yaml library made of a text: documents with their errors, up to the place where it went too deep. */
export interface ParsedYaml {
  readonly documents: readonly Document.Parsed[];
  /** The offset at which the nesting passed MAX_DEPTH: nothing was composed then. */
  readonly tooDeepAt?: number;
}

/**
 * Parses YAML 1.2 without giving scalars a type (they stay strings): Kubernetes has its own rules for that. The
 * library composes by recursion, so the nesting is watched while it tokenises, which is a loop.
 */
export function parseYaml(text: string): ParsedYaml {
  const parser = new Parser();
  const tokens: CST.Token[] = [];
  for (const lexeme of new Lexer().lex(text)) {
    const read = lexeme.startsWith('"') ? withEscapesOfYaml(lexeme) : lexeme;
    for (const token of parser.next(read)) tokens.push(token);
    // Places stay those of the text.
    parser.offset -= read.length - lexeme.length;
    // One place for the document, one for the scalar being read.
    if (parser.stack.length > MAX_DEPTH + 2) return { documents: [], tooDeepAt: parser.offset };
  }
  for (const token of parser.end()) tokens.push(token);
  // The library's own search for duplicate keys compares each with each; ours is a look-up in a map.
  const composer = new Composer({ schema: 'failsafe', uniqueKeys: false });
  return { documents: [...composer.compose(tokens, true, text.length)] };
}

/**
 * A double-quoted scalar with `\'` written as YAML has it. YAML knows no such escape, but the parser of Kubernetes' does
 * (go.yaml.in/yaml/v2, scannerc.go), and so manifests have it.
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
        ? { message: `the closing ${/end with a (.)/.exec(error.message)?.[1] ?? ''} is missing` }
        : {
            message: 'the indentation fits none of the lines above',
            help: 'Fields of one object, and items of one list, start in the same column.',
          };
    case 'TAB_AS_INDENT':
      return { message: 'a tab is used for indentation', help: 'YAML indents with spaces only.' };
    case 'MISSING_CHAR':
      if (error.message.includes('quote')) return { message: 'the closing quote is missing' };
      return error.message.startsWith('Implicit map keys')
        ? { message: `a colon and a value are missing after ${word}` }
        : { message: lowerFirst(error.message) };
    case 'MULTILINE_IMPLICIT_KEY':
      return { message: `${word} is neither a field nor a value here` };
    case 'BLOCK_AS_IMPLICIT_KEY':
      return {
        message: 'a field stands where a value is expected',
        help: 'A field begins a line of its own; a value that holds a colon and a space is put in quotes.',
      };
    case 'BAD_SCALAR_START':
      return { message: `a value may not begin with ${word}`, help: 'Put the value in quotes.' };
    case 'BAD_DQ_ESCAPE':
      return {
        message: `${text.slice(error.pos[0], error.pos[0] + 2)} is no escape that YAML knows`,
        help: 'Double the backslash, or use single quotes, in which a backslash is just that.',
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
