import type { Json } from '../../base/stable-json.ts';
import { textOf } from '../../plan/compare/manifest-form/values.ts';

/** A line of `describe`. */
export interface Line {
  readonly depth: number;
  /** Set for `NAME: TEXT`, whose texts are aligned. */
  readonly name?: string;
  readonly text: string;
}

export const NONE = '<none>';

export function field(name: string, text: string, depth = 0): Line {
  return { depth, name, text };
}

/** Several values of a field, one a line; `<none>` without any. */
export function list(name: string, values: readonly string[], depth = 0): readonly Line[] {
  const [first = NONE, ...others] = values;
  return [field(name, first, depth), ...others.map((text): Line => ({ depth, name: '', text }))];
}

/** A time in the format of kubectl: `Sat, 28 Nov 2026 17:00:00 +0000`. */
export function dateWords(time: Json | undefined): string {
  const date = new Date(textOf(time));
  return Number.isNaN(date.getTime()) ? textOf(time) : date.toUTCString().replace('GMT', '+0000');
}
