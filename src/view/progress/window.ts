import { cutEnd } from '../terminal/display-width.ts';

/** A line of the picture of a run, and what it is about. */
export interface ScreenLine {
  readonly kind: 'group' | 'row' | 'output';
  /** Of a row, or of the row that an output belongs to. */
  readonly state: LineState;
  readonly text: string;
}

/**
 * In the order in which they are shown where there is not room for all: what is being worked on, then what
 * comes next.
 */
export const STATES = ['running', 'failed', 'waiting', 'done', 'skipped'] as const;
export type LineState = (typeof STATES)[number];

/**
 * As many lines as a screen has, in their order: what is above its height could not be erased any more, and would
 * stay in the scrollback. A last line counts what is left out. Of what is done the last is shown, of all else the first.
 */
export function fitHeight(lines: readonly ScreenLine[], height: number, columns: number): readonly string[] {
  if (lines.length <= height) return lines.map(({ text }) => text);
  const shown = new Set<number>();
  // One line is for the sum.
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
  // What these print comes before what is not under way.
  for (const row of byImportance.filter(({ index }) => shown.has(index)))
    for (const index of row.output.slice(-room)) if (room > 0) take(index, row.index);
  for (const row of byImportance) if (!shown.has(row.index)) take(row.index, row.group);
  const left = rows.filter(({ index }) => !shown.has(index)).map(({ line }) => line.state);
  return [
    ...lines.filter((_, index) => shown.has(index)).map(({ text }) => text),
    ...(left.length === 0 ? [] : [cutEnd(sum(left), columns)]),
  ];
}

interface ShownRow {
  readonly line: ScreenLine;
  readonly index: number;
  /** The line of its group's title. */
  readonly group: number;
  /** The lines of its output. */
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
function sum(states: readonly LineState[]): string {
  const counts = STATES.flatMap((state) => {
    const count = states.filter((other) => other === state).length;
    return count === 0 ? [] : [`${count} ${state}`];
  });
  return `… ${states.length} more: ${counts.join(', ')}`;
}
