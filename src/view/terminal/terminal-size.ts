import type { ProgressTerminal } from '../progress/types.ts';

/** The size of a terminal that does not report one. */
const DEFAULT_WIDTH = 80;
const DEFAULT_HEIGHT = 24;

export function widthOf({ columns }: ProgressTerminal): number {
  return columns > 0 ? columns : DEFAULT_WIDTH;
}

export function heightOf({ rows = 0 }: ProgressTerminal): number {
  return rows > 0 ? rows : DEFAULT_HEIGHT;
}
