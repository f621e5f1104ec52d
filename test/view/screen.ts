/** What a person saw on a terminal: each picture before it was wiped away, and the last one. */
export interface Seen {
  readonly frames: readonly string[];
  readonly last: string;
  readonly cursorIsVisible: boolean;
}

/**
 * A terminal that is just big enough to understand what log-update writes: it starts lines, goes up, erases
 * lines, and hides the cursor. Colours are dropped; anything else that it does not know is an error.
 */
export function readScreen(written: string): Seen {
  const lines: string[] = [''];
  const frames: string[] = [];
  let row = 0;
  let column = 0;
  let cursorIsVisible = true;
  let isErasing = false;
  const picture = () => lines.join('\n').trimEnd();
  for (const [part, command] of written.matchAll(/\u001B\[([?0-9;]*[A-Za-z])|[^\u001B]|\u001B/gu)) {
    if (command === '?25l' || command === '?25h') cursorIsVisible = command === '?25h';
    else if (command === '2K') {
      if (!isErasing) frames.push(picture());
      isErasing = true;
      lines[row] = '';
    } else if (command === '1A') row = Math.max(0, row - 1);
    else if (command === 'G' || part === '\r') column = 0;
    else if (command?.endsWith('m') === true) continue;
    else if (part === '\n') {
      row += 1;
      lines[row] ??= '';
    } else if (command === undefined && part !== '\u001B') {
      const line = (lines[row] ?? '').padEnd(column);
      lines[row] = line.slice(0, column) + part + line.slice(column + part.length);
      column += part.length;
      isErasing = false;
    } else throw new Error(`the terminal does not know ${JSON.stringify(part)}`);
  }
  return { frames, last: picture(), cursorIsVisible };
}
