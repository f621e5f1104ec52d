import assert from 'node:assert/strict';
import { test } from 'node:test';
import { success } from '../../src/base/result.ts';
import { ownLabelFlags } from '../../src/podman/operations/labels.ts';
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

test('what was remembered is read back', () => {
  const settings = { image: 'nginx:1.27', env: [{ name: 'A', value: 'it\'s "fine"\n' }], tty: true, n: 1.5 };
  assert.deepEqual(decodeSpec(labelsOf(settings)), success(settings));
});

test('the same settings are the same label, whatever order they were built in', () => {
  assert.equal(encodeSpec({ b: 1, a: { d: 1, c: 2 } }), encodeSpec({ a: { c: 2, d: 1 }, b: 1 }));
});

test('an overlong text is remembered by its length and digest, at any depth', () => {
  const long = 'x'.repeat(100_000);
  const label = encodeSpec({ env: [{ name: 'CONFIG', value: long }] });
  assert.ok(label.length < 200, label);
  assert.match(label, /\(100000 characters, sha256:[0-9a-f]{16}\)/);
  // A changed text is seen as changed, and the same one as the same.
  assert.notEqual(label, encodeSpec({ env: [{ name: 'CONFIG', value: `y${long.slice(1)}` }] }));
  assert.deepEqual(decodeSpec(labelsOf({ a: long })), success(digestLongTexts({ a: long })));
});

test('a text that is just short enough is kept', () => {
  assert.equal(digestLongTexts('x'.repeat(4096)), 'x'.repeat(4096));
  assert.notEqual(digestLongTexts('x'.repeat(4097)), 'x'.repeat(4097));
});

test('a memory that cannot be trusted is said to be so', () => {
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

test('a newer memory is not read at all, also when it looks like nothing that we know', () => {
  assert.deepEqual(decodeSpec({ 'podpose.format': '99', 'podpose.spec': 'binary' }), {
    ok: false,
    error: 'newer',
  });
});

test('who owns a thing', () => {
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

test('a thing without all of these labels is not ours', () => {
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

test('every label is given to whatever is made of an image, if only without a value', () => {
  const flags = ownLabelFlags(
    { 'podpose.project': 'demo' },
    {},
    { 'podpose.format': '1', 'podpose.spec': '{}' },
  );
  const names = flags.filter((_, index) => index % 2 === 1).map((pair) => pair.split('=', 1)[0]);
  assert.deepEqual([...names].sort(), Object.values(LABEL).sort());
  assert.deepEqual(
    flags.filter((flag) => flag.endsWith('=')).map((flag) => flag.slice(0, -1)),
    Object.values(LABEL).filter((name) => !/project|format|spec/.test(name)),
  );
  assert.equal(flags.at(-1), 'podpose.spec={}');
});

const LONGEST_ARGUMENT = 131_072;

/** With the name of the label and the NUL. */
const argument = (settings: unknown) => Buffer.byteLength(`podpose.spec=${encodeSpec(settings)}`) + 1;

const variables = (count: number, length: number) => ({
  image: 'nginx',
  volumeMounts: [{ mountPath: '/data' }],
  env: Array.from({ length: count }, (_, index) => ({ name: `V${index}`, value: 'é'.repeat(length) })),
});

test('many texts that are short enough by themselves fit into the label together', () => {
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

test('what has fitted so far is remembered as it was', () => {
  const settings = variables(20, 3000);
  assert.deepEqual(digestLongTexts(settings), settings);
});
