/** The meaning of a piece of text, which decides its colour. */
export type Tone = 'added' | 'changed' | 'removed' | 'error' | 'warning' | 'strong' | 'faint';

/** Styles a text according to its tone. Renderers get one as a parameter and know nothing about terminals. */
export type Paint = (tone: Tone, text: string) => string;

export const plainPaint: Paint = (_tone, text) => text;
