import type { Stream } from '../../platform/process.ts';
import { isOfNextRun, type LogRecord } from './record.ts';

/** A line of a container's output, or a piece of one that is too long to be held, or has no end yet. */
export interface LogLine {
  /** RFC 3339: when it began. */
  readonly time: string;
  readonly stream: Stream;
  /** Its bytes, in the pieces in which they were logged. */
  readonly parts: readonly Buffer[];
  /** False for a piece that goes on with the one before of the same stream. */
  readonly begins: boolean;
  /** Whether a line break follows. */
  readonly ends: boolean;
}

export interface LineJoiner {
  /** The lines that are complete with these records, in their order. */
  readonly push: (records: readonly LogRecord[]) => readonly LogLine[];
  /** What has no end yet. When it goes on, that is a piece that does not begin a line. */
  readonly flush: () => readonly LogLine[];
  readonly isHolding: () => boolean;
}

interface Held {
  readonly time: string;
  readonly parts: Buffer[];
  readonly begins: boolean;
  size: number;
}

/** Longer lines are handed on in pieces, so that one without end does not take all the memory. */
const LONGEST = 32 * 1024 * 1024;
/** What a part costs besides its bytes. */
const OVERHEAD = 100;

/**
 * Joins the parts of lines, those of standard output and of standard error each on their own: the two may take turns in the
 * middle of a line. A line comes where it ends in the log.
 * @param longest how many bytes of a line are held
 * @param runBegan when the run of the container began that is known best; see LogStart
 */
export function lineJoiner(
  longest = LONGEST,
  runBegan: () => bigint | undefined = () => undefined,
): LineJoiner {
  /** The last record of each stream whose line is still without an end. */
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
    // A copy: the record points into a large piece of the log.
    line.parts.push(Buffer.from(text));
    line.size += text.length + OVERHEAD;
    return line.size > longest ? take(stream, undefined, false, time) : undefined;
  };
  /** Lines that an earlier run of the container has left without an end. */
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
