const LINE_FEED = 0x0a;

export interface LineSplitter {
  /** The lines that are complete with these bytes, without their line breaks. */
  readonly push: (bytes: Buffer) => readonly Buffer[];
  /** What is left behind the last line break. */
  readonly rest: () => Buffer;
}

/** Splits bytes that come in pieces at line breaks. What it gives points into the pieces, and is not to be kept for long. */
export function lineSplitter(): LineSplitter {
  let held: Buffer[] = [];
  return {
    push: (bytes) => {
      const lines: Buffer[] = [];
      let begin = 0;
      for (let end = bytes.indexOf(LINE_FEED); end !== -1; end = bytes.indexOf(LINE_FEED, begin)) {
        const line = bytes.subarray(begin, end);
        lines.push(held.length === 0 ? line : Buffer.concat([...held, line]));
        held = [];
        begin = end + 1;
      }
      if (begin < bytes.length) held.push(bytes.subarray(begin));
      return lines;
    },
    rest: () => {
      const rest = Buffer.concat(held);
      held = [];
      return rest;
    },
  };
}
