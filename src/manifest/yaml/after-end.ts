/** Content between a line `...`, which ends a document, and the next line `---`. */
export interface AfterEnd {
  /** The offset of the `...`. */
  readonly mark: number;
  readonly start: number;
  readonly end: number;
  /** Whether it has more than comments and directives. */
  readonly hasContent: boolean;
}

/**
 * Finds content after a line `...`. kubectl cuts a file only at its `---` lines (k8s.io/apimachinery/pkg/util/yaml,
 * decoder.go), and reads the first document of each part (go.yaml.in/yaml/v2, Unmarshal): it neither reads nor checks
 * the rest.
 */
export function findAfterEnd(text: string): readonly AfterEnd[] {
  if (!text.includes('\n...')) return [];
  const found: AfterEnd[] = [];
  for (const { 0: part, index } of text.matchAll(PART)) {
    const mark = END.exec(part);
    if (mark === null || !hasContent(part.slice(0, mark.index))) continue;
    const at = index + mark.index + 1;
    const [start, end] = [at + '...'.length, index + part.length];
    found.push({ mark: at, start, end, hasContent: hasContent(text.slice(start, end)) });
  }
  return found;
}

/** The text with blanks in place of some parts, so that all offsets stay. */
export function withoutParts(
  text: string,
  parts: readonly { readonly start: number; readonly end: number }[],
): string {
  let [result, at] = ['', 0];
  for (const { start, end } of parts) {
    result += text.slice(at, start) + text.slice(start, end).replace(/[^\r\n]/g, ' ');
    at = end;
  }
  return result + text.slice(at);
}

/** The lines up to the next `---`. */
const PART = /(?:(?<=^|\n)(?!---)[^\n]*(?:\n|$))+/g;

const END = /\n\.\.\.(?=\s|$)/;

function hasContent(text: string): boolean {
  return text.split('\n').some((line) => !/^\s*(?:[#%].*)?$/.test(line));
}
