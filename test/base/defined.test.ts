import assert from 'node:assert/strict';
import { test } from 'node:test';
import { defined } from '../../src/base/defined.ts';
import { compareTexts, count, shortId } from '../../src/base/text.ts';

test('undefined members are omitted, and the others keep their order', () => {
  const maybe: number | undefined = [1].find((number) => number > 1);
  const object: { readonly b: null; readonly a?: number; readonly z: string } = defined({
    b: null,
    a: maybe,
    z: '',
  });
  assert.equal(JSON.stringify(object), '{"b":null,"z":""}');
  assert.ok(!('a' in object));
});

test('texts are ordered by code units, nouns counted, and IDs shortened', () => {
  assert.deepEqual(['b', 'B', 'a', 'a'].sort(compareTexts), ['B', 'a', 'a', 'b']);
  assert.deepEqual([count(1, 'pod'), count(0, 'pod')], ['1 pod', '0 pods']);
  assert.equal(shortId(`sha256:${'0123456789abcdef'.repeat(4)}`), '0123456789ab');
});
