import type { Diagnostic } from '../../base/diagnostic.ts';
import type { Stream } from '../../platform/process.ts';

/**
 * A record of a log driver: a line or a part of a line. conmon reads at most 8 KiB and splits longer lines. A line
 * without a line break at the time of reading is a part, too.
 */
export interface LogRecord {
  /** RFC 3339, as logged or in UTC. */
  readonly time: string;
  readonly stream: Stream;
  /** The line continues in the next record of the same stream. */
  readonly isPartial: boolean;
  /** The process that logged it, if known. Each run of a container has its own. */
  readonly run?: string;
  /** Without the line break. Not decoded, as a character may continue in the next record. */
  readonly text: Buffer;
}

/** Decodes the bytes of a log, in chunks of any size, to records. Incomplete records are kept. */
export interface LogDecoder {
  readonly push: (bytes: Buffer) => readonly LogRecord[];
  /** The rest at the end of the log, if it is a valid record. */
  readonly end: () => readonly LogRecord[];
}

/** Reads the log of one container. Its iterators read on demand, so that a slow consumer makes them wait. */
export interface LogReader {
  /** The records up to the current end of the log. The next call, or `follow`, continues there. */
  readonly read: () => AsyncIterable<readonly LogRecord[]>;
  /** The records as they are logged, until the signal. `read` then returns the rest. */
  readonly follow: (stop: AbortSignal) => AsyncIterable<readonly LogRecord[]>;
  /** How long after the end of a container its last lines may arrive, in milliseconds. */
  readonly delay: number;
  /** What failed or is missing. Valid after everything was read. */
  readonly trouble: (end: ContainerEnd) => Promise<LogTrouble | undefined>;
  readonly close: () => Promise<void>;
}

/** When the container ended, relative to now. */
export type ContainerEnd = 'not yet' | 'just now' | 'before';

export type LogTrouble = Pick<Diagnostic, 'code' | 'severity' | 'message' | 'help'>;

/** Where to start reading. */
export interface LogStart {
  /** At this number of lines before the end. */
  readonly tail?: number;
  /** At the lines from this time, in nanoseconds since 1970. */
  readonly since?: bigint;
  /** Earlier lines belong to an earlier run of the container, in nanoseconds since 1970. */
  readonly runBegan?: bigint | undefined;
}

export interface OpenedReader {
  readonly reader: LogReader;
  /** The number of lines at the beginning to skip: they are older than the requested ones. */
  readonly surplus: number;
}

/** A time of RFC 3339, or a date, in nanoseconds since 1970; undefined for any other text. */
export function nanosecondsOf(time: string): bigint | undefined {
  const fraction = /\.(\d+)/.exec(time);
  const milliseconds = Date.parse(fraction === null ? time : time.replace(fraction[0], ''));
  if (Number.isNaN(milliseconds)) return undefined;
  return BigInt(milliseconds) * 1_000_000n + BigInt((fraction?.[1] ?? '').slice(0, 9).padEnd(9, '0'));
}

const NANOSECONDS = 1_000_000_000n;

/**
 * A time in the format of `kubectl logs --timestamps`: RFC 3339 in UTC with nine digits (RFC3339NanoFixed in
 * pkg/kubelet/types/constants.go). Log drivers differ in time zone and digits. Any other text is returned unchanged.
 */
export function formatStamp(time: string): string {
  const at = nanosecondsOf(time);
  if (at === undefined) return time;
  const seconds = new Date(Number(at / NANOSECONDS) * 1000).toISOString().slice(0, -'.000Z'.length);
  return `${seconds}.${(at % NANOSECONDS).toString().padStart(9, '0')}Z`;
}

/** Whether a record is older than a time; false if it has no time. */
export function isBefore({ time }: Pick<LogRecord, 'time'>, since: bigint): boolean {
  const at = nanosecondsOf(time);
  return at !== undefined && at < since;
}

/**
 * Whether a record belongs to a later run of the container than the previous record. An incomplete line of the earlier
 * run does not continue there.
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
