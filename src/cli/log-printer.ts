import type { LogSource, OnLogLine } from '../apply/follow-logs.ts';
import { terminalPalette } from '../report/colour.ts';
import { logFormatter } from '../report/logs.ts';
import { flag, type Session } from './session.ts';

/** Prints lines of containers to standard output, each behind the names of its pod and container. */
export function logPrinter(session: Session, sources: readonly LogSource[]): OnLogLine {
  const { world, values } = session;
  const format = logFormatter(sources, {
    noPrefix: flag(values, 'no-prefix'),
    palette: terminalPalette(session.colourOut),
  });
  return (source, line) => {
    world.stdout.write(`${format(source, line)}\n`);
  };
}
