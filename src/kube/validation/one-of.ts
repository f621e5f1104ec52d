import type { FieldPath } from '../../base/path.ts';
import type { Finding } from './finding.ts';

/**
 * Exactly one of the fields of an object is set. An invalid field counts as set: it is already reported.
 * @param value the object at the path
 */
export function* checkOneOf(
  value: object,
  fields: readonly string[],
  path: FieldPath,
  isPruned: (path: FieldPath) => boolean,
): Iterable<Finding> {
  const [first, ...others] = fields.filter(
    (field) => Object.hasOwn(value, field) || isPruned([...path, field]),
  );
  const quoted = fields.map((field) => `'${field}'`);
  const last = quoted.pop() ?? '';
  if (first === undefined)
    yield {
      code: 'missing-field',
      path,
      at: 'key',
      message: `requires one of ${quoted.join(', ')} and ${last}`,
    };
  for (const other of others)
    yield {
      code: 'several-values',
      path: [...path, other],
      at: 'key',
      message: `'${first ?? ''}' is already set: '${first ?? ''}' and '${other}' are mutually exclusive`,
    };
}
