/**
 * The width of a text in terminal columns: two for East Asian wide characters and emoji, none for combining marks.
 * The text must not contain escape sequences.
 * https://www.unicode.org/reports/tr11/
 */
export function displayWidth(text: string): number {
  if (isPlain(text)) return text.length;
  return charactersOf(text).reduce((width, character) => width + characterWidth(character), 0);
}

/** Shortens a text to a width at its end; `…` replaces the rest. */
export function cutEnd(text: string, columns: number): string {
  return fit(text, columns, false);
}

/** Shortens a text to a width at its start; `…` replaces the rest. */
export function cutStart(text: string, columns: number): string {
  return fit(text, columns, true);
}

function fit(text: string, columns: number, fromTheEnd: boolean): string {
  if (displayWidth(text) <= columns) return text;
  if (columns < 1) return '';
  if (isPlain(text))
    return fromTheEnd ? `…${text.slice(text.length - columns + 1)}` : `${text.slice(0, columns - 1)}…`;
  const characters = charactersOf(text);
  if (fromTheEnd) characters.reverse();
  const kept: string[] = [];
  let width = 1;
  for (const character of characters) {
    width += characterWidth(character);
    if (width > columns) break;
    kept.push(character);
  }
  return fromTheEnd ? `…${kept.reverse().join('')}` : `${kept.join('')}…`;
}

/** Pads a text with spaces to a width. */
export function padEnd(text: string, columns: number): string {
  return text + ' '.repeat(Math.max(0, columns - displayWidth(text)));
}

function isPlain(text: string): boolean {
  return /^[\x20-\x7e]*$/.test(text);
}

/** The grapheme clusters of a text: a letter with its accents, a flag, an emoji sequence. */
function charactersOf(text: string): string[] {
  return Array.from(new Intl.Segmenter().segment(text), ({ segment }) => segment);
}

/** Blocks that Unicode defines as Wide or Fullwidth: Hangul, CJK, kana, Yi and the fullwidth forms. */
const WIDE =
  /^[\u1100-\u115f\u2e80-\u303e\u3041-\ua4cf\ua960-\ua97c\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff01-\uff60\uffe0-\uffe6\u{1b000}-\u{1b2ff}\u{20000}-\u{3fffd}]/u;
const INVISIBLE = /^[\p{Mark}\p{Control}\p{Format}\p{Default_Ignorable_Code_Point}]+$/u;
/** Emoji by default or because of a variation selector. */
const PICTURE = /^\p{Emoji_Presentation}|^\p{Emoji}\ufe0f/u;

function characterWidth(character: string): number {
  if (isPlain(character)) return 1;
  if (INVISIBLE.test(character)) return 0;
  return WIDE.test(character) || PICTURE.test(character) ? 2 : 1;
}
