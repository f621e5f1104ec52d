import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { sortDiagnostics, type Diagnostic } from '../../src/base/diagnostic.ts';
import { digest } from '../../src/base/digest.ts';
import { formatPath } from '../../src/base/path.ts';
import { stableJson } from '../../src/base/stable-json.ts';
import { suggest } from '../../src/base/suggest.ts';

suite('stable JSON', () => {
  test('does not depend on the order of keys, at any depth', () => {
    const one = { b: [{ y: 1, x: 2 }], a: { d: null, c: true } };
    const other = { a: { c: true, d: null }, b: [{ x: 2, y: 1 }] };
    assert.equal(stableJson(one), stableJson(other));
    assert.equal(stableJson(one), '{"a":{"c":true,"d":null},"b":[{"x":2,"y":1}]}');
  });

  test('keeps the order of lists', () => {
    assert.notEqual(stableJson([1, 2]), stableJson([2, 1]));
  });

  test('omits undefined members', () => {
    assert.equal(stableJson({ a: undefined, b: 1 }), '{"b":1}');
  });

  test('sorts keys by code units, including keys that look like numbers or properties of objects', () => {
    assert.equal(stableJson({ ä: 1, Z: 2, a: 3 }), '{"Z":2,"a":3,"ä":1}');
    assert.equal(stableJson({ '10': 1, '9': 2, b: 3 }), stableJson({ b: 3, '9': 2, '10': 1 }));
    assert.equal(
      stableJson(JSON.parse('{"b":1,"__proto__":{"d":1,"c":2}}')),
      '{"__proto__":{"c":2,"d":1},"b":1}',
    );
  });
});

test('a path has the notation of Kubernetes', () => {
  assert.equal(formatPath([]), '');
  assert.equal(formatPath(['spec', 'containers', 0, 'image']), 'spec.containers[0].image');
  assert.equal(
    formatPath(['metadata', 'labels', 'app.kubernetes.io/name']),
    "metadata.labels['app.kubernetes.io/name']",
  );
  assert.equal(formatPath(['a-b', 'c_d', '$e']), 'a-b.c_d.$e');
  assert.equal(formatPath([0, 'kind']), '[0].kind');
});

suite('suggestions', () => {
  const policies = ['Always', 'OnFailure', 'Never'];

  test('the most similar word', () => {
    assert.equal(suggest('mountPaht', ['mountPath', 'subPath', 'name']), 'mountPath');
    assert.equal(suggest('Nerver', policies), 'Never');
    assert.equal(suggest('pod', ['Pod', 'PodList']), 'Pod');
    assert.equal(suggest('IMAGE', ['image', 'name']), 'image');
  });

  test('none if no word is similar', () => {
    assert.equal(suggest('Sometimes', policies), undefined);
    assert.equal(suggest('xyz', ['abc']), undefined);
    assert.equal(suggest('a', []), undefined);
  });

  test('the most similar wins, and the first of two equally similar ones', () => {
    assert.equal(suggest('image', ['images', 'image']), 'image');
    assert.equal(suggest('cat', ['car', 'cap']), 'car');
  });
});

test('a digest is short, stable and different for different texts', () => {
  assert.equal(digest('podpose'), digest('podpose'));
  assert.match(digest(''), /^sha256:[0-9a-f]{16}$/);
  assert.notEqual(digest('a'), digest('b'));
});

test('diagnostics are sorted by file, line and column; those without a location come last in their order', () => {
  const at = (message: string, file: string, line: number, column: number): Diagnostic => ({
    code: 'wrong-value',
    severity: 'error',
    message,
    location: { file, line, column },
  });
  const without = (message: string): Diagnostic => ({ code: 'wrong-value', severity: 'error', message });
  const sorted = sortDiagnostics([
    without('z'),
    at('5', 'b.yaml', 1, 1),
    at('3', 'a.yaml', 10, 1),
    without('y'),
    at('2', 'a.yaml', 9, 7),
    at('1', 'a.yaml', 9, 2),
    at('4', 'a.yaml', 10, 1),
  ]);
  assert.deepEqual(
    sorted.map(({ message }) => message),
    ['1', '2', '3', '4', '5', 'z', 'y'],
  );
});

test('long words and long lists of candidates are not compared', () => {
  const begin = performance.now();
  assert.equal(suggest('k'.repeat(1_000_000), ['k'.repeat(999_999)]), undefined);
  const names = Array.from({ length: 100_000 }, (_, index) => `name-${index}`);
  for (let i = 0; i < 100; i++) suggest(`nane-${i}`, names);
  assert.ok(performance.now() - begin < 2000);
  assert.equal(suggest('nane-1', names), 'name-1');
});
