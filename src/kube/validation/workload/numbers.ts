import type { FieldPath } from '../../../base/path.ts';
import { checkRange } from '../fields.ts';
import type { Finding } from '../finding.ts';

/** Fields that must not be negative. Unset ones are valid. */
export function* checkNotNegative<Field extends string>(
  owner: { readonly [Key in Field]?: number | undefined },
  fields: readonly Field[],
  path: FieldPath,
): Iterable<Finding> {
  for (const field of fields) yield* checkRange(owner[field], 0, Infinity, [...path, field]);
}

/** A number of pods, or a percentage of them. */
export type IntOrPercent = number | string;

/**
 * Checks a number of pods that is not negative, or a percentage (ValidatePositiveIntOrPercent in
 * pkg/apis/apps/validation). `mostPercent` is the largest percentage.
 */
export function* checkIntOrPercent(
  value: IntOrPercent | undefined,
  mostPercent: number,
  path: FieldPath,
): Iterable<Finding> {
  if (typeof value === 'number') yield* checkRange(value, 0, Infinity, path);
  else if (value !== undefined && amountOf(value) === undefined) yield invalidPercentage(value, path);
  else if (value !== undefined && Number(amountOf(value)) > mostPercent)
    yield { code: 'out-of-range', path, message: `must be at most ${mostPercent}%, got ${value}` };
}

function invalidPercentage(value: string, path: FieldPath): Finding {
  return {
    code: 'wrong-value',
    path,
    message: `'${value}' is not a number or a percentage`,
    help: "Write a whole number without quotes, or a percentage such as '25%'.",
  };
}

/** The number, or the number before `%`; undefined for a text that is no percentage. */
export function amountOf(value: IntOrPercent): number | undefined {
  if (typeof value === 'number') return value;
  return /^[0-9]+%$/.test(value) ? Number(value.slice(0, -1)) : undefined;
}

/** A list of at most so many items. */
export function* checkCount(items: readonly unknown[], most: number, path: FieldPath): Iterable<Finding> {
  if (items.length > most)
    yield {
      code: 'out-of-range',
      path,
      at: 'key',
      message: `must have at most ${most} items, got ${items.length}`,
    };
}
