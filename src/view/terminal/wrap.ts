import { displayWidth } from './display-width.ts';

/** Wraps a text between words; a longer word gets its own line. */
export function wrap(text: string, columns: number): readonly string[] {
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(/\s+/).filter((part) => part !== '')) {
    const longer = line === '' ? word : `${line} ${word}`;
    if (line === '' || displayWidth(longer) <= columns) line = longer;
    else {
      lines.push(line);
      line = word;
    }
  }
  return line === '' ? lines : [...lines, line];
}

/** The minimum width: on a narrower terminal, no word fits after an indent. */
const MIN_WIDTH = 20;

/**
 * Wraps a line, possibly coloured, between words, where a terminal would break it anywhere. Longer words, such as
 * paths, are not broken.
 * @param indent the prefix of all lines except the first
 * @param columns absent for pipes and files, which are not wrapped
 */
export function wrapLine(line: string, columns: number | undefined, indent = ''): readonly string[] {
  if (columns === undefined || visibleWidth(line) <= Math.max(MIN_WIDTH, columns)) return [line];
  const lines: string[] = [];
  const lead = /^ */.exec(line)?.[0] ?? '';
  let current = lead;
  let isEmpty = true;
  for (const word of line.slice(lead.length).split(/ +/)) {
    const longer = isEmpty ? current + word : `${current} ${word}`;
    if (isEmpty || visibleWidth(longer) <= Math.max(MIN_WIDTH, columns)) current = longer;
    else {
      lines.push(current);
      current = indent + word;
    }
    isEmpty = false;
  }
  return [...lines, current];
}

/** Wraps each line of a text. */
export function wrapLines(text: string, columns: number | undefined): string {
  return text
    .split('\n')
    .flatMap((line) => wrapLine(line, columns))
    .join('\n');
}

function visibleWidth(line: string): number {
  return displayWidth(line.replaceAll(COLOUR, ''));
}

const COLOUR = new RegExp(`${String.fromCharCode(27)}\\[[\\d;]*m`, 'g');
