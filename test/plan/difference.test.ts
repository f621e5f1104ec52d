import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Json } from '../../src/base/stable-json.ts';
import { describeDifference } from '../../src/plan/describe.ts';
import { differences } from '../../src/plan/compare/difference.ts';

function lines(before: Json, after: Json): readonly string[] {
  return differences(before, after).map(describeDifference);
}

test('the order of keys does not matter', () => {
  assert.deepEqual(lines({ a: 1, b: [{ x: 1, y: 2 }] }, { b: [{ y: 2, x: 1 }], a: 1 }), []);
});

test('a difference has the path of the changed field', () => {
  assert.deepEqual(lines({ a: { b: { c: 1, d: 2 } } }, { a: { b: { c: 1, d: 3 } } }), ['a.b.d: 2 -> 3']);
});

test('added and removed fields have one value', () => {
  assert.deepEqual(lines({ a: 1 }, { b: 'new' }), ['a: 1 -> (none)', 'b: (none) -> new']);
});

test('a missing field and an empty string differ', () => {
  assert.deepEqual(lines({}, { a: '' }), ['a: (none) -> ""']);
});

test('an added or removed object differs field by field', () => {
  assert.deepEqual(lines({}, { spec: { dnsConfig: { searches: ['a'] }, hostname: 'b' } }), [
    'spec.dnsConfig.searches: (none) -> ["a"]',
    'spec.hostname: (none) -> b',
  ]);
  assert.deepEqual(lines({ env: [{ name: 'A', value: '1' }] }, {}), ['env[A]: {value: "1"} -> (none)']);
  assert.deepEqual(lines({}, { a: {}, b: [] }), ['a: (none) -> {}', 'b: (none) -> []']);
});

test('list items are matched by name or mountPath', () => {
  const before = {
    env: [
      { name: 'A', value: '1' },
      { name: 'B', value: '2' },
    ],
    volumeMounts: [{ mountPath: '/a', name: 'x' }],
  };
  const after = {
    env: [
      { name: 'B', value: '3' },
      { name: 'A', value: '1' },
    ],
    volumeMounts: [{ mountPath: '/a', name: 'y' }],
  };
  assert.deepEqual(lines(before, after), ['env[B].value: 2 -> 3', 'volumeMounts[/a].name: x -> y']);
});

test('lists of strings and numbers differ as a whole', () => {
  assert.deepEqual(lines({ command: ['a', 'b'] }, { command: ['a', 'c'] }), [
    'command: ["a","b"] -> ["a","c"]',
  ]);
});

test('lists with duplicate names differ as a whole', () => {
  const before = [
    { name: 'A', value: '1' },
    { name: 'A', value: '2' },
  ];
  assert.equal(differences(before, [{ name: 'A', value: '1' }]).length, 1);
});

test('the order of named list items does not matter', () => {
  const [a, b] = [{ name: 'A' }, { name: 'B' }];
  assert.deepEqual(lines({ env: [a, b] }, { env: [b, a] }), []);
  assert.deepEqual(lines({ args: ['a', 'b'] }, { args: ['b', 'a'] }), ['args: ["a","b"] -> ["b","a"]']);
});

test('a different type is a difference', () => {
  assert.deepEqual(lines({ a: { b: 1 } }, { a: [1] }), ['a: {b: 1} -> [1]']);
  assert.deepEqual(lines({ a: null }, { a: {} }), ['a: null -> {}']);
});

test('values are shown with sorted keys, and truncated', () => {
  assert.deepEqual(lines({ a: { b: 1, c: 2 } }, { a: 'x' }), ['a: {b: 1, c: 2} -> x']);
  assert.deepEqual(lines({ a: 'x' }, { a: { c: 2, b: 1 } }), ['a: x -> {b: 1, c: 2}']);
  const [long = ''] = lines({ a: '' }, { a: 'x'.repeat(500) });
  assert.ok(long.length < 120);
  assert.ok(long.endsWith('…'));
});
