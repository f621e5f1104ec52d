import type { Palette } from './colour.ts';
import { displayWidth, padEnd } from './display-width.ts';

export interface LogSource {
  readonly pod: string;
  readonly container: string;
}

export interface LogLayout {
  /** Lines as they are, with nothing before them. */
  readonly noPrefix: boolean;
  readonly palette: Palette;
}

/** Gives a line of a container's output the form in which it is shown. */
export type LogFormatter = (source: LogSource, line: string) => string;

/**
 * Lines as `pod container | line`, the bars of all sources below one another, each source in a colour of
 * its own. Sources are told apart by pod and container; one that was not named beforehand is shown as well,
 * but its bar may stand further right.
 */
export function logFormatter(sources: readonly LogSource[], { noPrefix, palette }: LogLayout): LogFormatter {
  if (noPrefix) return (_source, line) => line;
  const width = Math.max(0, ...sources.map((source) => displayWidth(nameOf(source))));
  const prefixes = new Map<string, string>();
  const prefixOf = (name: string) => {
    const known = prefixes.get(name);
    if (known !== undefined) return known;
    const prefix = palette(prefixes.size, `${padEnd(name, width)} |`);
    prefixes.set(name, prefix);
    return prefix;
  };
  // The colours go by the order of the sources and not by which of them speaks first.
  for (const source of sources) prefixOf(nameOf(source));
  return (source, line) => (line === '' ? prefixOf(nameOf(source)) : `${prefixOf(nameOf(source))} ${line}`);
}

function nameOf({ pod, container }: LogSource): string {
  return `${pod} ${container}`;
}
