import { formatPath, type FieldPath } from '../../../base/path.ts';
import { enumerate } from '../../../base/text.ts';
import { stableJson } from '../../../base/stable-json.ts';
import type { CheckedDocument } from '../../../manifest/checked-document.ts';
import type { Finding } from '../finding.ts';
import { isEntry, type SupportBranch, type SupportEntry } from '../../support/entry.ts';

interface FieldInUse {
  readonly path: FieldPath;
  readonly entry: SupportEntry;
}

/**
 * Reports each refused field separately, and ignored fields in one warning a reason: ten cluster-only fields
 * are one fact to know.
 */
export function* checkSupport(
  { value }: Pick<CheckedDocument, 'value'>,
  table: SupportBranch,
): Iterable<Finding> {
  const fields = [...fieldsInUse(value, table, [])].filter(({ entry }) => entry.isReported === undefined);
  for (const { path, entry } of fields)
    if (entry.support === 'refused')
      yield {
        code: entry.planned ? 'not-supported-yet' : 'not-supported',
        path,
        at: 'key',
        message: `${entry.planned ? 'not supported yet' : 'not supported'}: ${entry.why}`,
      };
  const ignored = fields.filter(({ entry }) => entry.support === 'ignored');
  for (const why of new Set(ignored.map(({ entry }) => entry.why)))
    yield* ignoredFor(
      why,
      ignored.filter(({ entry }) => entry.why === why).map(({ path }) => path),
    );
}

function* ignoredFor(why: string, [first, ...others]: readonly FieldPath[]): Iterable<Finding> {
  if (first === undefined) return;
  const also = others.length === 0 ? '' : `, also ${enumerate(others.map((path) => formatPath(path)))}`;
  yield { code: 'ignored', severity: 'warning', path: first, at: 'key', message: `ignored${also}: ${why}` };
}

/** The fields with a row in the table and a value with an effect. */
function* fieldsInUse(value: unknown, branch: SupportBranch, path: FieldPath): Iterable<FieldInUse> {
  if (Array.isArray(value)) {
    for (const [index, item] of value.entries()) yield* fieldsInUse(item, branch, [...path, index]);
  } else if (typeof value === 'object' && value !== null) {
    for (const [name, member] of Object.entries(value)) {
      const node = Object.hasOwn(branch, name) ? branch[name] : undefined;
      if (node === undefined) continue;
      if (!isEntry(node)) yield* fieldsInUse(member, node, [...path, name]);
      else if (!hasNoEffect(member, node)) yield { path: [...path, name], entry: node };
    }
  }
}

function hasNoEffect(value: unknown, entry: SupportEntry): boolean {
  if (value === '' || (Array.isArray(value) && value.length === 0)) return true;
  return entry.noEffect.some((harmless) => stableJson(harmless) === stableJson(value));
}
