import { explainPodmanFailure } from '../errors.ts';
import type { PodmanClient } from '../client/client.ts';
import { lineJoiner, type LogLine } from './join-lines.ts';
import {
  isBefore,
  nanosecondsOf,
  type LogReader,
  type LogRecord,
  type LogStart,
  type LogTrouble,
  type OpenedReader,
} from './record.ts';
import type { Sleep } from '../../base/sleep.ts';
import { stampedLinesDecoder } from './stamped-lines.ts';
import { until } from './until.ts';

/**
 * The interval between two reads of a log, in milliseconds: the shortest while it grows, the longest while it is
 * silent. Each read is a podman command.
 */
const INTERVALS = { shortest: 300, longest: 1500 } as const;

/**
 * Reads the log of a remote container with `podman logs`. Not with --follow: that loses lines (podman 4.3.1 to 6.1.1),
 * and keeps running when podpose is killed. Instead, each read starts at the time of the last line.
 * @param name podman's name of the container
 */
export async function commandReader(
  podman: PodmanClient,
  name: string,
  start: LogStart,
  sleep: Sleep,
): Promise<OpenedReader> {
  let last = '';
  /** The number of records with that time. */
  let count = 0;
  let messages: string[] = [];

  async function* all(since: bigint | undefined, isLast: boolean): AsyncGenerator<readonly LogRecord[]> {
    messages = [];
    const { push, end } = stampedLinesDecoder((line) => {
      messages = [...messages.slice(-9), line];
    });
    // One second earlier: versions differ in whether --since includes a line of exactly that time.
    const option =
      since === undefined ? [] : ['--since', new Date(Number(since / 1_000_000n) - 1000).toISOString()];
    // One pipe for both streams keeps their order.
    const command = [podman.program, 'logs', '--timestamps', ...option, name];
    const reading = podman.processes.read('sh', ['-c', 'exec "$@" 2>&1', 'sh', ...command]);
    try {
      for await (const bytes of reading.output) yield push(bytes);
      // A line without a line break may continue, so it is not read yet.
      if (isLast) yield end();
    } finally {
      reading.stop();
      await reading.end;
    }
  }

  async function* read(isLast: boolean): AsyncGenerator<readonly LogRecord[]> {
    const known = last;
    let skip = count;
    const isFresh = ({ time }: LogRecord) => {
      if (known === '') return true;
      if (time === known) return --skip < 0;
      return !isBefore({ time }, nanosecondsOf(known) ?? 0n);
    };
    for await (const records of all(known === '' ? start.since : nanosecondsOf(known), isLast)) {
      const fresh = records.filter(isFresh);
      for (const { time } of fresh) {
        count = time === last ? count + 1 : 1;
        last = time;
      }
      if (fresh.length > 0) yield fresh;
    }
  }

  async function* follow(stop: AbortSignal): AsyncGenerator<readonly LogRecord[]> {
    let wait: number = INTERVALS.shortest;
    while (!stop.aborted) {
      wait = Math.min(INTERVALS.longest, wait * 1.5);
      for await (const records of until(read(false), stop)) {
        wait = INTERVALS.shortest;
        yield records;
      }
      await sleep(wait, stop);
    }
  }

  const countSurplus = async (tail: number): Promise<number> => {
    const { push, flush } = lineJoiner();
    let [lines, wanted] = [0, 0];
    const { since } = start;
    const take = (more: readonly LogLine[]) => {
      lines += more.length;
      wanted += more.filter((line) => since === undefined || !isBefore(line, since)).length;
    };
    for await (const records of all(since, true)) take(push(records).filter(({ ends }) => ends));
    take(flush());
    return lines - Math.min(wanted, tail);
  };

  const reader: LogReader = {
    read: () => read(true),
    follow,
    delay: 0,
    trouble: () => Promise.resolve(troubleOf(name, messages)),
    close: () => Promise.resolve(),
  };
  return { reader, surplus: start.tail === undefined ? 0 : await countSurplus(start.tail) };
}

function troubleOf(name: string, messages: readonly string[]): LogTrouble | undefined {
  if (!messages.some((line) => line.startsWith('Error:'))) return undefined;
  return explainPodmanFailure(messages, `podman logs ${name}`);
}
