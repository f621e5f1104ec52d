import { nanosecondsOf, type LogDecoder, type LogRecord } from './record.ts';
import { lineSplitter, type Piece } from './split-lines.ts';

const STAMP = /^(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?(?:Z|[+-]\d\d:\d\d))(?: |$)/;
/** Long enough for every time in nanoseconds, and the space behind it. */
const STAMP_LENGTH = 36;
const YEAR = /\d{4}-\d\d-\d\dT/g;
/** A part of a line that is as long as this was cut by conmon; a shorter one was printed without a line break. */
const CUT_LENGTH = 4000;
/** So long after it, in nanoseconds, the next part of a line is looked for. */
const NEAR = 60_000_000_000n;

/**
 * Reads what `podman logs --timestamps` prints: a time before each record, and a line break only behind the last part of a
 * line. What the container itself prints may look like a time, too; but it was printed before it was logged, and the next
 * part of its line was logged after.
 * @param onComplaint is told what podman itself says, which has no time
 */
export function stampedLinesDecoder(onComplaint: (line: string) => void): LogDecoder {
  const { push, rest } = lineSplitter();
  /** The time of the piece before, which a piece that goes on with it has not got. */
  let last = '';
  const decode = ({ bytes, begins, ends }: Piece): readonly LogRecord[] => {
    const stamp = begins ? stampAt(bytes, 0) : { time: last, length: 0 };
    last = stamp?.time ?? '';
    if (stamp !== undefined && last !== '') return recordsOf(bytes, stamp, ends);
    if (begins && bytes.length > 0) onComplaint(bytes.toString('utf8', 0, LONGEST_COMPLAINT));
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
  /** With the space behind it. */
  readonly length: number;
}

function stampAt(line: Buffer, at: number): Stamp | undefined {
  const match = STAMP.exec(line.toString('latin1', at, Math.min(line.length, at + STAMP_LENGTH)));
  return match === null ? undefined : { time: match[1] ?? '', length: match[0].length };
}
