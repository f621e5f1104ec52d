import type { Stream } from '../../platform/process.ts';
import { isBefore, isOfNextRun, type LogRecord, type LogStart } from './record.ts';

export interface TailSearch {
  /** Adds the record before the previous one. True if the start is found: after this record. */
  readonly isBefore: (record: LogRecord) => boolean;
  /** The number of complete lines from there on that are not requested. */
  readonly surplus: () => number;
}

/**
 * Searches backwards from the end of a log for the offset at which all requested lines are complete. Lines have parts,
 * and the parts of standard output and standard error can alternate: the search ends when each stream has reached the
 * beginning of its first requested line.
 */
export function tailSearch({ tail = Infinity, since, runBegan }: LogStart): TailSearch {
  /** The streams with a requested line whose beginning was not found yet. */
  const begun = new Set<Stream>();
  const seen = new Map<Stream, LogRecord>();
  let lines = 0;
  let surplus = 0;
  return {
    isBefore: (record) => {
      // An incomplete last line counts as a line, too, and comes last.
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
