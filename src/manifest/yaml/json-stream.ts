/** A part of a text that is read on its own. */
export interface TextPart {
  readonly text: string;
  /** Its offset in the text. */
  readonly start: number;
  readonly isJson: boolean;
}

/**
 * The JSON objects at the start of a text, one after the other, and the rest as YAML: kubectl reads a text that begins
 * with `{` as a stream of JSON as far as it is (YAMLOrJSONDecoder in k8s.io/apimachinery/pkg/util/yaml).
 */
export function jsonParts(text: string): readonly TextPart[] {
  const parts: TextPart[] = [];
  let start = 0;
  while (/^\s*\{/.test(text.slice(start, start + 4096))) {
    const end = endOfObject(text, start);
    if (end === undefined || !isJson(text.slice(start, end))) break;
    parts.push({ text: text.slice(start, end), start, isJson: true });
    start = end;
  }
  const rest = text.slice(start);
  return parts.length > 0 && rest.trim() === '' ? parts : [...parts, { text: rest, start, isJson: false }];
}

/** Whether a text has nothing but objects in JSON. */
export function isJsonStream(text: string): boolean {
  return jsonParts(text).every((part) => part.isJson);
}

/** The offset after the closing brace; undefined for none. */
function endOfObject(text: string, start: number): number | undefined {
  let depth = 0;
  for (const { 0: token, index } of text.slice(start).matchAll(/"(?:[^"\\]|\\.)*"|[{}]/gs)) {
    if (token === '{') depth += 1;
    else if (token === '}') depth -= 1;
    if (depth === 0 && token === '}') return start + index + 1;
  }
  return undefined;
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}
