import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  decodeRevisions,
  encodeRevisions,
  REVISIONS_LABEL,
  type RevisionRecord,
} from '../../src/podman/revisions-record.ts';

function template(size: number) {
  return { spec: { containers: [{ name: 'app', image: 'busybox', args: ['x'.repeat(size)] }] } };
}

function record(sizes: readonly number[], own = 10): RevisionRecord {
  return {
    revision: sizes.length + 1,
    template: template(own),
    deadlineSeconds: 600,
    changeCause: 'a new image',
    earlier: sizes.map((size, index) => ({ revision: index + 1, template: template(size) })),
  };
}

function decoded(text: string | undefined) {
  return decodeRevisions(text === undefined ? {} : { [REVISIONS_LABEL]: text });
}

test('a record of revisions is decoded as it was encoded', () => {
  for (const one of [record([]), record([1, 2, 3])]) assert.deepEqual(decoded(encodeRevisions(one)), one);
});

test('a long record loses its oldest revisions', () => {
  const found = decoded(encodeRevisions(record([20_000, 20_000, 20_000])));
  assert.deepEqual(
    found?.earlier.map(({ revision }) => revision),
    [2, 3],
  );
  assert.deepEqual(decoded(encodeRevisions(record([10], 60_000)))?.earlier, []);
});

test('a template that fits no label is not recorded', () => {
  assert.equal(encodeRevisions(record([], 131_000)), undefined);
});

test('a label that somebody has edited is no record', () => {
  for (const text of [
    '',
    '{',
    '[]',
    '{}',
    '{"revision":1}',
    '{"revision":"1","template":{},"deadlineSeconds":1}',
  ])
    assert.equal(decoded(text), undefined, text);
  const text = '{"revision":2,"template":{},"deadlineSeconds":1,"earlier":[7,{"revision":1,"template":{}}]}';
  assert.deepEqual(decoded(text)?.earlier, [{ revision: 1, template: {} }]);
});
