/**
 * Characters that affect the terminal or the order of text instead of being visible: ASCII and Latin-1 (C1) control
 * characters, line separators, bidirectional controls (Unicode UAX #9), and zero-width characters that can hide in a
 * name. Tab, line feed and the joiners of scripts and emoji are allowed.
 */
const ACTING =
  /[\0-\x08\x0b-\x1f\x7f-\x9f\u061c\u200b\u200e\u200f\u2028-\u202e\u2060-\u2064\u2066-\u2069\ufeff]/u;

/**
 * Characters that a font shows as nothing, such as tags (U+E0000 to U+E007F), fillers and the soft hyphen: a text can be
 * hidden in them. Two joiners and the selectors of emoji and text style are left out, which ordinary text needs.
 * Default_Ignorable_Code_Point in DerivedCoreProperties.txt of Unicode.
 */
const INVISIBLE = /(?![\u200c\u200d\ufe0e\ufe0f])\p{Default_Ignorable_Code_Point}/u;

const UNSAFE = new RegExp(`${ACTING.source}|${INVISIBLE.source}`, 'u');

/** The same with the flag `g`, for `replace`. */
export const ALL_UNSAFE = new RegExp(UNSAFE.source, 'gu');

const ALL_ACTING = new RegExp(ACTING.source, 'gu');

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
  return withSigns(text, ALL_UNSAFE);
}

/** A line that a program printed. What has no width is its own business: log viewers show it as it is. */
export function sanitizeOutput(line: string): string {
  return withSigns(line.replaceAll('\n', '\u240a'), ALL_ACTING);
}

function withSigns(text: string, characters: RegExp): string {
  return text.replaceAll('\t', TAB).replace(characters, (character) => {
    const code = codeOf(character);
    if (code < 0x20) return String.fromCharCode(0x2400 + code);
    return code === 0x7f ? '\u2421' : `<U+${code.toString(16).toUpperCase().padStart(4, '0')}>`;
  });
}

/** Replaces the same characters by `\\u` escapes, in JSON. */
export function escapeUnsafe(text: string): string {
  return text.replace(ALL_UNSAFE, (character) =>
    Array.from({ length: character.length }, (_, unit) => shortEscape(character.charCodeAt(unit))).join(''),
  );
}

/** A YAML text, whose strings are in double quotes where they need it, with the same characters as escapes. */
export function escapeUnsafeYaml(text: string): string {
  return text.replace(ALL_UNSAFE, (character) => {
    const code = codeOf(character);
    return code > 0xffff ? `\\U${code.toString(16).padStart(8, '0')}` : shortEscape(code);
  });
}

function codeOf(character: string): number {
  return character.codePointAt(0) ?? 0;
}

function shortEscape(unit: number): string {
  return `\\u${unit.toString(16).padStart(4, '0')}`;
}
