import type { Diagnostic } from '../base/diagnostic.ts';
import type { Engine } from './engine.ts';
import { askLastExitCodes } from '../podman/inspect/last-ends.ts';
import { askContainerLogs, type ContainerLog } from '../podman/logs/container-log.ts';
import { lineJoiner, type LogLine } from '../podman/logs/join-lines.ts';
import { isHere, openLog, whyUnreadable, type LogTools } from '../podman/logs/open-log.ts';
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

export interface LogContext {
  readonly tools: LogTools;
  readonly onLines: OnLogLines;
  /** Reports errors and warnings about a log. */
  readonly report: (diagnostics: readonly Diagnostic[]) => void;
  /** Called when a container has ended that podman or podpose's watcher restarts. */
  readonly onRestart?: (exitCode: number) => void;
  /** Aborted when no new output is expected: the logs are read to their end. */
  readonly finish: AbortSignal;
  /** Aborted to end at once. */
  readonly stop: AbortSignal;
  /** Whether podpose's watcher will restart a container that has ended, by podman's ID; undefined if it has not seen the end. */
  readonly willRestart?: (id: string) => boolean | undefined;
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

/** Reports the end of a run that another run follows, or has followed already. */
async function reportRestart(now: ContainerLog, context: LogContext): Promise<void> {
  const { tools, onRestart } = context;
  if (onRestart === undefined) return;
  if (!now.isRunning) {
    if (isStartedAgain(now) || (await isWatchedRestart(now.id, context))) onRestart(now.exitCode);
    return;
  }
  const { id, runBegan } = now;
  if (runBegan === undefined) return;
  const exitCodes = await askLastExitCodes(tools.podman, [
    { id, exitedAt: Number(runBegan / 1_000_000_000n) },
  ]);
  const exitCode = exitCodes.get(id);
  if (exitCode !== undefined) onRestart(exitCode);
}

const SEEN_POLL_MILLISECONDS = 100;
const SEEN_POLLS = 20;

/** Whether the watcher restarts a container, or has done so before its end was seen. */
async function isWatchedRestart(id: string, { tools, willRestart, finish }: LogContext): Promise<boolean> {
  if (willRestart === undefined) return false;
  for (let poll = 0; poll < SEEN_POLLS && !finish.aborted; poll++) {
    const will = willRestart(id);
    if (will !== undefined) return will;
    await tools.sleep(SEEN_POLL_MILLISECONDS, finish);
  }
  return willRestart(id) !== false;
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
    while (now?.isRunning === true && !finish.aborted) {
      const ended = new AbortController();
      const ending = waitForEnd(now, context.tools, finish);
      void ending.then(() => {
        ended.abort();
      });
      await followUntil(reader, show, AbortSignal.any([finish, ended.signal]), context.tools);
      now = await ending;
      if (now !== undefined) await reportRestart(now, context);
      await readRest(reader, show, stop, context.tools);
      now = await waitForRestart(now, context, finish);
      setRun(now);
    }
    // The container may have run and ended since the last read.
    await readRest(reader, show, stop, context.tools);
    return now?.isRunning === true ? 'not yet' : log.isRunning ? 'just now' : 'before';
  });
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

/** Poll intervals, in milliseconds: for a local process, and for queries to podman. */
const POLL_PROCESS = 200;
const POLL_PODMAN = { shortest: 200, longest: 1500 } as const;

/** Waits until a container has ended. Returns its new state; undefined if it was removed. */
async function waitForEnd(
  log: ContainerLog,
  { podman, files, sleep }: LogTools,
  stop: AbortSignal,
): Promise<ContainerLog | undefined> {
  const here = isHere(log, files);
  let now = log;
  let wait: number = POLL_PODMAN.shortest;
  for (;;) {
    while (here && files.isAlive(now.pid) && !stop.aborted) await sleep(POLL_PROCESS, stop);
    if (!here) await sleep(wait, stop);
    if (stop.aborted) return now;
    const found = await askContainerLogs(podman, [now.id]);
    if (found !== undefined && found[0]?.isRunning !== true) return found[0];
    if (isAnotherRun(log, found?.[0])) return found?.[0];
    // The process has ended and podman does not know yet.
    now = found?.[0] ?? now;
    if (here && !files.isAlive(now.pid)) await sleep(wait, stop);
    wait = Math.min(POLL_PODMAN.longest, wait * 1.5);
  }
}

/** Whether the container was restarted between two polls. */
function isAnotherRun(before: ContainerLog, now: ContainerLog | undefined): boolean {
  return now !== undefined && now.pid > 0 && now.pid !== before.pid;
}

/** Milliseconds between polls for a restart: by podman's restart policy it comes soon, or never. */
const RESTART_POLLS = [300, 700, 1500];

async function waitForRestart(
  log: ContainerLog | undefined,
  { tools: { podman, sleep }, willRestart }: LogContext,
  stop: AbortSignal,
): Promise<ContainerLog | undefined> {
  let now = log;
  for (let poll = 0; ; poll++) {
    const isWatched = now !== undefined && willRestart !== undefined && willRestart(now.id) !== false;
    const milliseconds = RESTART_POLLS[isWatched ? Math.min(poll, 1) : poll];
    if (now === undefined || now.isRunning || milliseconds === undefined) return now;
    // What a container logs as it is stopped can arrive late: one poll is left to it.
    if (!isWatched && !isStartedAgain(now) && (willRestart === undefined || poll > 0)) return now;
    await sleep(milliseconds, stop);
    if (stop.aborted) return now;
    const found = await askContainerLogs(podman, [now.id]);
    if (found !== undefined) now = found[0];
  }
}

/** Whether podman's restart policy restarts an ended container. */
export function isStartedAgain({ restartPolicy, exitCode }: ContainerLog): boolean {
  return (
    ['always', 'unless-stopped'].includes(restartPolicy) || (restartPolicy === 'on-failure' && exitCode !== 0)
  );
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
