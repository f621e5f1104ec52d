import type { Diagnostic } from '../base/diagnostic.ts';
import type { Engine } from './engine.ts';
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

/** What it takes to read logs. */
export function logTools({ platform, podman }: Pick<Engine, 'platform' | 'podman'>): LogTools {
  return { podman, files: platform.logFiles, sleep: platform.clock.sleep };
}

/** A container whose output is shown. */
export interface LogSource {
  readonly pod: string;
  readonly container: string;
  /** podman's name of it. */
  readonly name: string;
}

/** Shows lines. What it gives resolves when they were taken: until then nothing more is read. */
export type OnLogLines = (source: LogSource, lines: readonly LogLine[]) => Promise<void>;

export interface LogContext {
  readonly tools: LogTools;
  readonly onLines: OnLogLines;
  /** What is to be told of a log besides its lines. */
  readonly report: (diagnostics: readonly Diagnostic[]) => void;
  /** Nothing more is to come: what the logs have is read to their end. */
  readonly finish: AbortSignal;
  /** All is to end at once. */
  readonly stop: AbortSignal;
}

/** A line that has no end is shown when nothing has come for so long, in milliseconds: it may ask somebody for something. */
const SHOWN_WITHOUT_END = 2000;

/** Shows what a container has logged. Gives whether that could be read. */
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
 * Shows what a container logs, until it has ended and is not started again, until it is removed, or until a signal. Gives
 * whether that could be read.
 */
export async function followLog(
  source: LogSource,
  log: ContainerLog,
  start: LogStart,
  context: LogContext,
): Promise<boolean> {
  // Each has its own: a signal warns of eleven listeners.
  const stop = AbortSignal.any([context.stop]);
  const finish = AbortSignal.any([context.finish, stop]);
  return withLog(source, log, start, { ...context, stop, finish }, async ({ reader, show, setRun }) => {
    let now: ContainerLog | undefined = log;
    while (now?.isRunning === true && !finish.aborted) {
      const over = new AbortController();
      const ending = awaitEnd(now, context.tools, finish);
      void ending.then(() => {
        over.abort();
      });
      await followUntil(reader, show, AbortSignal.any([finish, over.signal]), context.tools);
      now = await ending;
      await readRest(reader, show, stop, context.tools);
      now = await waitForRestart(now, context.tools, finish);
      setRun(now);
    }
    // It may have run, and ended, since its log was read.
    await readRest(reader, show, stop, context.tools);
    return now?.isRunning === true ? 'not yet' : log.isRunning ? 'just now' : 'before';
  });
}

interface OpenLog {
  readonly reader: LogReader;
  readonly show: (records: readonly LogRecord[]) => Promise<void>;
  /** The container was looked at again, and may have been started again. */
  readonly setRun: (log: ContainerLog | undefined) => void;
}

/** @param work gives when the container has ended */
async function withLog(
  source: LogSource,
  log: ContainerLog,
  start: LogStart,
  context: LogContext,
  work: (open: OpenLog) => Promise<ContainerEnd>,
): Promise<boolean> {
  const { tools, report, stop } = context;
  const of = `the log of container ${source.container} of pod ${source.pod}`;
  const unreadable = whyUnreadable(log);
  if (unreadable !== undefined) {
    const help =
      'Set `log_driver` in containers.conf to k8s-file or journald, and have the container made anew.';
    report([{ code: 'no-logs', severity: 'error', message: `${of} cannot be read: ${unreadable}`, help }]);
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
    report([{ ...trouble, message: `${of}: ${trouble.message}` }]);
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
  /** What comes after the first line that is wanted is wanted, too. */
  const isWanted = (line: LogLine) => {
    if (!isOld) return true;
    if (leftOut < surplus) leftOut += line.ends ? 1 : 0;
    else isOld = start.since !== undefined && isBefore(line, start.since);
    return !isOld;
  };
  const print = async (lines: readonly LogLine[]) => {
    const wanted = isOld ? lines.filter(isWanted) : lines;
    // A reader that has stopped reading holds nobody up who wants to leave.
    if (wanted.length > 0) await unlessStopped(onLines(source, wanted), stop);
  };
  const flushLater = async (signal: AbortSignal) => {
    await tools.sleep(SHOWN_WITHOUT_END, signal);
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
    // It ends by itself only where something has gone wrong.
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

/** Gives whether there was anything. */
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

/** Between two looks whether a container's process is still there: one of this machine, and one that podman is asked for. */
const LOOK_AT_PROCESS = 200;
const ASK_PODMAN = { shortest: 200, longest: 1500 } as const;

/** Waits until a container does not run any more. Gives what podman tells of it then; undefined where it is gone. */
async function awaitEnd(
  log: ContainerLog,
  { podman, files, sleep }: LogTools,
  stop: AbortSignal,
): Promise<ContainerLog | undefined> {
  const here = isHere(log, files);
  let now = log;
  let wait: number = ASK_PODMAN.shortest;
  for (;;) {
    while (here && files.isAlive(now.pid) && !stop.aborted) await sleep(LOOK_AT_PROCESS, stop);
    if (!here) await sleep(wait, stop);
    if (stop.aborted) return now;
    const found = await askContainerLogs(podman, [now.id]);
    if (found !== undefined && found[0]?.isRunning !== true) return found[0];
    // Started again, or its process has ended and podman does not know yet.
    now = found?.[0] ?? now;
    if (here && !files.isAlive(now.pid)) await sleep(wait, stop);
    wait = Math.min(ASK_PODMAN.longest, wait * 1.5);
  }
}

/** How long podman's restart policy is given to have a container running again, in milliseconds from one look to the next. */
const LOOKS = [300, 700, 1500];

async function waitForRestart(
  log: ContainerLog | undefined,
  { podman, sleep }: LogTools,
  stop: AbortSignal,
): Promise<ContainerLog | undefined> {
  let now = log;
  for (const milliseconds of LOOKS) {
    if (now === undefined || now.isRunning || !isStartedAgain(now)) return now;
    await sleep(milliseconds, stop);
    if (stop.aborted) return now;
    const found = await askContainerLogs(podman, [now.id]);
    if (found !== undefined) now = found[0];
  }
  return now;
}

/** Whether podman's restart policy starts a container again that has ended. */
export function isStartedAgain({ restartPolicy, exitCode }: ContainerLog): boolean {
  return (
    ['always', 'unless-stopped'].includes(restartPolicy) || (restartPolicy === 'on-failure' && exitCode !== 0)
  );
}

/** Resolves with the work, or at the signal: then nobody waits for it any more. */
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
