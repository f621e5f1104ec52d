import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readManifests } from '../../src/manifest/read-manifests.ts';
import { codes, faults, helps, only, pod } from './faults.ts';

const rest = 'metadata: {name: a}\nspec: {containers: [{name: a, image: b}]}\n';

for (const [name, head, expected] of [
  ['misspelt-kind', 'apiVersion: v1\nkind: pod', ["2:7 kind: unknown kind 'pod', did you mean 'Pod'?"]],
  [
    'misspelt-kind-of-another',
    'apiVersion: v1\nkind: Deploymnet',
    ["2:7 kind: unknown kind 'Deploymnet', did you mean 'Deployment'?"],
  ],
  ['unknown-kind', 'apiVersion: v1\nkind: Spaceship', ["2:7 kind: unknown kind 'Spaceship'"]],
  ['workload', 'apiVersion: apps/v1\nkind: Deployment', ["2:7 kind: kind 'Deployment' is not supported yet"]],
  ['later-kind', 'apiVersion: v1\nkind: Service', ["2:7 kind: kind 'Service' is not supported yet"]],
  ['no-kind', 'apiVersion: v1', ["1:1 missing required field 'kind'"]],
  ['no-api-version', 'kind: Pod', ["1:1 missing required field 'apiVersion'"]],
  [
    'wrong-api-version',
    'apiVersion: v2\nkind: Pod',
    ["1:13 apiVersion: a Pod has no apiVersion 'v2', did you mean 'v1'?"],
  ],
  [
    'api-version-of-a-wrong-type',
    'apiVersion: 1\nkind: Pod',
    ["1:13 apiVersion: a Pod has no apiVersion number 1, did you mean 'v1'?"],
  ],
  ['kind-of-a-wrong-type', 'apiVersion: v1\nkind: [Pod]', ['2:7 kind: must be a string, got a list']],
  [
    'misspelt-names',
    'apiversion: v1\nKind: Pod',
    [
      "1:1 unknown field 'apiversion', did you mean 'apiVersion'?",
      "2:1 unknown field 'Kind', did you mean 'kind'?",
    ],
  ],
] as const)
  test(`kinds: ${name}`, () => {
    assert.deepEqual(faults(`${head}\n${rest}`), expected);
  });

for (const [name, head, expected] of [
  ['misspelt', 'apiVersion: v1\nkind: pod', ['unknown-kind', 'unknown-field']],
  ['forgotten', 'apiVersion: v1', ['missing-field', 'unknown-field']],
] as const)
  test(`an object of a ${name} kind is still checked`, () => {
    const manifest = `${head}\n${rest.replace('image', 'imag')}`;
    assert.deepEqual(codes(manifest), expected);
    assert.equal(only(manifest).value.kind, 'Pod');
    assert.equal(only(manifest).complete, undefined);
  });

test('what is taken is said where a kind is not', () => {
  assert.deepEqual(helps(`apiVersion: v1\nkind: Service\n${rest}`), [
    'podpose takes Pod, ConfigMap, Secret, PersistentVolumeClaim, PersistentVolume.',
  ]);
});

test('a List is its items, each at its place', () => {
  const manifest = [
    'apiVersion: v1',
    'kind: List',
    'items:',
    '- apiVersion: v1',
    '  kind: Pod',
    '  metadata: {name: a}',
    '  spec:',
    '    containers: [{name: a, image: b}]',
    '- apiVersion: v1',
    '  kind: Pod',
    '  metadata: {name: b}',
    '  spec:',
    '    containers: [{name: a, image: b, tty: 1}]',
  ].join('\n');
  const { documents, diagnostics } = readManifests([{ file: 'list.yaml', text: manifest }]);
  assert.deepEqual(
    documents.map(({ value }) => value.metadata?.name),
    ['a', 'b'],
  );
  assert.deepEqual(
    documents.map(({ locate }) => locate(['metadata', 'name']).line),
    [6, 11],
  );
  assert.deepEqual(
    diagnostics.map(({ path, location }) => [path, location?.line]),
    [['spec.containers[0].tty', 13]],
  );
  assert.ok(documents[0]?.complete !== undefined);
  assert.equal(documents[1]?.complete, undefined);
});

test('the items of a PodList need not say what they are', () => {
  const manifest = `{"apiVersion": "v1", "kind": "PodList", "items": [{"metadata": {"name": "a"}, "spec": {"containers": []}}]}`;
  assert.deepEqual(faults(manifest), []);
  assert.equal(only(manifest).complete?.kind, 'Pod');
});

test('a List without items', () => {
  assert.deepEqual(faults('apiVersion: v1\nkind: List'), ['1:1 items: a List must have a list here']);
});

test('documents and files keep their order, and one bad file spoils no other', () => {
  const named = (name: string): string => pod({}).replace('one', name);
  const { documents, diagnostics } = readManifests([
    { file: 'b.yaml', text: `${named('b1')}---\n${named('b2')}` },
    { file: 'broken.yaml', text: '[' },
    {
      file: 'a.json',
      text: JSON.stringify({
        apiVersion: 'v1',
        kind: 'Pod',
        metadata: { name: 'a' },
        spec: { containers: [] },
      }),
    },
  ]);
  assert.deepEqual(
    documents.map(({ value, file }) => [value.metadata?.name, file]),
    [
      ['b1', 'b.yaml'],
      ['b2', 'b.yaml'],
      ['a', 'a.json'],
    ],
  );
  assert.deepEqual(
    diagnostics.map(({ location }) => location?.file),
    ['broken.yaml'],
  );
});
