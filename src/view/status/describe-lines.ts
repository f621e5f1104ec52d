import { sanitize } from '../../base/sanitize.ts';
import type { Json } from '../../base/stable-json.ts';
import type { PodEvent } from '../../engine/pod-events.ts';
import { textOf } from '../../plan/compare/manifest-form/values.ts';
import { ageWords } from './events.ts';

/** A line of `describe`. */
export interface Line {
  readonly depth: number;
  /** Set for `NAME: TEXT`, whose texts are aligned. */
  readonly name?: string;
  readonly text: string;
}

export const NONE = '<none>';

export function field(name: string, text: string, depth = 0): Line {
  return { depth, name, text };
}

/** Several values of a field, one a line; `<none>` without any. */
export function list(name: string, values: readonly string[], depth = 0): readonly Line[] {
  const [first = NONE, ...others] = values;
  return [field(name, first, depth), ...others.map((text): Line => ({ depth, name: '', text }))];
}

/** A time in the format of kubectl: `Sat, 28 Nov 2026 17:00:00 +0000`. */
export function dateWords(time: Json | undefined): string {
  const date = new Date(textOf(time));
  return Number.isNaN(date.getTime()) ? textOf(time) : date.toUTCString().replace('GMT', '+0000');
}

/** Events in the columns of kubectl. */
export function eventLines(events: readonly PodEvent[], now: number): readonly Line[] {
  if (events.length === 0) return [field('Events', NONE)];
  const rows = [
    ['Type', 'Reason', 'Age', 'Message'],
    ...events.map((event) => [event.type, event.reason, ageWords(event, now), event.message]),
  ];
  const widths = [0, 1, 2].map((column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
  return [
    { depth: 0, text: 'Events:' },
    ...rows.map((row): Line => ({
      depth: 1,
      text: row.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join('  '),
    })),
  ];
}

/** Aligns the values of neighbouring fields of the same depth. */
export function aligned(lines: readonly Line[]): string {
  return lines
    .map((line, index) => {
      const indent = '  '.repeat(line.depth);
      if (line.name === undefined) return `${indent}${sanitize(line.text)}`.trimEnd();
      const width = widthAt(lines, index);
      return `${indent}${(line.name === '' ? '' : `${line.name}:`).padEnd(width)}${sanitize(line.text)}`.trimEnd();
    })
    .map((line) => `${line}\n`)
    .join('');
}

/** The width of the names in the block of a line: all lines of its depth until a shallower one. */
function widthAt(lines: readonly Line[], index: number): number {
  const depth = lines[index]?.depth ?? 0;
  const isOutside = (line: Line | undefined) => line === undefined || line.depth < depth;
  let [first, end] = [index, index];
  while (!isOutside(lines[first - 1])) first--;
  while (!isOutside(lines[end])) end++;
  const names = lines.slice(first, end).filter((line) => line.depth === depth);
  return Math.max(...names.map(({ name }) => (name?.length ?? 0) + 3), MIN_WIDTH[depth] ?? 0);
}

/** The widths of kubectl. */
const MIN_WIDTH: readonly number[] = [18, 14, 16, 14];
