import { styleText } from 'node:util';
import { plainPaint, type Paint, type Tone } from '../../base/paint.ts';

export type ColourOption = 'auto' | 'always' | 'never';

/**
 * Whether text for a stream is to be coloured. What was said on the command line counts most; then FORCE_COLOR, then
 * NO_COLOR, in the order in which Node itself reads them; both count only when not empty
 * (https://no-color.org, https://force-color.org).
 */
export function decideColour(
  option: ColourOption,
  env: Readonly<Record<string, string | undefined>>,
  isTTY: boolean,
): boolean {
  if (option !== 'auto') return option === 'always';
  const force = env['FORCE_COLOR'] ?? '';
  if (force !== '') return force !== '0' && force !== 'false';
  if ((env['NO_COLOR'] ?? '') !== '') return false;
  return isTTY && env['TERM'] !== 'dumb';
}

type Format = Parameters<typeof styleText>[0];

const FORMATS: Readonly<Record<Tone, Format>> = {
  added: 'green',
  changed: 'yellow',
  removed: 'red',
  error: ['bold', 'red'],
  warning: ['bold', 'yellow'],
  note: ['bold', 'cyan'],
  strong: 'bold',
  faint: 'dim',
};

/** The looks of a terminal; no looks at all when not enabled. */
export function terminalPaint(enabled: boolean): Paint {
  return enabled ? (tone, text) => style(FORMATS[tone], text) : plainPaint;
}

/** Gives a text the colour of its number; numbers past the last colour begin again with the first. */
export type Palette = (number: number, text: string) => string;

const PALETTE = [
  'cyan',
  'yellow',
  'green',
  'magenta',
  'blue',
  'cyanBright',
  'yellowBright',
  'greenBright',
] as const;

/**
 * Colours that tell things apart and say nothing about them. Red is not among them: it would look like a
 * failure.
 */
export function terminalPalette(enabled: boolean): Palette {
  return enabled
    ? (number, text) => style(PALETTE[number % PALETTE.length] ?? 'cyan', text)
    : (_number, text) => text;
}

function style(format: Format, text: string): string {
  // Left to itself, styleText asks standard output whether it is a terminal; it has been decided before.
  return styleText(format, text, { validateStream: false });
}
