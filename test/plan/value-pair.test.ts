import assert from 'node:assert/strict';
import { test } from 'node:test';
import { valuePair } from '../../src/plan/compare/value-pair.ts';

const long = 'abcdefghij'.repeat(30);

test('short values are shown in full', () => {
  assert.deepEqual(valuePair('a b', 'c'), ['"a b"', 'c']);
  assert.deepEqual(valuePair(undefined, { a: 1 }), ['(none)', '{a: 1}']);
  assert.deepEqual(valuePair({ b: 'x y', a: '80', c: ['p', 'q'], d: { e: 'f', 'g ': 'true' } }, {}), [
    '{a: "80", b: "x y", c: ["p","q"], d: {e: f, "g ": "true"}}',
    '{}',
  ]);
});

test('the first difference of long values is shown', () => {
  assert.deepEqual(valuePair(`${long}X${long}`, `${long}YZ${long}`), [
    '…abcdefghijabcdefghijXabcdefghijabcdefghij…',
    '…abcdefghijabcdefghijYZabcdefghijabcdefghij…',
  ]);
  assert.deepEqual(valuePair(`X${long}`, `Y${long}`), [`Xabcdefghijabcdefghij…`, `Yabcdefghijabcdefghij…`]);
  assert.deepEqual(valuePair(`${long}X`, long), ['…abcdefghijabcdefghijX', '…abcdefghijabcdefghij']);
  assert.deepEqual(valuePair([long, 'a'], [long, 'b']), [
    '…defghijabcdefghij","a"]',
    '…defghijabcdefghij","b"]',
  ]);
});

test('each value has at most 100 characters', () => {
  for (const [before, after] of [
    [`${long}${'x'.repeat(500)}${long}`, `${long}${'y'.repeat(300)}${long}`],
    [long, undefined],
    [long, `${long}${long}`],
  ])
    for (const side of valuePair(before, after)) assert.ok(Array.from(side).length <= 100, side);
});

test('surrogate pairs are not split', () => {
  const [before] = valuePair(`${'😀'.repeat(100)}a`, `${'😀'.repeat(100)}b`);
  assert.equal(before, `…${'😀'.repeat(20)}a"`);
});
