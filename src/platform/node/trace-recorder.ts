import { AsyncLocalStorage } from 'node:async_hooks';
import { closeSync, constants, openSync, writeFileSync } from 'node:fs';
import { defined } from '../../base/defined.ts';
import { failure, success, type Result } from '../../base/result.ts';
import type { Details, OpenSpan, SpanKind, TracedSpan, TraceRecorder } from '../trace.ts';
import { errorCode } from './ownership.ts';

/** The maximum number of spans: a run that follows logs for days does not fill the memory. */
const MOST_SPANS = 200_000;

/** A named pipe without a reader is an error instead of a wait. */
const FLAGS = constants.O_WRONLY | constants.O_CREAT | constants.O_TRUNC | constants.O_NONBLOCK;

export interface TraceFile {
  readonly path: string;
  /** Milliseconds from the start of the process until the first code of podpose ran. */
  readonly loadedAt: number;
  /** The contents of the file. `startedAt` is the start of the process in milliseconds since 1970. */
  readonly render: (spans: readonly TracedSpan[], startedAt: number) => string;
  /** Receives the error code of the system if the file cannot be written at the end of the process. */
  readonly onFault: (code: string) => void;
}

/**
 * Records spans and writes them to a file when the process ends. Only this user can read the file: it has the
 * arguments of commands.
 * @returns the error code of the system if the file cannot be opened
 */
export function openTraceRecorder({
  path,
  loadedAt,
  render,
  onFault,
}: TraceFile): Result<TraceRecorder, string> {
  let file: number;
  try {
    file = openSync(path, FLAGS, 0o600);
  } catch (error) {
    return failure(codeOf(error));
  }
  const { recorder, spans } = memoryRecorder(() => performance.now(), startUp(loadedAt));
  process.once('exit', () => {
    try {
      writeFileSync(file, render(spans(), performance.timeOrigin));
      closeSync(file);
    } catch (error) {
      onFault(codeOf(error));
    }
  });
  return success(recorder);
}

/** The start of node, and the code of podpose that is loaded before the trace. */
function startUp(loadedAt: number): readonly TracedSpan[] {
  const { bootstrapComplete } = performance.nodeTiming;
  return [
    { name: 'start node', start: 0, end: bootstrapComplete },
    { name: 'load podpose.js', start: bootstrapComplete, end: loadedAt },
    { name: 'load trace', start: loadedAt, end: performance.now() },
  ].map((span, index) => ({ id: index + 1, kind: 'phase', details: {}, ...span }));
}

function codeOf(error: unknown): string {
  return errorCode(error) ?? String(error);
}

/**
 * A recorder, and the spans that it has recorded. A span that has not ended lasts until now.
 * @param first spans with the IDs from 1 on
 */
export function memoryRecorder(
  now: () => number,
  first: readonly TracedSpan[] = [],
): {
  readonly recorder: TraceRecorder;
  readonly spans: () => readonly TracedSpan[];
} {
  const ended = [...first];
  const open = new Map<number, Omit<TracedSpan, 'end'>>();
  const current = new AsyncLocalStorage<OpenSpan | undefined>();
  let lastId = first.length;
  const record = (span: TracedSpan) => {
    if (ended.length < MOST_SPANS) ended.push(span);
  };
  const started = (name: string, kind: SpanKind, start: number, details: Details) => {
    const entered = current.getStore()?.id;
    // What follows a span in the same execution does not belong to it.
    const parent = entered !== undefined && open.has(entered) ? entered : undefined;
    lastId += 1;
    return { ...defined({ id: lastId, parent }), name, kind, start, details };
  };
  const recorder: TraceRecorder = {
    now,
    begin: (name, kind, details = {}) => {
      const span = started(name, kind, now(), details);
      open.set(span.id, span);
      return {
        id: span.id,
        end: (last = {}) => {
          if (open.delete(span.id)) record({ ...span, end: now(), details: { ...details, ...last } });
        },
      };
    },
    add: (name, kind, start, details = {}) => {
      record({ ...started(name, kind, start, details), end: now() });
    },
    enter: (span) => {
      current.enterWith(span);
    },
  };
  const spans = () => [
    ...ended,
    ...[...open.values()].map((span) => ({
      ...span,
      end: now(),
      details: { ...span.details, unfinished: true },
    })),
  ];
  return { recorder, spans };
}
