import { styleText } from 'node:util';
import { plainPaint, type Paint, type Tone } from '../../base/paint.ts';

export type ColourOption = 'auto' | 'always' | 'never';

/**
 * Whether output to a stream is coloured. The option takes precedence, then FORCE_COLOR, then NO_COLOR, in the order
 * of Node.js; empty variables are ignored (https://no-color.org, https://force-color.org).
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

/** Paints text for a terminal; unchanged if not enabled. */
export function terminalPaint(enabled: boolean): Paint {
  return enabled ? (tone, text) => style(FORMATS[tone], text) : plainPaint;
}

/** Colours a text by number; after the last colour the first one is used again. */
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

/** Colours that distinguish items without a meaning. Red is omitted because it means failure. */
export function terminalPalette(enabled: boolean): Palette {
  return enabled
    ? (number, text) => style(PALETTE[number % PALETTE.length] ?? 'cyan', text)
    : (_number, text) => text;
}

function style(format: Format, text: string): string {
  // The decision is already made: without this option, styleText checks whether standard output is a terminal.
  return styleText(format, text, { validateStream: false });
}
