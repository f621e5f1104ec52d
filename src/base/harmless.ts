const TAB = '    ';

/**
 * A text of somebody else's, fit to be shown on one line: a tab is four spaces wherever it stands, and what
 * would move the cursor, colour the screen or turn the direction of writing is replaced by a visible sign.
 */
export function harmless(text: string): string {
  return text
    .replaceAll('\t', TAB)
    .replace(/[\0-\x1f]/g, (control) => String.fromCharCode(0x2400 + control.charCodeAt(0)))
    .replaceAll('\x7f', '\u2421')
    .replace(/[\x80-\x9f\u2028\u2029\u200e\u200f\u061c\u202a-\u202e\u2066-\u2069]/g, '\ufffd');
}
