import type { LogSource } from '../engine/follow-logs.ts';
import type { LogOutput } from '../engine/rollout.ts';
import type { LogLine } from '../podman/logs/join-lines.ts';
import { formatStamp } from '../podman/logs/record.ts';
import { terminalPalette } from './terminal/colour.ts';
import { logPrefix } from './logs.ts';
import type { Terminal } from '../platform/platform.ts';

export interface LogPrinterSettings {
  readonly stdout: Pick<Terminal, 'pour'>;
  readonly isColoured: boolean;
  /** Omits the names of pods and containers. */
  readonly noPrefix: boolean;
  /** Prefixes each line with its timestamp. */
  readonly timestamps: boolean;
}

/** Maximum number of bytes per write. */
const CHUNK_BYTES = 64 * 1024;
const LINE_BREAK = Buffer.of(0x0a);

/**
 * Prints container logs to standard output, prefixed with pod and container, without changing their bytes. Writes are
 * sequential, and each waits until the reader has accepted it. An unfinished line is continued if nothing else was
 * printed in between.
 */
export function logPrinter(settings: LogPrinterSettings, sources: readonly LogSource[]): LogOutput {
  const { stdout, noPrefix, timestamps, isColoured } = settings;
  const prefix = logPrefix(sources, { noPrefix, palette: terminalPalette(isColoured) });
  /** The stream and container of the unfinished line. */
  let open = '';
  const piecesOf = (source: LogSource, line: LogLine): readonly Buffer[] => {
    const key = `${line.stream} ${source.name}`;
    const continues = open === key && !line.begins;
    const time = timestamps && line.time !== '' ? `${formatStamp(line.time)} ` : '';
    const isEmpty = time === '' && line.parts.every(({ length }) => length === 0);
    const begin = continues
      ? []
      : [Buffer.from(`${open === '' ? '' : '\n'}${prefix(source, isEmpty)}${time}`)];
    open = line.ends ? '' : key;
    return [...begin, ...line.parts, ...(line.ends ? [LINE_BREAK] : [])];
  };
  const write = async (source: LogSource, lines: readonly LogLine[]) => {
    let pieces: Buffer[] = [];
    let size = 0;
    for (const line of lines)
      for (const piece of piecesOf(source, line)) {
        pieces.push(piece);
        size += piece.length;
        if (size < CHUNK_BYTES) continue;
        await stdout.pour(Buffer.concat(pieces));
        pieces = [];
        size = 0;
      }
    if (size > 0) await stdout.pour(Buffer.concat(pieces));
  };
  let last = Promise.resolve();
  const enqueue = (work: () => Promise<void>): Promise<void> => (last = last.then(work));
  return {
    print: (source, lines) => enqueue(() => write(source, lines)),
    end: () =>
      enqueue(async () => {
        if (open !== '' && !(noPrefix && !timestamps)) await stdout.pour(LINE_BREAK);
        open = '';
      }),
  };
}
