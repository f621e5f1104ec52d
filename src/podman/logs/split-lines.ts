const LINE_FEED = 0x0a;
/** What has no line break by then is handed on as it is. */
const LONGEST = 1024 * 1024;

/** A line without its line break, or a piece of one. It points into what was read, and is not to be kept for long. */
export interface Piece {
  readonly bytes: Buffer;
  /** False where it goes on with the piece before. */
  readonly begins: boolean;
  readonly ends: boolean;
}

export interface LineSplitter {
  /** The lines that are complete with these bytes, and pieces of what is too long to be held. */
  readonly push: (bytes: Buffer) => readonly Piece[];
  /** What is left behind the last line break; undefined where there is nothing. */
  readonly rest: () => Piece | undefined;
}

/**
 * Splits bytes that come in chunks at line breaks.
 * @param longest how many bytes are held at most
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
