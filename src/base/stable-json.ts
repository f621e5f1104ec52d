import { compareTexts } from './text.ts';

/** Anything that JSON can say. */
export type Json = string | number | boolean | null | readonly Json[] | { readonly [key: string]: Json };

/**
 * JSON with the keys of every object sorted and no white space, so that equal values are equal texts
 * whatever order they were built in. Members that are undefined are left out, as JSON.stringify does.
 */
export function stableJson(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map((member) => stableJson(member ?? null)).join(',')}]`;
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  const members = Object.entries(value)
    .filter(([, member]) => member !== undefined)
    .sort(([a], [b]) => compareTexts(a, b))
    .map(([key, member]) => `${JSON.stringify(key)}:${stableJson(member)}`);
  return `{${members.join(',')}}`;
}
