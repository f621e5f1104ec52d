import { compareTexts } from './text.ts';

/** A location in a manifest. Lines and columns count from 1, columns in UTF-16 code units. */
export interface Location {
  /** As given by the user: a path, or `-` for standard input. */
  readonly file: string;
  readonly line: number;
  readonly column: number;
  /** The number of columns that the marker under the source line spans; 1 if unknown. It never exceeds the line. */
  readonly length?: number;
  /** The text goes on in the next lines. */
  readonly continues?: true;
  /** The object, such as `deployment/web`, in a text that is no file of the user's: nobody sees its lines. */
  readonly object?: string;
}

/** Reading order: by file, line, then column. */
export function compareLocations(a: Location, b: Location): number {
  return compareTexts(a.file, b.file) || a.line - b.line || a.column - b.column;
}
