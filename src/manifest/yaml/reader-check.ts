import type { SyntaxMessage, YamlError } from './yaml-error.ts';

/*
 * What the reader of kubectl refuses and the yaml library accepts. kubectl cuts a file at its `---` lines
 * (k8s.io/apimachinery/pkg/util/yaml, decoder.go) and reads each part as YAML 1.1 (go.yaml.in/yaml/v2, scannerc.go).
 */

/** Control tokens of the lexer: start of a document, end of a broken flow collection, scalar. */
const SCALAR = '\u001F';
const MARKS: ReadonlySet<string> = new Set(['\u0002', '\u0018', SCALAR]);

/** A mistake that kubectl finds, in the form of the library's errors. */
export interface ReaderError extends YamlError {
  readonly reader: SyntaxMessage;
}

/** The state between the tokens of a text. */
interface ReaderState {
  depth: number;
  isScalar: boolean;
  /** Whether a key may begin here, where a tab is no white space. */
  mayBeKey: boolean;
  /** The header of a block scalar whose text follows. */
  header: string | undefined;
  /** Whether the document has begun with anything else than comments. */
  hasContent: boolean;
}

/** Gives a function that is called with each token of the lexer, and its offset, and returns what is wrong with it. */
export function readerCheck(): (lexeme: string, offset: number) => ReaderError | undefined {
  const state: ReaderState = {
    depth: 0,
    isScalar: false,
    mayBeKey: true,
    header: undefined,
    hasContent: false,
  };
  return (lexeme, offset) => {
    if (MARKS.has(lexeme)) {
      state.isScalar = lexeme === SCALAR;
      return undefined;
    }
    const { isScalar } = state;
    state.isScalar = false;
    const found = isScalar ? scalarError(state, lexeme) : tokenError(state, lexeme);
    return found === undefined ? undefined : readerError(offset + found.at, found.message, found.help);
  };
}

interface Found {
  readonly at: number;
  readonly message: string;
  readonly help: string;
}

function readerError(at: number, message: string, help: string): ReaderError {
  return { code: 'IMPOSSIBLE', pos: [at, at + 1], message, reader: { message, help } };
}

function scalarError(state: ReaderState, text: string): Found | undefined {
  const { header } = state;
  state.header = undefined;
  state.hasContent = true;
  // The text of a block ends with its last line: a key may follow.
  state.mayBeKey = header !== undefined;
  if (header !== undefined) return blockError(header, text);
  const at = state.depth > 0 ? text.indexOf('?') : -1;
  return at < 0
    ? undefined
    : { at, message: "'?' must be in quotes between brackets", help: 'kubectl refuses it. Quote the value.' };
}

/** A tab in place of the indentation of a block (yaml_parser_scan_block_scalar_breaks). */
function blockError(header: string, text: string): Found | undefined {
  if (/[1-9]/.test(header)) return undefined;
  let at = 0;
  for (const line of text.split('\n')) {
    const spaces = line.length - line.trimStart().length;
    const tab = line.slice(0, spaces).search(/[^ ]/);
    if (tab >= 0 && line[tab] === '\t')
      return {
        at: at + tab,
        message: 'a tab is used for the indentation of a block',
        help: 'YAML allows only spaces for indentation.',
      };
    if (line.trim() !== '') return undefined;
    at += line.length + 1;
  }
  return undefined;
}

function tokenError(state: ReaderState, lexeme: string): Found | undefined {
  if (/^[\r\n]/.test(lexeme)) {
    state.mayBeKey ||= state.depth === 0;
    return undefined;
  }
  if (/^[ \t]+$/.test(lexeme)) {
    const at = state.mayBeKey && state.depth === 0 ? lexeme.indexOf('\t') : -1;
    return at < 0
      ? undefined
      : {
          at,
          message: 'a tab is used where a field or an item could begin',
          help: 'YAML allows only spaces for indentation.',
        };
  }
  if (lexeme.startsWith('#')) return undefined;
  if (lexeme.startsWith('%') && !state.hasContent)
    return {
      at: 0,
      message: 'kubectl refuses a directive of YAML',
      help: 'Remove the line and the --- after it.',
    };
  return structureError(state, lexeme);
}

function structureError(state: ReaderState, lexeme: string): Found | undefined {
  state.mayBeKey = false;
  switch (lexeme) {
    case '---':
      state.hasContent = false;
      break;
    case '...':
      if (!state.hasContent)
        return { at: 0, message: "unexpected '...': there is no document before it", help: 'Remove it.' };
      state.hasContent = false;
      state.mayBeKey = true;
      return undefined;
    case '[':
    case '{':
      state.depth += 1;
      break;
    case ']':
    case '}':
      state.depth -= 1;
      break;
    case '-':
    case '?':
      state.mayBeKey = state.depth === 0;
      break;
  }
  if (lexeme !== '---') state.hasContent = true;
  if (/^[|>]/.test(lexeme)) state.header = lexeme;
  return lexeme.startsWith('"') ? escapeError(lexeme) : undefined;
}

/** `\/` and a surrogate, which JSON allows (yaml_parser_scan_flow_scalar). */
function escapeError(quoted: string): Found | undefined {
  if (!quoted.includes('\\')) return undefined;
  for (const { 0: escape, index } of quoted.matchAll(/\\(?:u[\dA-Fa-f]{4}|.)/gs)) {
    if (escape === '\\/')
      return { at: index, message: "'\\/' is not a valid escape in YAML", help: "Write '/' alone." };
    if (/^\\u[dD][89a-fA-F]/.test(escape))
      return {
        at: index,
        message: `'${escape}' is half a character`,
        help: 'kubectl refuses it. Write the character itself, or \\U and its eight digits.',
      };
  }
  return undefined;
}

/** `---` with something else than a comment behind it. */
const SEPARATOR = /(?:^|\n)---[^\S\n]*[^\s#]/g;

/** The mistakes of lines that cut the text into documents. */
export function separatorErrors(text: string): readonly ReaderError[] {
  return [...text.matchAll(SEPARATOR)].map(({ 0: match, index }) =>
    readerError(
      index + match.length - 1,
      "only a comment may follow '---' in its line",
      'kubectl cuts the file there. Begin the object in the next line.',
    ),
  );
}

export function isReaderError(error: YamlError): error is ReaderError {
  return 'reader' in error;
}
