import type { Location } from './location.ts';

/**
 * A change of a manifest: `text` replaces `length` characters at a location, which may be none. A line after the last one
 * is the end of the file. Line feeds of the text become the line breaks of the file.
 */
export interface Edit {
  readonly location: Location;
  readonly length: number;
  readonly text: string;
  /** The replaced text may be in quotes, which stay. */
  readonly keepsQuotes?: true;
}

/** Different edits at one place. */
const MOST_AT_ONE_PLACE = 10;

export function replaceAt(location: Location, text: string): Edit {
  return { location, length: location.length ?? 1, text };
}

/**
 * A text after its edits. Of edits that overlap, the first one in the text is applied, and one that is repeated once.
 * @param text without a byte order mark, which locations do not count
 */
export function applyEdits(text: string, edits: readonly Edit[]): string {
  const starts = lineStarts(text);
  const placed = edits
    // Of a text of several lines, only the first one would be replaced.
    .filter(({ location, length }) => location.continues !== true || length === 0)
    .map(({ location, length, text: replacement, keepsQuotes }) => {
      const start = (starts[location.line - 1] ?? text.length) + location.column - 1;
      const end = start + length;
      const quote = keepsQuotes === true ? quoteOf(text.slice(start, end)) : '';
      return { start, end, replacement: quote + replacement + quote };
    })
    .sort((a, b) => a.start - b.start || a.end - b.end);
  const lineBreak = text.includes('\r\n') ? '\r\n' : '\n';
  let [after, at] = ['', 0];
  for (const [index, { start, end, replacement }] of placed.entries()) {
    const isRepeated = placed
      .slice(Math.max(0, index - MOST_AT_ONE_PLACE), index)
      .some((other) => other.start === start && other.end === end && other.replacement === replacement);
    if (start < at || isRepeated) continue;
    after += text.slice(at, start) + replacement.replaceAll('\n', lineBreak);
    at = end;
  }
  return after + text.slice(at);
}

function quoteOf(text: string): string {
  return /^(["']).*\1$/s.exec(text)?.[1] ?? '';
}

function lineStarts(text: string): readonly number[] {
  const starts = [0];
  for (let at = text.indexOf('\n'); at !== -1; at = text.indexOf('\n', at + 1)) starts.push(at + 1);
  return starts;
}
