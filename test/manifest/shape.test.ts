import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fieldsOf, fieldType, isDefinition, nestedFields } from '../../src/manifest/yaml/shape.ts';

test('the fields of a definition', () => {
  assert.deepEqual(fieldsOf('ContainerPort'), [
    { name: 'containerPort', holds: 'one', of: 'int32' },
    { name: 'hostIP', holds: 'one', of: 'string' },
    { name: 'hostPort', holds: 'one', of: 'int32' },
    { name: 'name', holds: 'one', of: 'string' },
    { name: 'protocol', holds: 'one', of: 'choice' },
  ]);
  assert.deepEqual(fieldsOf('string'), []);
});

test('the type of a field', () => {
  assert.deepEqual(fieldType('PodSpec', 'containers'), { holds: 'list', of: 'Container' });
  assert.deepEqual(fieldType('ResourceRequirements', 'limits'), { holds: 'map', of: 'quantity' });
  assert.equal(fieldType('PodSpec', 'constructor'), undefined);
  assert.equal(fieldType('toString', 'length'), undefined);
});

test('every field of Pod, at every depth, once', () => {
  const fields = nestedFields('Pod');
  const paths = fields.map(({ path }) => path);
  assert.equal(new Set(paths).size, paths.length);
  assert.ok(paths.length > 1000);
  for (const path of [
    'spec',
    'spec.containers[]',
    'spec.containers[].ports[].hostPort',
    'spec.volumes[].projected.sources[].secret.items[].path',
    'metadata.labels',
  ])
    assert.ok(paths.includes(path), path);
  assert.equal(
    fields.find(({ path }) => path === 'spec.containers[].ports[].hostPort')?.definition,
    'ContainerPort',
  );
  for (const { definition } of fields) assert.ok(isDefinition(definition), definition);
});
