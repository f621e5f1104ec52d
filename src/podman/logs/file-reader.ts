import { k8sFileDecoder } from './k8s-file.ts';
import type { LogFile, LogFiles } from '../../platform/log-files.ts';
import type { LogRecord, LogStart, OpenedReader } from './record.ts';
import type { Sleep } from '../../base/sleep.ts';
import { tailSearch } from './tail.ts';
import { until } from './until.ts';

/** Bytes per read. */
const CHUNK = 128 * 1024;
/**
 * The interval between checks of the file size, in milliseconds: the shortest after growth, the longest while it is
 * silent.
 */
const INTERVALS = { shortest: 50, longest: 250 } as const;

/** Reads the file of the log driver k8s-file. conmon replaces the file when it reaches `max-size`. */
export async function fileReader(
  files: LogFiles,
  path: string,
  start: LogStart,
  sleep: Sleep,
): Promise<OpenedReader> {
  let file = await files.open(path);
  let decoder = k8sFileDecoder();
  const begin = await findBegin(file, start);
  let offset = begin.offset;

  async function* rest(): AsyncGenerator<readonly LogRecord[]> {
    if (file.stat().size < offset) {
      // The file was truncated.
      offset = 0;
      decoder = k8sFileDecoder();
    }
    for (;;) {
      const bytes = await file.read(offset, CHUNK);
      if (bytes.length === 0) return;
      offset += bytes.length;
      const records = decoder.push(bytes);
      if (records.length > 0) yield records;
    }
  }

  async function* read(): AsyncGenerator<readonly LogRecord[]> {
    for (;;) {
      const now = files.stat(path);
      yield* rest();
      // The file of a removed container can be read while it is open.
      if (now === undefined || now.identity === file.stat().identity) return;
      const next = await files.open(path).catch(() => undefined);
      if (next === undefined) return;
      await file.close();
      file = next;
      offset = 0;
      decoder = k8sFileDecoder();
    }
  }

  const hasMore = () => {
    const now = files.stat(path);
    return now !== undefined && (now.size !== offset || now.identity !== file.stat().identity);
  };
  async function* follow(stop: AbortSignal): AsyncGenerator<readonly LogRecord[]> {
    let wait: number = INTERVALS.shortest;
    while (!stop.aborted) {
      wait = Math.min(INTERVALS.longest, wait * 1.2);
      if (hasMore()) {
        yield* until(read(), stop);
        wait = INTERVALS.shortest;
      }
      await sleep(wait, stop);
    }
  }

  return {
    reader: {
      read,
      follow,
      // conmon writes all output before it reports the end of the container.
      delay: 0,
      trouble: () => Promise.resolve(undefined),
      close: () => file.close(),
    },
    surplus: begin.surplus,
  };
}

/** Reads the file backwards as far as needed. */
async function findBegin(
  file: LogFile,
  start: LogStart,
): Promise<{ readonly offset: number; readonly surplus: number }> {
  if (start.tail === undefined && start.since === undefined) return { offset: 0, surplus: 0 };
  const search = tailSearch(start);
  for await (const { record, end } of backwards(file))
    if (search.isBefore(record)) return { offset: end, surplus: search.surplus() };
  return { offset: 0, surplus: search.surplus() };
}

interface Placed {
  readonly record: LogRecord;
  /** Offset of the next record. */
  readonly end: number;
}

async function* backwards(file: LogFile): AsyncGenerator<Placed> {
  let { size: end } = file.stat();
  let held: Buffer = Buffer.alloc(0);
  for (let at = end; at > 0;) {
    const begin = Math.max(0, at - CHUNK);
    const bytes = Buffer.concat([await file.read(begin, at - begin), held]);
    // The text before the first line break may belong to a line that begins earlier.
    const first = begin === 0 ? 0 : bytes.indexOf('\n') + 1;
    const last = bytes.lastIndexOf('\n') + 1;
    if (first < last) {
      const records = k8sFileDecoder().push(bytes.subarray(first, last));
      const ends = endsOf(bytes.subarray(first, last), begin + first);
      for (let index = records.length - 1; index >= 0; index--) {
        const record = records[index];
        if (record !== undefined) yield { record, end: ends[index] ?? end };
      }
      held = Buffer.from(bytes.subarray(0, first));
    } else held = bytes;
    end = begin + held.length;
    at = begin;
  }
}

function endsOf(bytes: Buffer, offset: number): readonly number[] {
  const ends: number[] = [];
  for (let at = bytes.indexOf('\n'); at !== -1; at = bytes.indexOf('\n', at + 1)) ends.push(offset + at + 1);
  return ends;
}
