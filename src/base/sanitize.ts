/**
 * Characters that act on a terminal or on the order of text instead of being shown: control characters of ASCII and of
 * Latin-1 (C1), line separators, what turns the direction of writing (Unicode UAX #9), and what has no width and no use but
 * to hide, such as the zero width space in a name that looks right. Tab, line feed and the joiners of scripts and emoji are
 * not among them.
 */
const UNSAFE =
  /[\0-\x08\x0b-\x1f\x7f-\x9f\u061c\u200b\u200e\u200f\u2028-\u202e\u2060-\u2064\u2066-\u2069\ufeff]/;

/** The same, each of them: for `replace`. */
export const ALL_UNSAFE = new RegExp(UNSAFE.source, 'g');

const TAB = '    ';

/** Whether a text has characters in it that act on a terminal or on the order of text. */
export function isUnsafe(text: string): boolean {
  return UNSAFE.test(text);
}

/**
 * Somebody else's text, fit to be shown on one line: a tab is four spaces wherever it stands, and each character that would
 * move the cursor, colour the screen or turn the direction of writing is replaced by a visible sign.
 */
export function sanitize(text: string): string {
  return sanitizeLines(text.replaceAll('\n', '\u240a'));
}

/** The same for a text of several lines: line breaks stay. */
export function sanitizeLines(text: string): string {
  return text.replaceAll('\t', TAB).replace(ALL_UNSAFE, (character) => {
    const code = character.charCodeAt(0);
    if (code < 0x20) return String.fromCharCode(0x2400 + code);
    return code === 0x7f ? '\u2421' : `<U+${code.toString(16).toUpperCase().padStart(4, '0')}>`;
  });
}

/** A JSON text, or a YAML text whose strings are quoted where they need it, with the same characters as `\\u` escapes. */
export function escapeUnsafe(text: string): string {
  return text.replace(
    ALL_UNSAFE,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}
