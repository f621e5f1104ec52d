import type { Diagnostic } from '../../base/diagnostic.ts';
import type { Stream } from '../../platform/process.ts';

/**
 * What a log driver keeps of a container's output at a time: a line, or a part of one. conmon, which writes it, reads 8 KiB
 * at most and cuts long lines there; what has no line break yet when it is read is a part, too.
 */
export interface LogRecord {
  /** RFC 3339, as the log has it or in UTC. */
  readonly time: string;
  readonly stream: Stream;
  /** The line goes on in the next record of the same stream. */
  readonly isPartial: boolean;
  /** The process that has logged it, where that is known: each run of a container has one of its own. */
  readonly run?: string;
  /** Without the line break; not decoded, since a character may go on in the next record. */
  readonly text: Buffer;
}

/** Turns the bytes of a log, which may be cut anywhere, into records. It keeps what is not complete yet. */
export interface LogDecoder {
  readonly push: (bytes: Buffer) => readonly LogRecord[];
  /** What is left at the end of the log, where that can be a record. */
  readonly end: () => readonly LogRecord[];
}

/** Reads one container's log. Its iterators read no further than they are asked for: whoever is slow makes them wait. */
export interface LogReader {
  /** The records up to where the log ends now. The next call, or that of `follow`, goes on from there. */
  readonly read: () => AsyncIterable<readonly LogRecord[]>;
  /** The records as they come, until the signal. `read` then has those that it has not given. */
  readonly follow: (stop: AbortSignal) => AsyncIterable<readonly LogRecord[]>;
  /** How long after the end of a container its last words may come, in milliseconds. */
  readonly delay: number;
  /** What went wrong, or is known to be missing. To be asked when all was read. */
  readonly trouble: (end: ContainerEnd) => Promise<LogTrouble | undefined>;
  readonly close: () => Promise<void>;
}

/** When the container has ended whose log was read. */
export type ContainerEnd = 'not yet' | 'just now' | 'before';

export type LogTrouble = Pick<Diagnostic, 'code' | 'severity' | 'message' | 'help'>;

/** Where a reader begins. */
export interface LogStart {
  /** With so many of the last lines. */
  readonly tail?: number;
  /** With the lines from this time, in nanoseconds since 1970. */
  readonly since?: bigint;
  /** What was logged before is of an earlier run of the container, in nanoseconds since 1970. */
  readonly runBegan?: bigint | undefined;
}

export interface OpenedReader {
  readonly reader: LogReader;
  /** So many lines that it gives at first are not wanted: they are older than the last ones that are. */
  readonly surplus: number;
}

/** A time of RFC 3339, or a date, in nanoseconds since 1970; undefined where it is none. */
export function nanosecondsOf(time: string): bigint | undefined {
  const fraction = /\.(\d+)/.exec(time);
  const milliseconds = Date.parse(fraction === null ? time : time.replace(fraction[0], ''));
  if (Number.isNaN(milliseconds)) return undefined;
  return BigInt(milliseconds) * 1_000_000n + BigInt((fraction?.[1] ?? '').slice(0, 9).padEnd(9, '0'));
}

const NANOSECONDS = 1_000_000_000n;

/**
 * A time as `kubectl logs --timestamps` has it: RFC 3339 with nine digits of a second (RFC3339NanoFixed in
 * pkg/kubelet/types/constants.go), and in UTC. Log drivers each have their own zone and number of digits. What is no time
 * stays as it is.
 */
export function formatStamp(time: string): string {
  const at = nanosecondsOf(time);
  if (at === undefined) return time;
  const seconds = new Date(Number(at / NANOSECONDS) * 1000).toISOString().slice(0, -'.000Z'.length);
  return `${seconds}.${(at % NANOSECONDS).toString().padStart(9, '0')}Z`;
}

/** Whether a record is older than a time; false where it has none. */
export function isBefore({ time }: Pick<LogRecord, 'time'>, since: bigint): boolean {
  const at = nanosecondsOf(time);
  return at !== undefined && at < since;
}

/**
 * Whether a record is of a later run of the container than the one before it: a line of the earlier run that has no end
 * does not go on in the later one.
 */
export function isOfNextRun(
  before: Pick<LogRecord, 'time' | 'run'>,
  record: Pick<LogRecord, 'time' | 'run'>,
  runBegan: bigint | undefined,
): boolean {
  if (before.run !== undefined && record.run !== undefined) return before.run !== record.run;
  return (
    runBegan !== undefined &&
    isBefore(before, runBegan) &&
    nanosecondsOf(record.time) !== undefined &&
    !isBefore(record, runBegan)
  );
}
