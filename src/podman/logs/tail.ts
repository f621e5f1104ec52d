import type { Stream } from '../../platform/process.ts';
import { isBefore, isOfNextRun, type LogRecord, type LogStart } from './record.ts';

export interface TailSearch {
  /** Takes the record before the one before. True once it is known where to begin: behind this record. */
  readonly isBefore: (record: LogRecord) => boolean;
  /** How many lines that are not wanted are complete from there on. */
  readonly surplus: () => number;
}

/**
 * Finds, backwards from the end of a log, where to begin to read so that the wanted lines are whole. Lines have parts, and
 * those of standard output and of standard error may take turns: it has to go back to where each of the two that is wanted
 * begins a line.
 */
export function tailSearch({ tail = Infinity, since, runBegan }: LogStart): TailSearch {
  /** The streams of which a line is wanted whose beginning was not seen yet. */
  const begun = new Set<Stream>();
  const seen = new Map<Stream, LogRecord>();
  let lines = 0;
  let surplus = 0;
  return {
    isBefore: (record) => {
      // A last line without an end is a line, too, and comes after all others.
      const next = seen.get(record.stream);
      const isUnfinished = record.isPartial && (next === undefined || isOfNextRun(record, next, runBegan));
      const endsLine = !record.isPartial || isUnfinished;
      seen.set(record.stream, record);
      if (endsLine) begun.delete(record.stream);
      const isFull = lines >= tail || (since !== undefined && isBefore(record, since));
      if (isFull && begun.size === 0) return true;
      if (!endsLine) return false;
      if (isFull) surplus++;
      else lines++;
      if (!isFull || isUnfinished) begun.add(record.stream);
      return false;
    },
    surplus: () => surplus,
  };
}
