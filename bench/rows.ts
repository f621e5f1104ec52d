import type { Sample, Unit } from './contest.ts';
import { median, medianRatio } from './statistics.ts';
import { markdownTable } from './table.ts';

/** One comparison of podpose with another contestant. */
export interface Row {
  readonly measures: string;
  readonly unit: Unit;
  /** Medians. */
  readonly podpose: number;
  readonly other: { readonly name: string; readonly value: number };
  /** The ratio of podpose's value: the median over the rounds. */
  readonly ratio: number;
  /** The same ratio of the floor: the requests of podpose alone. */
  readonly floor?: number;
  /** The target of the ratio: the aim, or the floor and 15 %, whichever is higher. */
  readonly target?: number;
  /** The number of restarted containers of each: the median over the rounds. */
  readonly restarted?: { readonly podpose: number; readonly other: number };
}

const ABOVE_FLOOR = 1.15;

/** Compares each action of podpose with the same action of the others. */
export function compare(samples: readonly Sample[]): readonly Row[] {
  return samples
    .filter(({ contestant }) => contestant === 'podpose')
    .flatMap((podpose) => {
      const others = samples.filter(
        ({ measures, contestant }) => measures === podpose.measures && contestant !== 'podpose',
      );
      const floor = others.find(({ isFloor }) => isFloor);
      return others.map((other) => compareTwo(podpose, other, other === floor ? undefined : floor));
    });
}

function compareTwo(podpose: Sample, other: Sample, floor: Sample | undefined): Row {
  const floorRatio = floor && medianRatio(floor.values, other.values);
  const target = other.aim && Math.max(other.aim, (floorRatio ?? 0) * ABOVE_FLOOR);
  return {
    measures: podpose.measures,
    unit: podpose.unit,
    podpose: median(podpose.values),
    other: { name: other.contestant, value: median(other.values) },
    ratio: medianRatio(podpose.values, other.values),
    ...(floorRatio === undefined ? {} : { floor: floorRatio }),
    ...(target === undefined ? {} : { target }),
    ...(podpose.restarted.length === 0 || other.restarted.length === 0
      ? {}
      : { restarted: { podpose: median(podpose.restarted), other: median(other.restarted) } }),
  };
}

/** The rows as a Markdown table. */
export function renderTable(rows: readonly Row[]): string {
  const cells = rows.map(({ measures, unit, podpose, other, ratio, floor, target, restarted }, index) => [
    rows[index - 1]?.measures === measures ? '' : measures,
    quantity(podpose, unit),
    other.name,
    quantity(other.value, unit),
    ratio.toFixed(2),
    floor === undefined ? '' : floor.toFixed(2),
    target === undefined ? '' : `≤ ${target.toFixed(2)}${ratio <= target ? '' : ' **missed**'}`,
    restarted === undefined ? '' : `${restarted.podpose} / ${restarted.other}`,
  ]);
  return markdownTable(['', 'podpose', 'compared with', '', 'ratio', 'floor', 'target', 'restarted'], cells);
}

function quantity(value: number, unit: Unit): string {
  if (unit === 'MB') return `${value.toFixed(1)} MB`;
  return value < 1000 ? `${value.toFixed(0)} ms` : `${(value / 1000).toFixed(2)} s`;
}
