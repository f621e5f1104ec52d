import type { Diagnostic } from '../base/diagnostic.ts';
import type { Engine } from './engine.ts';
import { reportRestart, waitForEnd, waitForRestart, type RunContext } from './container-runs.ts';
import type { ContainerLog } from '../podman/logs/container-log.ts';
import { lineJoiner, type LogLine } from '../podman/logs/join-lines.ts';
import { openLog, whyUnreadable, type LogTools } from '../podman/logs/open-log.ts';
import {
  isBefore,
  type ContainerEnd,
  type LogReader,
  type LogRecord,
  type LogStart,
} from '../podman/logs/record.ts';

/** Dependencies for reading logs. */
export function logTools({ platform, podman }: Pick<Engine, 'platform' | 'podman'>): LogTools {
  return { podman, files: platform.logFiles, sleep: platform.clock.sleep };
}

/** A container whose log is shown. */
export interface LogSource {
  readonly pod: string;
  readonly container: string;
  /** podman's name of the container. */
  readonly name: string;
}

/** Prints lines. Resolves when they are written: reading pauses until then (back-pressure). */
export type OnLogLines = (source: LogSource, lines: readonly LogLine[]) => Promise<void>;

export interface LogContext extends RunContext {
  readonly onLines: OnLogLines;
  /** Reports errors and warnings about a log. */
  readonly report: (diagnostics: readonly Diagnostic[]) => void;
  /** Aborted to end at once. */
  readonly stop: AbortSignal;
}

/** Milliseconds after which an incomplete line is printed: it may be a prompt. */
const FLUSH_INCOMPLETE_MILLISECONDS = 2000;

/** Prints the log of a container. Returns false if it could not be read. */
export async function readLog(
  source: LogSource,
  log: ContainerLog,
  start: LogStart,
  context: LogContext,
): Promise<boolean> {
  return withLog(source, log, start, context, async ({ reader, show }) => {
    await forEach(reader.read(), show, context.stop);
    return log.isRunning ? 'not yet' : 'before';
  });
}

/**
 * Follows the log of a container until the container has ended for good or is removed, or until a signal. Returns false
 * if the log could not be read.
 */
export async function followLog(
  source: LogSource,
  log: ContainerLog,
  start: LogStart,
  context: LogContext,
): Promise<boolean> {
  // One signal per log: node warns of more than ten listeners on one.
  const stop = AbortSignal.any([context.stop]);
  const finish = AbortSignal.any([context.finish, stop]);
  return withLog(source, log, start, { ...context, stop, finish }, async ({ reader, show, setRun }) => {
    let now: ContainerLog | undefined = log;
    // One that has ended may wait for its restart, after a back-off of minutes.
    const mayRestart = log.isRunning || context.willRestart !== undefined;
    for (let isNewRun = mayRestart; isNewRun && !finish.aborted;) {
      if (now?.isRunning === true) {
        now = await followRun(now, reader, show, { ...context, finish });
        if (now !== undefined) await reportRestart(now, context);
      }
      await readRest(reader, show, stop, context.tools);
      const next = await waitForRestart(now, context, finish);
      isNewRun = next?.isRunning === true || next?.runBegan !== now?.runBegan;
      now = next;
      setRun(now);
    }
    // The container may have run and ended since the last read.
    await readRest(reader, show, stop, context.tools);
    return now?.isRunning === true ? 'not yet' : log.isRunning ? 'just now' : 'before';
  });
}

/** Follows the log of one run to its end. Returns the state of the container then; undefined if it was removed. */
async function followRun(
  run: ContainerLog,
  reader: LogReader,
  show: OpenLog['show'],
  { tools, finish }: Pick<LogContext, 'tools' | 'finish'>,
): Promise<ContainerLog | undefined> {
  const ended = new AbortController();
  const ending = waitForEnd(run, tools, finish);
  void ending.then(() => {
    ended.abort();
  });
  await followUntil(reader, show, AbortSignal.any([finish, ended.signal]), tools);
  return ending;
}

interface OpenLog {
  readonly reader: LogReader;
  readonly show: (records: readonly LogRecord[]) => Promise<void>;
  /** Sets the observed state: the container may have been restarted. */
  readonly setRun: (log: ContainerLog | undefined) => void;
}

/** @param work returns when the container has ended */
async function withLog(
  source: LogSource,
  log: ContainerLog,
  start: LogStart,
  context: LogContext,
  work: (open: OpenLog) => Promise<ContainerEnd>,
): Promise<boolean> {
  const { tools, report, stop } = context;
  const name = `pod/${source.pod} container/${source.container}`;
  const unreadable = whyUnreadable(log);
  if (unreadable !== undefined) {
    const help =
      "Set 'log_driver' in containers.conf to k8s-file or journald, then run 'podpose up --force-recreate'.";
    report([
      { code: 'no-logs', severity: 'error', message: `cannot read the log of ${name}: ${unreadable}`, help },
    ]);
    return false;
  }
  let { runBegan } = log;
  const { reader, surplus } = await openLog(log, { ...start, runBegan }, tools);
  const output = lineOutput(source, surplus, start, context, () => runBegan);
  const setRun = (now: ContainerLog | undefined) => {
    runBegan = now?.runBegan ?? runBegan;
  };
  try {
    const end = await work({ reader, show: output.show, setRun });
    await output.end();
    const trouble = stop.aborted ? undefined : await reader.trouble(end);
    if (trouble === undefined) return true;
    report([{ ...trouble, message: `log of ${name}: ${trouble.message}` }]);
    return trouble.severity !== 'error';
  } finally {
    await reader.close();
  }
}

interface LineOutput {
  readonly show: (records: readonly LogRecord[]) => Promise<void>;
  readonly end: () => Promise<void>;
}

function lineOutput(
  source: LogSource,
  surplus: number,
  start: LogStart,
  context: LogContext,
  runBegan: () => bigint | undefined,
): LineOutput {
  const { onLines, tools, stop } = context;
  const joiner = lineJoiner(undefined, runBegan);
  let leftOut = 0;
  let waiting = new AbortController();
  let isOld = surplus > 0 || start.since !== undefined;
  /** After the first wanted line, all lines are wanted. */
  const isWanted = (line: LogLine) => {
    if (!isOld) return true;
    if (leftOut < surplus) leftOut += line.ends ? 1 : 0;
    else isOld = start.since !== undefined && isBefore(line, start.since);
    return !isOld;
  };
  const print = async (lines: readonly LogLine[]) => {
    const wanted = isOld ? lines.filter(isWanted) : lines;
    // A blocked reader does not delay the stop.
    if (wanted.length > 0) await unlessStopped(onLines(source, wanted), stop);
  };
  const flushLater = async (signal: AbortSignal) => {
    await tools.sleep(FLUSH_INCOMPLETE_MILLISECONDS, signal);
    if (!signal.aborted) await print(joiner.flush());
  };
  return {
    show: async (records) => {
      waiting.abort();
      await print(joiner.push(records));
      if (!joiner.isHolding()) return;
      waiting = new AbortController();
      void flushLater(waiting.signal);
    },
    end: async () => {
      waiting.abort();
      await print(joiner.flush());
    },
  };
}

async function followUntil(
  reader: LogReader,
  show: OpenLog['show'],
  signal: AbortSignal,
  { sleep }: LogTools,
): Promise<void> {
  while (!signal.aborted) {
    await forEach(reader.follow(signal), show, signal);
    // Ends by itself only after an error.
    await sleep(1000, signal);
  }
}

async function readRest(
  reader: LogReader,
  show: OpenLog['show'],
  stop: AbortSignal,
  { sleep }: LogTools,
): Promise<void> {
  for (;;) {
    await sleep(reader.delay, stop);
    if (stop.aborted || !(await forEach(reader.read(), show, stop)) || reader.delay === 0) return;
  }
}

/** Returns whether there were items. */
async function forEach<T>(
  all: AsyncIterable<T>,
  act: (one: T) => Promise<void>,
  stop: AbortSignal,
): Promise<boolean> {
  let isAny = false;
  for await (const one of all) {
    isAny = true;
    await act(one);
    if (stop.aborted) break;
  }
  return isAny;
}

/** Resolves with the work, or at the signal. */
function unlessStopped(work: Promise<void>, stop: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const end = () => {
      stop.removeEventListener('abort', end);
      resolve();
    };
    stop.addEventListener('abort', end);
    work.then(end, reject);
    if (stop.aborted) end();
  });
}
