import { compareTexts } from './text.ts';

/** A place in a text that the user wrote. Lines and columns count from 1, columns in UTF-16 code units. */
export interface Location {
  /** As the user named it: a path, or `-` for standard input. */
  readonly file: string;
  readonly line: number;
  readonly column: number;
  /** How many columns the marker under the source line spans; 1 when unknown. Never beyond the line. */
  readonly length?: number;
}

/** The order in which a person reads: by file, then line, then column. */
export function compareLocations(a: Location, b: Location): number {
  return compareTexts(a.file, b.file) || a.line - b.line || a.column - b.column;
}
