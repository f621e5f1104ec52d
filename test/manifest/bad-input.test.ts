import assert from 'node:assert/strict';
import { test } from 'node:test';
import { codes, faults, pod } from './faults.ts';

test('an empty file', () => {
  assert.deepEqual(faults(''), ['1:1 the file is empty']);
  assert.deepEqual(faults(' \n\n'), ['1:1 the file is empty']);
});

test('a file of comments and empty documents', () => {
  assert.deepEqual(faults('# pod\n---\n---\n'), [
    '1:1 the file contains no object, only comments or empty documents',
  ]);
});

test('a binary file', () => {
  assert.deepEqual(faults(new Uint8Array([0x7f, 0x45, 0x4c, 0x46, 0xff, 0xfe])), [
    '1:1 the file is not UTF-8 text',
  ]);
  assert.deepEqual(faults('a\0b'), ['1:1 binary file: contains NUL bytes']);
});

test('a file in UTF-16', () => {
  assert.deepEqual(faults(new Uint8Array([0xff, 0xfe, 0x61, 0x00])), ['1:1 the file is in UTF-16']);
});

test('UTF-8 bytes are a text', () => {
  assert.deepEqual(faults(new TextEncoder().encode(pod({}))), []);
});

test('a file of 10 MB', () => {
  const [fault = ''] = faults('# comment\n'.repeat(1_000_000));
  assert.match(fault, /^1:1 the file is larger than the Kubernetes limit of 3145728 bytes \(3 MiB\)/);
});

test('a document that is not an object', () => {
  assert.deepEqual(faults('just words'), [
    "1:1 expected a Kubernetes object (apiVersion, kind, ...), got string 'just words'",
  ]);
  assert.deepEqual(faults('- a\n- b'), [
    '1:1 expected a Kubernetes object (apiVersion, kind, ...), got a list',
  ]);
  assert.deepEqual(faults('42'), ['1:1 expected a Kubernetes object (apiVersion, kind, ...), got number 42']);
});

for (const [name, text] of [
  ['brackets', '['.repeat(100_000)],
  ['closed brackets', `${'['.repeat(100_000)}${']'.repeat(100_000)}`],
  ['braces', '{a: '.repeat(100_000)],
  ['dashes', '- '.repeat(100_000)],
  ['fields in a line', 'a: '.repeat(100_000)],
  ['question marks', '? '.repeat(100_000)],
  ['blocks', Array.from({ length: 1500 }, (_, depth) => `${' '.repeat(depth)}a:`).join('\n')],
] as const)
  test(`100,000 levels of ${name} are one error, found fast`, () => {
    const begin = performance.now();
    assert.deepEqual(codes(text), ['yaml-too-deep']);
    assert.ok(performance.now() - begin < 5000);
  });

test('nesting by aliases', () => {
  const lines = Array.from(
    { length: 2000 },
    (_, index) => `- &a${(index + 1).toString()} [*a${index.toString()}]`,
  );
  const found = codes(['- &a0 []', ...lines].join('\n'));
  assert.ok(found.includes('yaml-too-deep'));
});

test('aliases that multiply', () => {
  const bomb = [
    'a: &a [x,x,x,x,x,x,x,x,x]',
    ...'bcdefghi'.split('').map((name, index) => {
      const before = `*${'abcdefgh'.charAt(index)}`;
      return `${name}: &${name} [${Array.from({ length: 9 }, () => before).join(',')}]`;
    }),
  ].join('\n');
  const begin = performance.now();
  const found = codes(bomb);
  assert.ok(found.includes('yaml-too-many-values'));
  assert.ok(performance.now() - begin < 5000);
});

test('too many values are reported, with or without aliases', () => {
  const [plain = '', ...others] = faults(`a: [${'1,'.repeat(100_001)}1]`);
  assert.match(plain, /the file has more than 200000 names, values and punctuation marks/);
  assert.doesNotMatch(plain, /alias/);
  assert.deepEqual(others, []);
  assert.match(faults('\n'.repeat(1_000_001))[0] ?? '', /more than 1000000 line breaks and comments/);
  const list = `[${'x,'.repeat(1000)}x]`;
  const [aliased = ''] = faults(`a: &a ${list}\nb: [${'*a,'.repeat(300)}*a]`);
  assert.match(aliased, /more than 200000 values after the expansion of aliases/);
});

test('an invalid start is reported once, other errors all', () => {
  assert.ok(faults('- *x\n'.repeat(10_000)).length <= 60);
  // It is what shows them that counts (test/report/diagnostics.test.ts).
  assert.equal(faults(pod({ container: `args: [${'1, '.repeat(5000)}1]` })).length, 5001);
});
