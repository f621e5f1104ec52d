/**
 * The characters that YAML forbids unescaped (yaml_parser_update_buffer in go.yaml.in/yaml, readerc.go: "control
 * characters are not allowed"; c-printable in YAML 1.2, section 5.1, without DEL and the C1 controls except NEL). A
 * byte order mark is valid at the start of each document.
 */
const FORBIDDEN =
  /[^\t\n\r\x20-\x7E\x85\u{A0}-\u{D7FF}\u{E000}-\u{FEFE}\u{FF00}-\u{FFFD}\u{10000}-\u{10FFFF}]/gu;

/** Most files: a set of Unicode characters takes longer to compile than a manifest to check. */
const PLAIN = /^[\t\n\r\x20-\x7E]*$/;

const BEFORE_DOCUMENT = /(?:^|\n---[ \t]*\r?\n)$/;

/** The offset of the first forbidden character; undefined for none, and for JSON, which allows more. */
export function findControlCharacter(text: string): number | undefined {
  if (PLAIN.test(text)) return undefined;
  for (const { 0: character, index } of text.matchAll(FORBIDDEN)) {
    if (character === '\uFEFF' && BEFORE_DOCUMENT.test(text.slice(Math.max(0, index - 80), index))) continue;
    return isJson(text) ? undefined : index;
  }
  return undefined;
}

/** Whether kubectl parses the text as JSON (GuessJSONStream in k8s.io/apimachinery/pkg/util/yaml). */
export function isJson(text: string): boolean {
  if (!/^\s*\{/.test(text)) return false;
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

/** Characters with a name or a short escape sequence. */
const KNOWN: ReadonlyMap<number, readonly [name: string, escape: string]> = new Map([
  [0x07, ['BEL', '\\a']],
  [0x08, ['BS', '\\b']],
  [0x0b, ['VT', '\\v']],
  [0x0c, ['FF', '\\f']],
  [0x0d, ['CR', '\\r']],
  [0x1b, ['ESC', '\\e']],
  [0x7f, ['DEL', '\\x7F']],
  [0x85, ['NEL', '\\N']],
  [0x2028, ['line separator', '\\L']],
  [0x2029, ['paragraph separator', '\\P']],
  [0xfeff, ['byte order mark', '\\uFEFF']],
]);

/** The name, such as `U+001B (ESC)`, and the escape sequence for double quotes. */
export function describeCharacter(code: number): { readonly name: string; readonly escape: string } {
  const digits = code.toString(16).toUpperCase();
  const [name, escape] = KNOWN.get(code) ?? [];
  return {
    name: `U+${digits.padStart(4, '0')}${name === undefined ? '' : ` (${name})`}`,
    escape: escape ?? (code < 0x100 ? `\\x${digits.padStart(2, '0')}` : `\\u${digits.padStart(4, '0')}`),
  };
}
