import type { LogSource, OnLogLines } from '../engine/follow-logs.ts';
import type { LogLine } from '../podman/logs/join-lines.ts';
import { terminalPalette } from './terminal/colour.ts';
import { logPrefix } from './logs.ts';
import { flag, type Session } from '../cli/session.ts';
import type { Terminal } from '../platform/platform.ts';

/** What of a session it takes to print logs. */
export interface LogSession extends Pick<Session, 'values' | 'colourOut'> {
  readonly platform: { readonly stdout: Pick<Terminal, 'pour'> };
}

export interface LogPrinter {
  readonly print: OnLogLines;
  /** Ends a last line that has no end of its own, unless lines are to be as they are. */
  readonly end: () => Promise<void>;
}

/** So many bytes are written at once at most. */
const PIECE = 64 * 1024;
const LINE_BREAK = Buffer.of(0x0a);

/**
 * Prints lines of containers to standard output, each behind the names of its pod and container, their bytes as they are.
 * The lines of several containers take turns, and each waits until whoever reads has taken them. A line that has no end yet
 * goes on where it stopped if nothing else was printed in between.
 */
export function logPrinter(session: LogSession, sources: readonly LogSource[]): LogPrinter {
  const { platform, values } = session;
  const noPrefix = flag(values, 'no-prefix');
  const hasTimes = flag(values, 'timestamps');
  const prefix = logPrefix(sources, { noPrefix, palette: terminalPalette(session.colourOut) });
  /** Whose line stands there without an end. */
  let open = '';
  const piecesOf = (source: LogSource, line: LogLine): readonly Buffer[] => {
    const who = `${line.stream} ${source.name}`;
    const goesOn = open === who && !line.begins;
    const time = hasTimes && line.time !== '' ? `${line.time} ` : '';
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
        await platform.stdout.pour(Buffer.concat(pieces));
        pieces = [];
        size = 0;
      }
    if (size > 0) await platform.stdout.pour(Buffer.concat(pieces));
  };
  let last = Promise.resolve();
  const inTurn = (work: () => Promise<void>): Promise<void> => (last = last.then(work));
  return {
    print: (source, lines) => inTurn(() => write(source, lines)),
    end: () =>
      inTurn(async () => {
        if (open !== '' && !(noPrefix && !hasTimes)) await platform.stdout.pour(LINE_BREAK);
        open = '';
      }),
  };
}
