const LINE_FEED = 0x0a;
/** A longer line is passed on in parts. */
const LONGEST = 1024 * 1024;

/** A line without its line break, or a part of one. It points into the input buffer and must be used soon. */
export interface Piece {
  readonly bytes: Buffer;
  /** False if it continues the previous part. */
  readonly begins: boolean;
  readonly ends: boolean;
}

export interface LineSplitter {
  /** Returns the lines that these bytes complete, and parts of lines that are too long. */
  readonly push: (bytes: Buffer) => readonly Piece[];
  /** Returns the rest after the last line break; undefined if it is empty. */
  readonly rest: () => Piece | undefined;
}

/**
 * Splits chunks of bytes at line breaks.
 * @param longest maximum number of bytes in memory
 */
export function lineSplitter(longest = LONGEST): LineSplitter {
  let held: Buffer[] = [];
  let size = 0;
  let begins = true;
  const take = (last: Buffer, ends: boolean): Piece => {
    const piece = { bytes: held.length === 0 ? last : Buffer.concat([...held, last]), begins, ends };
    held = [];
    size = 0;
    begins = ends;
    return piece;
  };
  return {
    push: (bytes) => {
      const pieces: Piece[] = [];
      let at = 0;
      for (let end = bytes.indexOf(LINE_FEED); end !== -1; end = bytes.indexOf(LINE_FEED, at)) {
        pieces.push(take(bytes.subarray(at, end), true));
        at = end + 1;
      }
      if (at === bytes.length) return pieces;
      const last = bytes.subarray(at);
      size += last.length;
      if (size > longest) pieces.push(take(last, false));
      else held.push(last);
      return pieces;
    },
    rest: () => (held.length === 0 ? undefined : take(Buffer.alloc(0), false)),
  };
}
