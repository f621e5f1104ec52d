import type { Location } from '../../base/location.ts';
import type { Paint, Tone } from '../../base/paint.ts';
import { cutEnd, cutStart, displayWidth } from '../terminal/display-width.ts';
import { sanitize } from '../../base/sanitize.ts';

const NUMBER_WIDTH = 5;
const SEPARATOR = ' | ';
/** Columns of a long line shown after the marked part. */
const CONTEXT = 20;

/**
 * A source line with its number, and a marker below the location; no lines if the source has no such line. A line
 * wider than the terminal is cut around the marked part.
 */
export function codeFrame(
  location: Location,
  source: string,
  columns: number,
  tone: Tone,
  paint: Paint,
): readonly string[] {
  const line = lineOf(source, location.line);
  if (line === undefined) return [];
  const { before, marked, after } = cutAround(line, location, columns - NUMBER_WIDTH - SEPARATOR.length);
  const number = location.line.toString().padStart(NUMBER_WIDTH);
  const marker = '^'.repeat(Math.max(1, displayWidth(marked)));
  return [
    `${paint('faint', number + SEPARATOR)}${before}${marked}${after}`.trimEnd(),
    `${paint('faint', ' '.repeat(NUMBER_WIDTH) + SEPARATOR)}${' '.repeat(displayWidth(before))}${paint(tone, marker)}`,
  ];
}

/** The text of a line; numbers start at 1. */
function lineOf(source: string, number: number): string | undefined {
  let start = source.startsWith('\ufeff') ? 1 : 0;
  for (let line = 1; line < number; line++) {
    const end = source.indexOf('\n', start);
    if (end === -1) return undefined;
    start = end + 1;
  }
  const end = source.indexOf('\n', start);
  return source.slice(start, end === -1 ? undefined : end).replace(/\r$/, '');
}

interface Cut {
  readonly before: string;
  readonly marked: string;
  readonly after: string;
}

function cutAround(line: string, { column, length = 1 }: Location, columns: number): Cut {
  // A line may have millions of characters; this part is sufficient.
  const enough = 4 * columns;
  const [start, end] = [column - 1, column - 1 + length];
  const before = sanitize(line.slice(Math.max(0, start - enough), start));
  const marked = sanitize(line.slice(start, Math.min(end, start + enough)));
  const after = sanitize(line.slice(end, end + enough));
  if (displayWidth(before + marked + after) <= columns) return { before, marked, after };
  const afterWidth = Math.min(displayWidth(after), CONTEXT);
  const markedCut = cutEnd(
    marked,
    Math.max(1, columns - afterWidth - Math.min(displayWidth(before), CONTEXT)),
  );
  const beforeCut = cutStart(before, Math.max(0, columns - displayWidth(markedCut) - afterWidth));
  const room = columns - displayWidth(beforeCut) - displayWidth(markedCut);
  return { before: beforeCut, marked: markedCut, after: cutEnd(after, Math.max(0, room)) };
}
