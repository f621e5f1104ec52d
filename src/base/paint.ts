/** What a piece of text is, for those that show it in colour. */
export type Tone = 'added' | 'changed' | 'removed' | 'error' | 'warning' | 'note' | 'strong' | 'faint';

/** Gives a text the look of its tone. Whoever renders text is handed one and never knows of terminals. */
export type Paint = (tone: Tone, text: string) => string;

export const plainPaint: Paint = (_tone, text) => text;
