import { millisecondsOf, type LogDecoder, type LogRecord } from './record.ts';
import { lineSplitter } from './split-lines.ts';

const STAMP = /^(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?(?:Z|[+-]\d\d:\d\d))(?: |$)/;
/** Long enough for every time in nanoseconds, and the space behind it. */
const STAMP_LENGTH = 36;
const YEAR = /\d{4}-\d\d-\d\dT/g;
/** A part of a line that is as long as this was cut by conmon; a shorter one was printed without a line break. */
const CUT_LENGTH = 4000;
/** So long after it, in milliseconds, the next part of a line is looked for. */
const NEAR = 60_000;

/**
 * Reads what `podman logs --timestamps` prints: a time before each record, and a line break only behind the last part of a
 * line. What the container itself prints may look like a time, too; but it was printed before it was logged, and the next
 * part of its line was logged after.
 * @param onComplaint is told what podman itself says, which has no time
 */
export function stampedLinesDecoder(onComplaint: (line: string) => void): LogDecoder {
  const { push, rest } = lineSplitter();
  const decode = (line: Buffer, isWhole: boolean): readonly LogRecord[] => {
    const stamp = stampAt(line, 0);
    if (stamp !== undefined) return recordsOf(line, stamp, isWhole);
    if (line.length > 0) onComplaint(line.toString('utf8'));
    return [];
  };
  return {
    push: (bytes) => push(bytes).flatMap((line) => decode(line, true)),
    end: () => decode(rest(), false),
  };
}

function recordsOf(line: Buffer, first: Stamp, isWhole: boolean): readonly LogRecord[] {
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
  take(line.length, !isWhole);
  return records;
}

function isNextPart(time: string, next: string, length: number): boolean {
  const later = millisecondsOf(next) - millisecondsOf(time);
  return later >= 0 && (later < NEAR || length > CUT_LENGTH);
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
