import type { FieldPath } from '../../base/path.ts';
import type { CheckedDocument } from '../../manifest/checked-document.ts';
import type { Finding } from './finding.ts';

/**
 * Exactly one of the fields of an object is set. An invalid field counts as set, and an unknown one may be meant as
 * one: both are already reported.
 * @param value the object at the path
 */
export function* checkOneOf(
  value: object,
  fields: readonly string[],
  path: FieldPath,
  { isPruned, hasPruned }: Pick<CheckedDocument, 'isPruned' | 'hasPruned'>,
): Iterable<Finding> {
  const [first, ...others] = fields.filter(
    (field) => Object.hasOwn(value, field) || isPruned([...path, field]),
  );
  const quoted = fields.map((field) => `'${field}'`);
  const last = quoted.pop() ?? '';
  if (first === undefined && !hasPruned(path))
    yield {
      code: 'missing-field',
      path,
      at: 'key',
      message: `requires one of ${quoted.join(', ')} or ${last}`,
    };
  for (const other of others)
    yield {
      code: 'several-values',
      path: [...path, other],
      at: 'key',
      message: `'${first ?? ''}' is already set: '${first ?? ''}' and '${other}' are mutually exclusive`,
    };
}
