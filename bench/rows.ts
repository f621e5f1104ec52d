import type { Sample } from './contest.ts';
import { median, medianRatio } from './statistics.ts';

/** One comparison of podpose with another contestant. */
export interface Row {
  readonly measures: string;
  /** Medians, in milliseconds. */
  readonly podpose: number;
  readonly other: { readonly name: string; readonly milliseconds: number };
  /** The ratio of podpose's time: the median over the rounds. */
  readonly ratio: number;
  readonly aim?: number;
  /** The number of restarted containers of each: the median over the rounds. */
  readonly restarted?: { readonly podpose: number; readonly other: number };
}

/** Compares each action of podpose with the same action of the others. */
export function compare(samples: readonly Sample[]): readonly Row[] {
  return samples
    .filter(({ contestant }) => contestant === 'podpose')
    .flatMap((podpose) =>
      samples
        .filter(({ measures, contestant }) => measures === podpose.measures && contestant !== 'podpose')
        .map((other) => compareTwo(podpose, other)),
    );
}

function compareTwo(podpose: Sample, other: Sample): Row {
  return {
    measures: podpose.measures,
    podpose: median(podpose.milliseconds),
    other: { name: other.contestant, milliseconds: median(other.milliseconds) },
    ratio: medianRatio(podpose.milliseconds, other.milliseconds),
    ...(other.aim === undefined ? {} : { aim: other.aim }),
    ...(podpose.restarted.length === 0 || other.restarted.length === 0
      ? {}
      : { restarted: { podpose: median(podpose.restarted), other: median(other.restarted) } }),
  };
}

/** The rows as a Markdown table. */
export function renderTable(rows: readonly Row[]): string {
  const cells = rows.map(({ measures, podpose, other, ratio, aim, restarted }, index) => [
    rows[index - 1]?.measures === measures ? '' : measures,
    time(podpose),
    other.name,
    time(other.milliseconds),
    ratio.toFixed(2),
    aim === undefined ? '' : `≤ ${aim}${ratio <= aim ? '' : ' **missed**'}`,
    restarted === undefined ? '' : `${restarted.podpose} / ${restarted.other}`,
  ]);
  const head = ['', 'podpose', 'compared with', '', 'ratio', 'aim', 'restarted'];
  const widths = head.map((title, column) =>
    Math.max(3, title.length, ...cells.map((row) => (row[column] ?? '').length)),
  );
  const line = (row: readonly string[]) =>
    `| ${row.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join(' | ')} |`;
  return [line(head), line(widths.map((width) => '-'.repeat(width))), ...cells.map(line)].join('\n');
}

function time(milliseconds: number): string {
  return milliseconds < 1000 ? `${milliseconds.toFixed(0)} ms` : `${(milliseconds / 1000).toFixed(2)} s`;
}
