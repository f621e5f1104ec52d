import type { Stream } from '../../platform/process.ts';
import { isOfNextRun, type LogRecord } from './record.ts';

/** A line of a container's output, or a part of a line that is too long or not complete yet. */
export interface LogLine {
  /** RFC 3339: the time of its beginning. */
  readonly time: string;
  readonly stream: Stream;
  /** Its bytes, in parts as logged. */
  readonly parts: readonly Buffer[];
  /** False if it continues the previous part of the same stream. */
  readonly begins: boolean;
  /** Whether a line break follows. */
  readonly ends: boolean;
}

export interface LineJoiner {
  /** Returns the lines that these records complete, in order. */
  readonly push: (records: readonly LogRecord[]) => readonly LogLine[];
  /** Returns incomplete lines. Their continuations are parts that do not begin a line. */
  readonly flush: () => readonly LogLine[];
  readonly isHolding: () => boolean;
}

interface Held {
  readonly time: string;
  readonly parts: Buffer[];
  readonly begins: boolean;
  size: number;
}

/** A longer line is passed on in parts, so that a line without end does not fill the memory. */
const LONGEST = 32 * 1024 * 1024;
/** Memory used by a part in addition to its bytes. */
const OVERHEAD = 100;

/**
 * Joins the parts of lines, separately for standard output and standard error, whose parts can alternate. Lines are
 * ordered by their ends.
 * @param longest maximum number of bytes of a line in memory
 * @param runBegan the best known start of the container's run; see LogStart
 */
export function lineJoiner(
  longest = LONGEST,
  runBegan: () => bigint | undefined = () => undefined,
): LineJoiner {
  /** The last record of each stream if its line is incomplete. */
  const last: Record<Stream, LogRecord | undefined> = { stdout: undefined, stderr: undefined };
  const held: Record<Stream, Held | undefined> = { stdout: undefined, stderr: undefined };
  const isOpen: Record<Stream, boolean> = { stdout: false, stderr: false };
  const take = (stream: Stream, last: Buffer | undefined, ends: boolean, time: string): LogLine => {
    const before = held[stream];
    const parts = before?.parts ?? [];
    if (last !== undefined) parts.push(last);
    held[stream] = undefined;
    const begins = before?.begins ?? !isOpen[stream];
    isOpen[stream] = !ends;
    return { time: before?.time ?? time, stream, parts, begins, ends };
  };
  const hold = ({ stream, time, text }: LogRecord): LogLine | undefined => {
    const line = (held[stream] ??= { time, parts: [], begins: !isOpen[stream], size: 0 });
    // A copy, as the record points into a large buffer.
    line.parts.push(Buffer.from(text));
    line.size += text.length + OVERHEAD;
    return line.size > longest ? take(stream, undefined, false, time) : undefined;
  };
  /** Lines that an earlier run of the container left incomplete. */
  const leftBefore = (record: LogRecord): readonly LogLine[] =>
    (['stdout', 'stderr'] as const).flatMap((stream) => {
      const before = last[stream];
      if (before === undefined || !isOfNextRun(before, record, runBegan())) return [];
      last[stream] = undefined;
      return [take(stream, undefined, true, before.time)];
    });
  return {
    push: (records) => {
      const lines: LogLine[] = [];
      for (const record of records) {
        if (last.stdout !== undefined || last.stderr !== undefined) lines.push(...leftBefore(record));
        last[record.stream] = record.isPartial ? record : undefined;
        const line = record.isPartial ? hold(record) : take(record.stream, record.text, true, record.time);
        if (line !== undefined) lines.push(line);
      }
      return lines;
    },
    flush: () =>
      (['stdout', 'stderr'] as const).flatMap((stream) =>
        held[stream] === undefined ? [] : [take(stream, undefined, false, '')],
      ),
    isHolding: () => held.stdout !== undefined || held.stderr !== undefined,
  };
}
