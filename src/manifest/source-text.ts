import { defined } from '../base/defined.ts';
import type { DiagnosticCode } from '../base/diagnostic-code.ts';
import { LineCounter } from 'yaml';
import type { Diagnostic } from '../base/diagnostic.ts';
import type { Location } from '../base/location.ts';
import { failure, success, type Result } from '../base/result.ts';
import { builtObjectAt } from './built-objects.ts';
import { describeCharacter, findControlCharacter, isJson } from './yaml/control-characters.ts';
import { findOtherBreak } from './yaml/line-breaks.ts';

/** The limit of one API request (kubernetes.io/docs/concepts/configuration: 3 MiB). */
export const MAX_SOURCE_BYTES = 3 * 1024 * 1024;

/** A named text that locates its characters. */
export interface SourceText {
  readonly file: string;
  readonly text: string;
  /** The location of the characters from `start` to `end`; its length is limited to the line. */
  readonly locate: (start: number, end?: number) => Location;
}

/**
 * Decodes a manifest, or gives a diagnostic: too large, binary, or not UTF-8.
 * @param isBuilt whether a program has printed it: locations name the object then
 */
export function decodeSource(
  file: string,
  content: string | Uint8Array,
  isBuilt = false,
): Result<SourceText, Diagnostic> {
  const bytes = typeof content === 'string' ? Buffer.byteLength(content) : content.byteLength;
  if (bytes > MAX_SOURCE_BYTES)
    return problem(
      file,
      'manifest-too-large',
      `the file is larger than the Kubernetes limit of ${MAX_SOURCE_BYTES.toString()} bytes (3 MiB)`,
    );
  const text = typeof content === 'string' ? content : decodeUtf8(content);
  if (text === undefined)
    return isUtf16(content)
      ? problem(file, 'manifest-not-text', 'the file is in UTF-16', 'Save it as UTF-8.')
      : notUtf8(file, content);
  if (text.includes('\0'))
    return problem(file, 'manifest-not-text', 'binary file: contains NUL bytes', 'Check the file name.');
  const source = toSourceText(file, text.replace(/^\uFEFF/, ''), isBuilt);
  const forbidden = findControlCharacter(source.text);
  if (forbidden !== undefined) return failure(controlCharacter(source, forbidden));
  const lineBreak = findOtherBreak(source.text);
  return lineBreak === undefined || isJson(source.text)
    ? success(source)
    : failure(otherBreak(source, lineBreak));
}

/** A text with some invalid bytes is likely in another encoding: the first one is reported. */
function notUtf8(file: string, content: string | Uint8Array): Result<SourceText, Diagnostic> {
  const bytes = Buffer.from(content);
  const before = beforeInvalid(bytes);
  if (findControlCharacter(bytes.toString('latin1').replace(/[\u0080-\u009F]/g, '')) !== undefined)
    return problem(file, 'manifest-not-text', 'the file is not UTF-8 text', 'Check the file name.');
  const byte = (bytes[Buffer.byteLength(before)] ?? 0).toString(16).toUpperCase();
  return failure({
    code: 'manifest-not-text',
    severity: 'error',
    message: `invalid UTF-8: byte 0x${byte}`,
    location: toSourceText(file, `${before}?`).locate(before.length),
    help: 'The file is in another encoding, such as Latin-1 (ISO 8859-1). Save it as UTF-8.',
  });
}

/** The text before the first invalid byte. */
function beforeInvalid(bytes: Buffer): string {
  // `stream` accepts an incomplete character at the end, so a search finds the longest valid prefix.
  let [good, bad] = [0, bytes.length];
  while (bad - good > 1) {
    const middle = Math.floor((good + bad) / 2);
    if (isPrefixOfUtf8(bytes.subarray(0, middle))) good = middle;
    else bad = middle;
  }
  return new TextDecoder('utf-8').decode(bytes.subarray(0, good), { stream: true });
}

function isPrefixOfUtf8(bytes: Uint8Array): boolean {
  try {
    new TextDecoder('utf-8', { fatal: true }).decode(bytes, { stream: true });
    return true;
  } catch {
    return false;
  }
}

function controlCharacter({ text, locate }: SourceText, at: number): Diagnostic {
  const { name, escape } = describeCharacter(text.codePointAt(at) ?? 0);
  return {
    code: 'control-character',
    severity: 'error',
    message: `control character ${name} is not allowed in YAML`,
    location: locate(at),
    help: `kubectl refuses such a file. Remove it, or use ${escape} in double quotes.`,
  };
}

function otherBreak({ text, locate }: SourceText, at: number): Diagnostic {
  const { name, escape } = describeCharacter(text.codePointAt(at) ?? 0);
  return {
    code: 'line-break',
    severity: 'error',
    message: `${name} is a line break for kubectl, which would read a different object than podpose`,
    location: locate(at),
    help: `Replace it with a line feed, remove it, or use ${escape} in double quotes.`,
  };
}

function problem(
  file: string,
  code: DiagnosticCode,
  message: string,
  help?: string,
): Result<SourceText, Diagnostic> {
  return failure({
    code,
    severity: 'error',
    message,
    location: { file, line: 1, column: 1 },
    ...defined({ help }),
  });
}

function decodeUtf8(bytes: Uint8Array): string | undefined {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    return undefined;
  }
}

function isUtf16(content: string | Uint8Array): boolean {
  return (
    typeof content !== 'string' &&
    ((content[0] === 0xff && content[1] === 0xfe) || (content[0] === 0xfe && content[1] === 0xff))
  );
}

function toSourceText(file: string, text: string, isBuilt = false): SourceText {
  let lines: LineCounter | undefined;
  // Locations after the last character are moved to it.
  const last = Math.max(0, text.trimEnd().length - 1);
  return {
    file,
    text,
    locate: (start, end) => {
      lines ??= countLines(text);
      const offset = Math.min(start, last);
      const { line, col } = lines.linePos(offset);
      const lineEnd = endOfLine(text, offset, end ?? offset + 1);
      const length = Math.min(end ?? offset + 1, lineEnd) - offset;
      const continues = end !== undefined && /\S/.test(text.slice(lineEnd, end));
      return {
        file,
        line,
        column: col,
        ...(length > 1 ? { length } : {}),
        ...(continues ? { continues } : {}),
        ...(isBuilt ? defined({ object: builtObjectAt(text, offset) }) : {}),
      };
    },
  };
}

/** The end of the line of an offset, at most `enough` characters away: a text may be a single line. */
function endOfLine(text: string, offset: number, enough: number): number {
  const part = text.slice(offset, enough);
  const at = part.indexOf('\n');
  if (at === -1) return offset + part.length;
  return offset + (part[at - 1] === '\r' ? at - 1 : at);
}

function countLines(text: string): LineCounter {
  const lines = new LineCounter();
  lines.addNewLine(0);
  for (let at = text.indexOf('\n'); at !== -1; at = text.indexOf('\n', at + 1)) lines.addNewLine(at + 1);
  return lines;
}
