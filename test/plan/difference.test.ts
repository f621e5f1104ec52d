import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Json } from '../../src/base/stable-json.ts';
import { describeDifference } from '../../src/plan/describe.ts';
import { differences } from '../../src/plan/compare/difference.ts';

function lines(before: Json, after: Json): readonly string[] {
  return differences(before, after).map(describeDifference);
}

test('equal values have no difference, whatever order their keys are in', () => {
  assert.deepEqual(lines({ a: 1, b: [{ x: 1, y: 2 }] }, { b: [{ y: 2, x: 1 }], a: 1 }), []);
});

test('a difference is named as deep down as it can be', () => {
  assert.deepEqual(lines({ a: { b: { c: 1, d: 2 } } }, { a: { b: { c: 1, d: 3 } } }), ['a.b.d: 2 -> 3']);
});

test('what is there on one side only', () => {
  assert.deepEqual(lines({ a: 1 }, { b: 'new' }), ['a: 1 -> (none)', 'b: (none) -> new']);
});

test('nothing and an empty text are two things', () => {
  assert.deepEqual(lines({}, { a: '' }), ['a: (none) -> ""']);
});

test('a group of fields that is there on one side only is told field by field', () => {
  assert.deepEqual(lines({}, { spec: { dnsConfig: { searches: ['a'] }, hostname: 'b' } }), [
    'spec.dnsConfig.searches: (none) -> ["a"]',
    'spec.hostname: (none) -> b',
  ]);
  assert.deepEqual(lines({ env: [{ name: 'A', value: '1' }] }, {}), ['env[A]: {value: "1"} -> (none)']);
  assert.deepEqual(lines({}, { a: {}, b: [] }), ['a: (none) -> {}', 'b: (none) -> []']);
});

test('members of a list are matched by their name, or by where they are mounted', () => {
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

test('lists of plain values differ as a whole', () => {
  assert.deepEqual(lines({ command: ['a', 'b'] }, { command: ['a', 'c'] }), [
    'command: ["a","b"] -> ["a","c"]',
  ]);
});

test('a list in which a name comes twice differs as a whole', () => {
  const before = [
    { name: 'A', value: '1' },
    { name: 'A', value: '2' },
  ];
  assert.equal(differences(before, [{ name: 'A', value: '1' }]).length, 1);
});

test('equal members that have names mean the same in any order', () => {
  const [a, b] = [{ name: 'A' }, { name: 'B' }];
  assert.deepEqual(lines({ env: [a, b] }, { env: [b, a] }), []);
  assert.deepEqual(lines({ args: ['a', 'b'] }, { args: ['b', 'a'] }), ['args: ["a","b"] -> ["b","a"]']);
});

test('another type is a difference', () => {
  assert.deepEqual(lines({ a: { b: 1 } }, { a: [1] }), ['a: {b: 1} -> [1]']);
  assert.deepEqual(lines({ a: null }, { a: {} }), ['a: null -> {}']);
});

test('values are shown with their keys in one order, and cut where they are long', () => {
  assert.deepEqual(lines({ a: { b: 1, c: 2 } }, { a: 'x' }), ['a: {b: 1, c: 2} -> x']);
  assert.deepEqual(lines({ a: 'x' }, { a: { c: 2, b: 1 } }), ['a: x -> {b: 1, c: 2}']);
  const [long = ''] = lines({ a: '' }, { a: 'x'.repeat(500) });
  assert.ok(long.length < 120);
  assert.ok(long.endsWith('…'));
});
