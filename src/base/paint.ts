/** What a piece of text is, for those that show it in colour. */
export type Tone = 'added' | 'changed' | 'removed' | 'error' | 'warning' | 'note' | 'strong' | 'faint';

/** Styles a text according to its tone. Renderers get one as a parameter and know nothing about terminals. */
export type Paint = (tone: Tone, text: string) => string;

export const plainPaint: Paint = (_tone, text) => text;
