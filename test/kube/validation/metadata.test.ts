import assert from 'node:assert/strict';
import { test } from 'node:test';
import { findings, podWith } from '../manifest.ts';

const spec = '"spec":{"containers":[{"name":"app","image":"nginx:1.27"}]}';
const subdomain =
  "may only contain lowercase letters, digits, '-' and '.', with a letter or digit at both ends of every part";

const LIKE_HOST =
  'warning: metadata.name: is also the host name, which should have no dots and at most 63 characters [pod-name-form]';

const names: readonly (readonly [string, readonly string[]])[] = [
  ['web', []],
  ['web-1.example', [LIKE_HOST]],
  ['0', []],
  ['a'.repeat(63), []],
  ['a'.repeat(253), [LIKE_HOST]],
  ['a'.repeat(254), ['metadata.name: must have at most 253 characters, got 254 [invalid-name]']],
  ['', ['metadata.name: must not be empty [invalid-name]']],
  ['My_App', [`metadata.name: 'My_App' ${subdomain}, did you mean 'my-app'? [invalid-name]`]],
  ['-web', [`metadata.name: '-web' ${subdomain}, did you mean 'web'? [invalid-name]`]],
  ['web.', [`metadata.name: 'web.' ${subdomain}, did you mean 'web'? [invalid-name]`]],
  ['a..b', [`metadata.name: 'a..b' ${subdomain} [invalid-name]`]],
  ['größe', [`metadata.name: 'größe' ${subdomain}, did you mean 'gr-e'? [invalid-name]`]],
  ['___', [`metadata.name: '___' ${subdomain} [invalid-name]`]],
];

for (const [name, expected] of names)
  test(`the pod name ${JSON.stringify(name.slice(0, 20))}`, () => {
    assert.deepEqual(findings(podWith({}, { name })), expected);
  });

test('a pod without a name', () => {
  assert.deepEqual(findings(`{"apiVersion":"v1","kind":"Pod","metadata":{},${spec}}`), [
    "metadata: missing required field 'name' [missing-field]",
  ]);
});

test('a pod with generateName', () => {
  assert.deepEqual(findings(`{"apiVersion":"v1","kind":"Pod","metadata":{"generateName":"web-"},${spec}}`), [
    "metadata.generateName: needs a 'name': a generated name would create a new object with every run [generated-name]",
  ]);
});

const word = "may only contain letters, digits, '-', '_' and '.', with a letter or digit at both ends";

const labels: readonly (readonly [string, string, readonly string[]])[] = [
  ['app', 'web', []],
  ['app', '', []],
  ['App_1.x', 'V_1.x', []],
  ['app.kubernetes.io/name', 'web', []],
  ['a'.repeat(63), 'b'.repeat(63), []],
  ['', 'x', ["metadata.labels['']: must not be empty [invalid-label]"]],
  ['a b', 'x', [`metadata.labels['a b']: 'a b' ${word} [invalid-label]`]],
  ['a/b/c', 'x', ["metadata.labels['a/b/c']: 'a/b/c' may only contain one '/' [invalid-label]"]],
  ['/b', 'x', ["metadata.labels['/b']: the prefix before '/' must not be empty [invalid-label]"]],
  ['a/', 'x', ["metadata.labels['a/']: the name after '/' must not be empty [invalid-label]"]],
  ['A/b', 'x', [`metadata.labels['A/b']: the prefix before '/' ${subdomain} [invalid-label]`]],
  ['a/-b', 'x', [`metadata.labels['a/-b']: the name after '/' ${word} [invalid-label]`]],
  ['app', 'a b', [`metadata.labels.app: 'a b' ${word} [invalid-label]`]],
  ['app', 'x'.repeat(64), ['metadata.labels.app: must have at most 63 characters, got 64 [invalid-label]']],
  [
    'podpose.pod',
    'x',
    ["metadata.labels['podpose.pod']: the label prefix 'podpose.' is reserved for podpose [reserved-label]"],
  ],
];

for (const [key, value, expected] of labels)
  test(`the label ${JSON.stringify(`${key}=${value}`.slice(0, 30))}`, () => {
    assert.deepEqual(findings(podWith({}, { labels: { [key]: value } })), expected);
  });

test('an annotation may have any value and capital letters in its prefix', () => {
  assert.deepEqual(findings(podWith({}, { annotations: { 'Example.com/Key': 'any text\n: at all' } })), []);
});

test('an annotation with an impossible key', () => {
  assert.deepEqual(findings(podWith({}, { annotations: { 'a b': '' } })), [
    `metadata.annotations['a b']: 'a b' ${word} [invalid-annotation]`,
  ]);
});

const profiles: readonly (readonly [key: string, value: string, field: string])[] = [
  ['container.apparmor.security.beta.kubernetes.io/web', 'localhost/strict', 'appArmorProfile'],
  ['container.seccomp.security.alpha.kubernetes.io/web', 'localhost/strict.json', 'seccompProfile'],
  ['seccomp.security.alpha.kubernetes.io/pod', 'runtime/default', 'seccompProfile'],
  ['seccomp.security.alpha.kubernetes.io/pod', 'unconfined', 'seccompProfile'],
];

for (const [key, value, field] of profiles)
  test(`the field that replaced the annotation ${key}=${value}`, () => {
    const [, container = 'app'] = /^container\..*\/(.*)$/.exec(key) ?? [];
    const containers = [{ name: container, image: 'nginx:1.27' }];
    assert.deepEqual(findings(podWith({ containers }, { annotations: { [key]: value } })), [
      `warning: metadata.annotations['${key}']: has no effect: Kubernetes replaced this annotation with securityContext.${field} [deprecated]`,
    ]);
  });

test('annotations that are too large together', () => {
  const annotations = { a: 'x'.repeat(200_000), b: 'ä'.repeat(40_000) };
  assert.deepEqual(findings(podWith({}, { annotations })), [
    'metadata.annotations: must have at most 262144 bytes in total, got 280002 [invalid-annotation]',
  ]);
});

test('a namespace is a DNS label', () => {
  const [first] = findings(podWith({}, { namespace: 'Shop.eu' }));
  assert.equal(
    first,
    "metadata.namespace: 'Shop.eu' may only contain lowercase letters, digits and '-', with a letter or digit at both ends [invalid-name]",
  );
  assert.deepEqual(findings(podWith({}, { namespace: '' })), []);
});

test('a node selector has the syntax of labels', () => {
  const [, key, value, ...others] = findings(podWith({ nodeSelector: { 'a b': 'x', disk: '-ssd' } }));
  assert.match(key ?? '', /^spec\.nodeSelector\['a b'\]: .* \[invalid-label\]$/);
  assert.match(value ?? '', /^spec\.nodeSelector\.disk: .* \[invalid-label\]$/);
  assert.deepEqual(others, []);
});

test('the metadata of other objects is checked as that of a pod', () => {
  const metadata = { name: 'config', namespace: 'A', labels: { 'a b': 'x' }, annotations: { '/': 'x' } };
  const config = JSON.stringify({ apiVersion: 'v1', kind: 'ConfigMap', metadata });
  assert.deepEqual(
    findings(config).map((line) => line.replace(/: .* \[/, ' [')),
    [
      'metadata.namespace [invalid-name]',
      "metadata.labels['a b'] [invalid-label]",
      "metadata.annotations['/'] [invalid-annotation]",
    ],
  );
});
