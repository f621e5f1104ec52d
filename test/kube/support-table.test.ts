import { isKind } from '../../src/manifest/kinds.ts';
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { isEntry, type SupportBranch } from '../../src/kube/support/entry.ts';
import { podTable } from '../../src/kube/support/pod-table.ts';
import { fieldsOf, isDefinition } from '../../src/manifest/yaml/shape.ts';
import { supportRows, supportTables } from '../../src/kube/support/support-table.ts';

/** How the table and the fields of a definition differ, as sentences. */
function differences(branch: SupportBranch, definition: string, path: string): readonly string[] {
  const fields = fieldsOf(definition);
  const unknown = Object.keys(branch)
    .filter((name) => !fields.some((field) => field.name === name))
    .map((name) => `${path}${name} is not in the schema`);
  const known = fields.flatMap(({ name, holds, of: inner }) => {
    const field = path + name;
    const isObject = holds !== 'map' && isDefinition(inner);
    const node = branch[name];
    if (node === undefined) return [`${field} is not in the table`];
    if (!isEntry(node)) return isObject ? differences(node, inner, `${field}.`) : [`${field} has no fields`];
    // A row for a used object would also be one for the fields that a later Kubernetes adds to it.
    return isObject && node.support === 'used' && node.like === undefined
      ? [`${field} is used as a whole, with whatever is in it`]
      : [];
  });
  return [...unknown, ...known];
}

for (const [kind, table] of Object.entries(supportTables))
  test(`the support table has a row for every field of a ${kind}, and for nothing else`, () => {
    assert.deepEqual(differences(table, kind, ''), []);
  });

test('a field without a row is detected', () => {
  const { spec, ...withoutSpec } = podTable;
  assert.deepEqual(differences(withoutSpec, 'Pod', ''), ['spec is not in the table']);
  assert.ok(spec !== undefined && !isEntry(spec));
  const { containers, ...withoutContainers } = spec;
  assert.ok(containers !== undefined);
  assert.deepEqual(differences({ ...podTable, spec: withoutContainers }, 'Pod', ''), [
    'spec.containers is not in the table',
  ]);
});

test('a row without a field is detected', () => {
  assert.deepEqual(differences({ ...podTable, spek: { support: 'used' } as never }, 'Pod', ''), [
    'spek is not in the schema',
  ]);
});

test('every row has a reason of one clause', () => {
  const kinds = Object.keys(supportTables).filter(isKind);
  for (const { field, entry } of kinds.flatMap((kind) => supportRows(kind))) {
    assert.match(entry.why, /^\S.*[^.\s]$/, field);
    assert.ok(entry.why.length <= 120, field);
  }
});
