import { displayWidth } from './display-width.ts';

/**
 * A text in lines of so many columns at most, broken between words; a word that is longer has a line of its
 * own.
 */
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

/** No terminal is taken to be narrower: below it there is no room for a word behind an indentation. */
const NARROWEST = 20;

/**
 * A line, which may be coloured, in lines of so many columns at most, broken between words, where the terminal would break
 * it in the middle of one. What fits stays as it is. A word that is longer, such as a path, is not broken.
 * @param indent stands before each line but the first
 * @param columns absent where nobody sees where lines break: for pipes and files
 */
export function wrapLine(line: string, columns: number | undefined, indent = ''): readonly string[] {
  if (columns === undefined || visibleWidth(line) <= Math.max(NARROWEST, columns)) return [line];
  const lines: string[] = [];
  const lead = /^ */.exec(line)?.[0] ?? '';
  let current = lead;
  let isEmpty = true;
  for (const word of line.slice(lead.length).split(/ +/)) {
    const longer = isEmpty ? current + word : `${current} ${word}`;
    if (isEmpty || visibleWidth(longer) <= Math.max(NARROWEST, columns)) current = longer;
    else {
      lines.push(current);
      current = indent + word;
    }
    isEmpty = false;
  }
  return [...lines, current];
}

/** All lines of a text. */
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
