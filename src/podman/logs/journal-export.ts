import type { LogRecord } from './record.ts';

const LINE_FEED = 0x0a;
const EQUALS = 0x3d;
/** PRIORITY of standard error. */
const ERROR = '3';

/** The requested fields. The cursor and the time are always included. */
export const JOURNAL_FIELDS = 'MESSAGE,PRIORITY,CONTAINER_PARTIAL_MESSAGE,_PID,_SYSTEMD_UNIT';

export interface JournalRecord extends LogRecord {
  /** The position in the journal. */
  readonly cursor: string;
  /** The unit to which journald attributes the message. */
  readonly unit: string;
}

export interface JournalDecoder {
  readonly push: (bytes: Buffer) => readonly JournalRecord[];
}

/**
 * Decodes `journalctl --output=export`: a field is `NAME=TEXT`, or, for binary text, `NAME`, its length in 8 bytes and
 * the text. An empty line ends an entry. https://systemd.io/JOURNAL_EXPORT_FORMATS/
 */
export function journalDecoder(): JournalDecoder {
  let held: Buffer = Buffer.alloc(0);
  let fields = new Map<string, Buffer>();
  return {
    push: (bytes) => {
      const input = held.length === 0 ? bytes : Buffer.concat([held, bytes]);
      const records: JournalRecord[] = [];
      let at = 0;
      for (;;) {
        const field = readField(input, at);
        if (field === undefined) break;
        at = field.end;
        if (field.name !== '') fields.set(field.name, field.value);
        else if (fields.size > 0) {
          records.push(recordOf(fields));
          fields = new Map();
        }
      }
      // A copy: what is kept must not keep the whole input in memory.
      held = Buffer.from(input.subarray(at));
      return records;
    },
  };
}

interface Field {
  /** Empty at the end of an entry. */
  readonly name: string;
  readonly value: Buffer;
  readonly end: number;
}

/** Undefined if it is incomplete. */
function readField(input: Buffer, at: number): Field | undefined {
  const lineEnd = input.indexOf(LINE_FEED, at);
  if (lineEnd === -1) return undefined;
  const equals = input.subarray(at, lineEnd).indexOf(EQUALS);
  if (equals !== -1)
    return {
      name: input.toString('latin1', at, at + equals),
      value: input.subarray(at + equals + 1, lineEnd),
      end: lineEnd + 1,
    };
  const name = input.toString('latin1', at, lineEnd);
  if (name === '') return { name, value: input.subarray(at, at), end: lineEnd + 1 };
  const begin = lineEnd + 9;
  if (input.length < begin) return undefined;
  const end = begin + Number(input.readBigUInt64LE(lineEnd + 1));
  return input.length <= end ? undefined : { name, value: input.subarray(begin, end), end: end + 1 };
}

function recordOf(fields: ReadonlyMap<string, Buffer>): JournalRecord {
  const text = (name: string) => fields.get(name)?.toString('latin1') ?? '';
  const message = fields.get('MESSAGE') ?? Buffer.alloc(0);
  return {
    time: timeOf(Number(text('__REALTIME_TIMESTAMP'))),
    stream: text('PRIORITY') === ERROR ? 'stderr' : 'stdout',
    // The process is conmon; each run has its own.
    ...(fields.has('_PID') ? { run: text('_PID') } : {}),
    isPartial: text('CONTAINER_PARTIAL_MESSAGE') === 'true',
    // conmon keeps the line break of an empty line, as journald drops an empty message.
    text: message.at(-1) === LINE_FEED ? message.subarray(0, -1) : message,
    cursor: text('__CURSOR'),
    unit: text('_SYSTEMD_UNIT'),
  };
}

/** @param microseconds since 1970 */
function timeOf(microseconds: number): string {
  const milliseconds = Math.floor(microseconds / 1000);
  if (!Number.isFinite(milliseconds)) return '';
  const fraction = (microseconds - milliseconds * 1000).toString().padStart(3, '0');
  return new Date(milliseconds).toISOString().replace('Z', `${fraction}Z`);
}
