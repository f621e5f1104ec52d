import type { Palette } from './terminal/colour.ts';
import { displayWidth, padEnd } from './terminal/display-width.ts';

export interface LogSource {
  readonly pod: string;
  readonly container: string;
}

export interface LogLayout {
  /** Lines as they are, with nothing before them. */
  readonly noPrefix: boolean;
  readonly palette: Palette;
}

/** What a line of a container's output is shown behind. */
export type LogPrefix = (source: LogSource, isEmpty: boolean) => string;

/**
 * Lines as `pod container | line`, the bars of all sources below one another, each source in a colour of
 * its own. Sources are told apart by pod and container; one that was not named beforehand is shown as well,
 * but its bar may stand further right.
 */
export function logPrefix(sources: readonly LogSource[], { noPrefix, palette }: LogLayout): LogPrefix {
  if (noPrefix) return () => '';
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
  return (source, isEmpty) => `${prefixOf(nameOf(source))}${isEmpty ? '' : ' '}`;
}

function nameOf({ pod, container }: LogSource): string {
  return `${pod} ${container}`;
}
