import { cutEnd } from '../terminal/display-width.ts';

/** A line of the progress display. */
export interface ScreenLine {
  readonly kind: 'group' | 'row' | 'output';
  /** The state of the row, also for its output lines. */
  readonly state: LineState;
  readonly text: string;
}

/** By priority if not all rows fit: active rows first, then pending ones. */
export const STATES = ['running', 'failed', 'waiting', 'done', 'skipped'] as const;
export type LineState = (typeof STATES)[number];

/**
 * Selects the lines that fit on the screen, in order: lines above it could not be redrawn and would stay in the
 * scrollback. The last line counts the omitted rows. Of completed rows the last ones are shown, of others the first.
 */
export function fitHeight(lines: readonly ScreenLine[], height: number, columns: number): readonly string[] {
  if (lines.length <= height) return lines.map(({ text }) => text);
  const shown = new Set<number>();
  // One line is for the summary.
  let room = height - 1;
  const take = (index: number, groupIndex: number) => {
    const group = shown.has(groupIndex) ? [] : [groupIndex];
    if (group.length + 1 > room) return;
    for (const line of [...group, index]) shown.add(line);
    room -= group.length + 1;
  };
  const rows = rowsOf(lines);
  const byImportance = STATES.flatMap((state) => {
    const those = rows.filter(({ line }) => line.state === state);
    return state === 'done' ? those.reverse() : those;
  });
  for (const row of byImportance.filter(({ line }) => line.state === 'running')) take(row.index, row.group);
  // The output of running rows takes precedence over other rows.
  for (const row of byImportance.filter(({ index }) => shown.has(index)))
    for (const index of row.output.slice(-room)) if (room > 0) take(index, row.index);
  for (const row of byImportance) if (!shown.has(row.index)) take(row.index, row.group);
  const left = rows.filter(({ index }) => !shown.has(index)).map(({ line }) => line.state);
  return [
    ...lines.filter((_, index) => shown.has(index)).map(({ text }) => text),
    ...(left.length === 0 ? [] : [cutEnd(summary(left), columns)]),
  ];
}

interface ShownRow {
  readonly line: ScreenLine;
  readonly index: number;
  /** The index of the heading of its group. */
  readonly group: number;
  /** The indexes of its output lines. */
  readonly output: readonly number[];
}

function rowsOf(lines: readonly ScreenLine[]): readonly ShownRow[] {
  let group = 0;
  return lines.flatMap((line, index) => {
    if (line.kind === 'group') group = index;
    if (line.kind !== 'row') return [];
    const end = lines.findIndex(({ kind }, other) => other > index && kind !== 'output');
    const count = (end < 0 ? lines.length : end) - index - 1;
    return [{ line, index, group, output: Array.from({ length: count }, (_, nth) => index + 1 + nth) }];
  });
}

/** `… 12 more: 3 waiting, 9 done`. */
function summary(states: readonly LineState[]): string {
  const counts = STATES.flatMap((state) => {
    const count = states.filter((other) => other === state).length;
    return count === 0 ? [] : [`${count} ${state}`];
  });
  return `… ${states.length} more: ${counts.join(', ')}`;
}
