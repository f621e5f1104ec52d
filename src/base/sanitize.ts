/**
 * Characters that affect the terminal or the order of text instead of being visible: ASCII and Latin-1 (C1) control
 * characters, line separators, bidirectional controls (Unicode UAX #9), and zero-width characters that can hide in a
 * name. Tab, line feed and the joiners of scripts and emoji are allowed.
 */
const UNSAFE =
  /[\0-\x08\x0b-\x1f\x7f-\x9f\u061c\u200b\u200e\u200f\u2028-\u202e\u2060-\u2064\u2066-\u2069\ufeff]/;

/** The same with the flag `g`, for `replace`. */
export const ALL_UNSAFE = new RegExp(UNSAFE.source, 'g');

const TAB = '    ';

/** Whether a text has characters that affect the terminal or the order of text. */
export function isUnsafe(text: string): boolean {
  return UNSAFE.test(text);
}

/**
 * Makes foreign text safe to show on one line: a tab becomes four spaces, and each character that moves the cursor,
 * sets colours or changes the text direction becomes a visible symbol.
 */
export function sanitize(text: string): string {
  return sanitizeLines(text.replaceAll('\n', '\u240a'));
}

/** The same for several lines: line breaks are kept. */
export function sanitizeLines(text: string): string {
  return text.replaceAll('\t', TAB).replace(ALL_UNSAFE, (character) => {
    const code = character.charCodeAt(0);
    if (code < 0x20) return String.fromCharCode(0x2400 + code);
    return code === 0x7f ? '\u2421' : `<U+${code.toString(16).toUpperCase().padStart(4, '0')}>`;
  });
}

/** Replaces the same characters by `\\u` escapes, in JSON, or in YAML with quoted strings. */
export function escapeUnsafe(text: string): string {
  return text.replace(
    ALL_UNSAFE,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}
