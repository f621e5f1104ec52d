import { existsSync, readFileSync } from 'node:fs';
import { markdownTable } from './table.ts';

/** Where the time of one run of podpose went, in milliseconds. The parts add up to the total. */
export interface TimeSpent {
  readonly measures: string;
  readonly parts: Readonly<Record<Part, number>>;
}

const PARTS = [
  'process',
  'node',
  'load',
  'service',
  'requests',
  'commands',
  'waits',
  'podpose',
  'exit',
] as const;
type Part = (typeof PARTS)[number];

interface TraceEvent {
  readonly name: string;
  readonly cat?: string;
  readonly ph: string;
  readonly ts: number;
  readonly dur: number;
}

interface Trace {
  readonly otherData: { readonly startedAtMs: number };
  readonly traceEvents: readonly TraceEvent[];
}

/** What an instant counts as, if several spans contain it: the first of them. */
const ORDER: readonly (readonly [part: Part, matches: (event: TraceEvent) => boolean])[] = [
  ['requests', ({ cat }) => cat === 'request'],
  ['commands', ({ cat }) => cat === 'command'],
  ['node', ({ name }) => name === 'start node'],
  ['load', ({ cat, name }) => cat === 'phase' && name.startsWith('load ')],
  ['service', ({ cat }) => cat === 'service'],
  ['waits', ({ cat }) => cat === 'wait'],
];

/**
 * Reads the trace of a run (PODPOSE_TRACE). Undefined if there is none.
 * @param run start and end of the process, in milliseconds since 1970
 */
export function timeSpent(
  path: string,
  measures: string,
  run: { readonly start: number; readonly end: number },
): TimeSpent | undefined {
  if (!existsSync(path)) return undefined;
  const { otherData, traceEvents } = JSON.parse(readFileSync(path, 'utf8')) as Trace;
  const spans = traceEvents.filter(({ ph }) => ph === 'X');
  const points = [...new Set(spans.flatMap(({ ts, dur }) => [ts, ts + dur]))].sort((a, b) => a - b);
  const parts: Record<Part, number> = {
    ...(Object.fromEntries(PARTS.map((part) => [part, 0])) as Record<Part, number>),
    process: otherData.startedAtMs - run.start,
    exit: run.end - otherData.startedAtMs - (points.at(-1) ?? 0) / 1000,
  };
  for (const [index, from] of points.entries()) {
    const to = points[index + 1] ?? from;
    const active = spans.filter(({ ts, dur }) => ts <= from && to <= ts + dur);
    const part = ORDER.find(([, matches]) => active.some(matches))?.[0] ?? 'podpose';
    parts[part] += (to - from) / 1000;
  }
  return { measures, parts };
}

/** A Markdown table, in milliseconds. */
export function renderTimeSpent(spent: readonly TimeSpent[]): string {
  const rows = spent.map(({ measures, parts }) => {
    const total = PARTS.reduce((sum, part) => sum + parts[part], 0);
    return [measures, total.toFixed(0), ...PARTS.map((part) => parts[part].toFixed(0))];
  });
  return markdownTable(['one traced run, ms', 'total', ...PARTS], rows);
}
