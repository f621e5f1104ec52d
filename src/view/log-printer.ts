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
  /** Lines are printed as they are, without the names of pods and containers. */
  readonly noPrefix: boolean;
  /** Each line is printed with the time at which it was logged. */
  readonly timestamps: boolean;
}

/** So many bytes are written at once at most. */
const PIECE = 64 * 1024;
const LINE_BREAK = Buffer.of(0x0a);

/**
 * Prints lines of containers to standard output, each behind the names of its pod and container, their bytes as they are.
 * The lines of several containers take turns, and each waits until whoever reads has taken them. A line that has no end yet
 * goes on where it stopped if nothing else was printed in between.
 */
export function logPrinter(settings: LogPrinterSettings, sources: readonly LogSource[]): LogOutput {
  const { stdout, noPrefix, timestamps, isColoured } = settings;
  const prefix = logPrefix(sources, { noPrefix, palette: terminalPalette(isColoured) });
  /** Whose line stands there without an end. */
  let open = '';
  const piecesOf = (source: LogSource, line: LogLine): readonly Buffer[] => {
    const who = `${line.stream} ${source.name}`;
    const goesOn = open === who && !line.begins;
    const time = timestamps && line.time !== '' ? `${formatStamp(line.time)} ` : '';
    const isEmpty = time === '' && line.parts.every(({ length }) => length === 0);
    const begin = goesOn ? [] : [Buffer.from(`${open === '' ? '' : '\n'}${prefix(source, isEmpty)}${time}`)];
    open = line.ends ? '' : who;
    return [...begin, ...line.parts, ...(line.ends ? [LINE_BREAK] : [])];
  };
  const write = async (source: LogSource, lines: readonly LogLine[]) => {
    let pieces: Buffer[] = [];
    let size = 0;
    for (const line of lines)
      for (const piece of piecesOf(source, line)) {
        pieces.push(piece);
        size += piece.length;
        if (size < PIECE) continue;
        await stdout.pour(Buffer.concat(pieces));
        pieces = [];
        size = 0;
      }
    if (size > 0) await stdout.pour(Buffer.concat(pieces));
  };
  let last = Promise.resolve();
  const inTurn = (work: () => Promise<void>): Promise<void> => (last = last.then(work));
  return {
    print: (source, lines) => inTurn(() => write(source, lines)),
    end: () =>
      inTurn(async () => {
        if (open !== '' && !(noPrefix && !timestamps)) await stdout.pour(LINE_BREAK);
        open = '';
      }),
  };
}
