import { nanosecondsOf, type LogDecoder, type LogRecord } from './record.ts';
import { lineSplitter, type Piece } from './split-lines.ts';

const STAMP = /^(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?(?:Z|[+-]\d\d:\d\d))(?: |$)/;
/** Maximum length of a time in nanoseconds with the space after it. */
const STAMP_LENGTH = 36;
const YEAR = /\d{4}-\d\d-\d\dT/g;
/** conmon splits a line into parts of this size. A shorter part was printed without a line break. */
const CUT_LENGTH = 4000;
/** The next part of a line is searched within this time after it, in nanoseconds. */
const NEAR = 60_000_000_000n;

/**
 * Decodes `podman logs --timestamps`: a time before each record, and a line break only after the last part of a line.
 * The container's own output may contain text that looks like a time. Such a time is before the time of logging, and
 * the next part is logged after it.
 * @param onMessage receives podman's own messages, which have no time
 */
export function stampedLinesDecoder(onMessage: (line: string) => void): LogDecoder {
  const { push, rest } = lineSplitter();
  /** The time of the previous part, for a continuation, which has none. */
  let last = '';
  const decode = ({ bytes, begins, ends }: Piece): readonly LogRecord[] => {
    const stamp = begins ? stampAt(bytes, 0) : { time: last, length: 0 };
    last = stamp?.time ?? '';
    if (stamp !== undefined && last !== '') return recordsOf(bytes, stamp, ends);
    if (begins && bytes.length > 0) onMessage(bytes.toString('utf8', 0, LONGEST_COMPLAINT));
    return [];
  };
  return {
    push: (bytes) => push(bytes).flatMap(decode),
    end: () => {
      const piece = rest();
      return piece === undefined ? [] : decode(piece);
    },
  };
}

const LONGEST_COMPLAINT = 4096;

function recordsOf(line: Buffer, first: Stamp, ends: boolean): readonly LogRecord[] {
  const records: LogRecord[] = [];
  let stamp = first;
  let begin = first.length;
  const take = (end: number, isPartial: boolean) => {
    records.push({ time: stamp.time, stream: 'stdout', isPartial, text: line.subarray(begin, end) });
  };
  for (const { index } of line.toString('latin1', begin).matchAll(YEAR)) {
    const at = first.length + index;
    const next = stampAt(line, at);
    if (next === undefined || !isNextPart(stamp.time, next.time, at - begin)) continue;
    take(at, true);
    stamp = next;
    begin = at + next.length;
  }
  take(line.length, !ends);
  return records;
}

function isNextPart(time: string, next: string, length: number): boolean {
  const later = (nanosecondsOf(next) ?? 0n) - (nanosecondsOf(time) ?? 0n);
  return later >= 0n && (later < NEAR || length > CUT_LENGTH);
}

interface Stamp {
  readonly time: string;
  /** Including the space after it. */
  readonly length: number;
}

function stampAt(line: Buffer, at: number): Stamp | undefined {
  const match = STAMP.exec(line.toString('latin1', at, Math.min(line.length, at + STAMP_LENGTH)));
  return match === null ? undefined : { time: match[1] ?? '', length: match[0].length };
}
