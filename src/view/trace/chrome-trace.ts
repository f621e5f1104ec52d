import type { Details, TracedSpan } from '../../platform/trace.ts';
import { placeSpans } from './lanes.ts';

export interface ChromeTraceSettings {
  /** The start of the process, in milliseconds since 1970. */
  readonly startedAt: number;
  /** Redacts secret values. */
  readonly redact: (text: string) => string;
}

/** All spans belong to one process. The viewer shows its number. */
const PROCESS = 1;

/**
 * Spans as a Chrome trace, in the JSON Object Format: a complete event (`X`) for each span, with times in microseconds
 * since the start of the process. Times are rounded, which keeps spans nested.
 * https://docs.google.com/document/d/1CvAClvFfyA5R-PhYUmn5OOQtYMH4h6I0nSsKchNAySU (Trace Event Format)
 */
export function chromeTrace(
  spans: readonly TracedSpan[],
  { startedAt, redact }: ChromeTraceSettings,
): string {
  const placed = placeSpans(spans);
  const lanes = [...new Set(placed.map(({ lane }) => lane))].sort((a, b) => a - b);
  const events = [
    metadata('process_name', 0, 'podpose'),
    ...lanes.map((lane) => metadata('thread_name', lane, lane === 0 ? 'podpose' : `lane ${lane}`)),
    ...placed.map(({ span, lane }) => ({
      name: redact(span.name),
      cat: span.kind,
      ph: 'X',
      ts: microseconds(span.start),
      dur: microseconds(span.end) - microseconds(span.start),
      pid: PROCESS,
      tid: lane,
      args: redactAll(span.details, redact),
    })),
  ];
  const lines = events.map((event) => JSON.stringify(event)).join(',\n');
  const other = JSON.stringify({ startedAt: new Date(startedAt).toISOString(), startedAtMs: startedAt });
  return `{"displayTimeUnit":"ms","otherData":${other},"traceEvents":[\n${lines}\n]}\n`;
}

function metadata(name: string, lane: number, value: string): object {
  return { name, ph: 'M', pid: PROCESS, tid: lane, args: { name: value } };
}

function microseconds(milliseconds: number): number {
  return Math.round(milliseconds * 1000);
}

function redactAll(details: Details, redact: (text: string) => string): Details {
  return Object.fromEntries(
    Object.entries(details).map(([name, value]) => [name, typeof value === 'string' ? redact(value) : value]),
  );
}
