import type { Palette } from './terminal/colour.ts';
import { displayWidth, padEnd } from './terminal/display-width.ts';

export interface LogSource {
  readonly pod: string;
  readonly container: string;
}

export interface LogLayout {
  /** Omits the prefix. */
  readonly noPrefix: boolean;
  readonly palette: Palette;
}

/** The prefix of a log line. */
export type LogPrefix = (source: LogSource, isEmpty: boolean) => string;

/**
 * Prefixes lines as in `pod container | line`. The bars are aligned, and each source has its own colour. A source
 * that is not in the list gets a prefix, too, but its bar may be further right.
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
  // Colours depend on the order of the sources, not on which logs first.
  for (const source of sources) prefixOf(nameOf(source));
  return (source, isEmpty) => `${prefixOf(nameOf(source))}${isEmpty ? '' : ' '}`;
}

function nameOf({ pod, container }: LogSource): string {
  return `${pod} ${container}`;
}
