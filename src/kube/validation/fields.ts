import type { FieldPath } from '../../base/path.ts';
import { suggestion } from '../../base/suggest.ts';
import type { Finding } from './finding.ts';

/** A required field that is missing or empty; `owner` is the path of the object that lacks it. */
export function missingField(owner: FieldPath, field: string): Finding {
  return { code: 'missing-field', path: owner, at: 'key', message: `missing required field '${field}'` };
}

/** A field that may not be set beside others; `why` is a clause that follows a colon. */
export function forbiddenField(path: FieldPath, why: string): Finding {
  return { code: 'forbidden-field', path, at: 'key', message: `must not be set: ${why}` };
}

/** A text that is not one of the choices. An unset value is valid. */
export function* checkChoice(
  value: string | undefined,
  choices: readonly string[],
  path: FieldPath,
): Iterable<Finding> {
  if (value === undefined || choices.includes(value)) return;
  const field = path.findLast((part) => typeof part === 'string') ?? 'value';
  yield {
    code: 'wrong-value',
    path,
    message: `'${value}' is not a valid ${field} (${choices.join(', ')})`,
    ...suggestion(value, choices),
  };
}

/** A number outside of a range, both ends included. An unset value is valid. */
export function* checkRange(
  value: number | undefined,
  least: number,
  most: number,
  path: FieldPath,
): Iterable<Finding> {
  if (value === undefined || (value >= least && value <= most)) return;
  const message = most === Infinity ? `must be at least ${least}` : `must be from ${least} to ${most}`;
  yield { code: 'out-of-range', path, message: `${message}, got ${value}` };
}

/** Each value of a list that an earlier item has already. */
export function* checkUnique(
  values: readonly (string | undefined)[],
  pathOf: (index: number) => FieldPath,
): Iterable<Finding> {
  const seen = new Set<string>();
  for (const [index, value] of values.entries()) {
    if (value === undefined) continue;
    if (seen.has(value))
      yield { code: 'duplicate-value', path: pathOf(index), message: `duplicate value '${value}'` };
    seen.add(value);
  }
}
