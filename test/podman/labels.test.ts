import assert from 'node:assert/strict';
import { test } from 'node:test';
import { success } from '../../src/base/result.ts';
import { ownLabels } from '../../src/podman/operations/labels.ts';
import {
  decodeOwnership,
  decodeSpec,
  encodeSpec,
  FORMAT,
  LABEL,
  digestLongTexts,
} from '../../src/podman/labels.ts';

function labelsOf(settings: unknown): Readonly<Record<string, string>> {
  return { 'podpose.format': FORMAT.toString(), 'podpose.spec': encodeSpec(settings) };
}

test('a stored record can be decoded', () => {
  const settings = { image: 'nginx:1.27', env: [{ name: 'A', value: 'it\'s "fine"\n' }], tty: true, n: 1.5 };
  assert.deepEqual(decodeSpec(labelsOf(settings)), success(settings));
});

test('the same settings give the same label, in any order', () => {
  assert.equal(encodeSpec({ b: 1, a: { d: 1, c: 2 } }), encodeSpec({ a: { c: 2, d: 1 }, b: 1 }));
});

test('a long text is stored as its length and digest, at any depth', () => {
  const long = 'x'.repeat(100_000);
  const label = encodeSpec({ env: [{ name: 'CONFIG', value: long }] });
  assert.ok(label.length < 200, label);
  assert.match(label, /\(100000 characters, sha256:[0-9a-f]{16}\)/);
  // A changed text is detected, and an unchanged one is equal.
  assert.notEqual(label, encodeSpec({ env: [{ name: 'CONFIG', value: `y${long.slice(1)}` }] }));
  assert.deepEqual(decodeSpec(labelsOf({ a: long })), success(digestLongTexts({ a: long })));
});

test('a text within the limit is kept', () => {
  assert.equal(digestLongTexts('x'.repeat(4096)), 'x'.repeat(4096));
  assert.notEqual(digestLongTexts('x'.repeat(4097)), 'x'.repeat(4097));
});

test('an unreadable record is reported', () => {
  const labels = labelsOf({ image: 'nginx' });
  assert.deepEqual(decodeSpec({}), { ok: false, error: 'missing' });
  assert.deepEqual(decodeSpec({ 'podpose.format': '1' }), { ok: false, error: 'missing' });
  assert.deepEqual(decodeSpec({ 'podpose.spec': '{}' }), { ok: false, error: 'missing' });
  assert.deepEqual(decodeSpec({ ...labels, 'podpose.spec': '{"image":' }), { ok: false, error: 'malformed' });
  assert.deepEqual(decodeSpec({ ...labels, 'podpose.format': 'one' }), { ok: false, error: 'malformed' });
  assert.deepEqual(decodeSpec({ ...labels, 'podpose.format': '' }), { ok: false, error: 'malformed' });
  assert.deepEqual(decodeSpec({ ...labels, 'podpose.format': (FORMAT + 1).toString() }), {
    ok: false,
    error: 'newer',
  });
});

test('a newer record is not decoded, whatever its form', () => {
  assert.deepEqual(decodeSpec({ 'podpose.format': '99', 'podpose.spec': 'binary' }), {
    ok: false,
    error: 'newer',
  });
});

test('the owner of an object', () => {
  const labels = { 'podpose.project': 'demo', 'podpose.pod': 'web' };
  assert.deepEqual(decodeOwnership({ ...labels, 'podpose.role': 'pod' }), {
    project: 'demo',
    pod: 'web',
    role: 'pod',
  });
  assert.deepEqual(decodeOwnership({ ...labels, 'podpose.role': 'init', 'podpose.container': 'setup' }), {
    project: 'demo',
    pod: 'web',
    role: 'init',
    name: 'setup',
  });
  assert.deepEqual(decodeOwnership({ ...labels, 'podpose.role': 'emptyDir', 'podpose.volume': 'data' }), {
    project: 'demo',
    pod: 'web',
    role: 'emptyDir',
    name: 'data',
  });
});

test('an object without all of these labels is not owned', () => {
  for (const labels of [
    {},
    { app: 'web' },
    { 'podpose.project': 'demo', 'podpose.pod': 'web' },
    { 'podpose.project': 'demo', 'podpose.role': 'pod' },
    { 'podpose.pod': 'web', 'podpose.role': 'pod' },
    { 'podpose.project': 'demo', 'podpose.pod': 'web', 'podpose.role': 'emperor' },
  ])
    assert.equal(decodeOwnership(labels), undefined);
});

test('every object created from an image has all labels, unused ones empty', () => {
  const settings = ownLabels(
    { 'podpose.project': 'demo' },
    {},
    { 'podpose.format': '1', 'podpose.spec': '{}' },
  );
  const flags = settings.flatMap((some) => some.flags).map(String);
  const names = flags.filter((_, index) => index % 2 === 1).map((pair) => pair.split('=', 1)[0]);
  assert.deepEqual([...names].sort(), Object.values(LABEL).sort());
  assert.deepEqual(
    flags.filter((flag) => flag.endsWith('=')).map((flag) => flag.slice(0, -1)),
    Object.values(LABEL).filter((name) => !/project|format|spec/.test(name)),
  );
  assert.equal(flags.at(-1), 'podpose.spec={}');
});

const LONGEST_ARGUMENT = 131_072;

/** Including the name of the label and the NUL. */
const argument = (settings: unknown) => Buffer.byteLength(`podpose.spec=${encodeSpec(settings)}`) + 1;

const variables = (count: number, length: number) => ({
  image: 'nginx',
  volumeMounts: [{ mountPath: '/data' }],
  env: Array.from({ length: count }, (_, index) => ({ name: `V${index}`, value: 'é'.repeat(length) })),
});

test('many texts that are short enough individually fit into the label together', () => {
  for (const [count, length] of [
    [40, 3000],
    [300, 1000],
    [6000, 20],
  ] as const) {
    const settings = variables(count, length);
    assert.ok(argument(settings) <= LONGEST_ARGUMENT, `${argument(settings)} bytes`);
    assert.deepEqual(decodeSpec(labelsOf(settings)), success(digestLongTexts(settings)));
    const [first, ...others] = settings.env;
    assert.ok(first);
    const changed = { ...settings, env: [{ ...first, value: 'ä' }, ...others] };
    assert.notEqual(encodeSpec(changed), encodeSpec(settings));
    assert.match(encodeSpec(settings), /"volumeMounts":\[\{"mountPath":"\/data"\}\]/);
  }
  const annotations = Object.fromEntries(
    Array.from({ length: 2500 }, (_, index) => [`a${index}`, 'x'.repeat(90)]),
  );
  assert.ok(argument({ metadata: { labels: { app: 'web' }, annotations } }) < 1000);
});

test('settings that fit are stored unchanged', () => {
  const settings = variables(20, 3000);
  assert.deepEqual(digestLongTexts(settings), settings);
});
