import { sanitize } from '../../base/sanitize.ts';
import type { Paint, Tone } from '../../base/paint.ts';
import { displayWidth, padEnd } from './display-width.ts';

export interface Cell {
  readonly text: string;
  readonly tone?: Tone;
}

const GAP = '   ';

/** A table in the format of kubectl: no borders, three spaces between columns, no trailing spaces. */
export function renderTable(
  heading: readonly string[],
  rows: readonly (readonly Cell[])[],
  paint: Paint,
): string {
  const all = [
    heading.map((text): Cell => ({ text })),
    ...rows.map((row) => row.map((cell): Cell => ({ ...cell, text: sanitize(cell.text) }))),
  ];
  const widths = heading.map((_, column) =>
    Math.max(...all.map((row) => displayWidth(row[column]?.text ?? ''))),
  );
  return all.map((row) => `${renderRow(row, widths, paint)}\n`).join('');
}

function renderRow(row: readonly Cell[], widths: readonly number[], paint: Paint): string {
  return row
    .map(({ text, tone }, column) => {
      const padding = column === row.length - 1 ? '' : padEnd(text, widths[column] ?? 0).slice(text.length);
      return (tone === undefined ? text : paint(tone, text)) + padding;
    })
    .join(GAP)
    .trimEnd();
}
