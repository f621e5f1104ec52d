import assert from 'node:assert/strict';
import { test } from 'node:test';
import { findings, podWith, podWithContainer } from '../manifest.ts';

const image = 'nginx:1.27';
const label = "may only contain lowercase letters, digits and '-', with a letter or digit at both ends";

test('a pod without a container', () => {
  assert.deepEqual(findings(podWith({ containers: [] })), [
    'spec.containers: must have at least one container [no-containers]',
  ]);
});

test('two containers of one name', () => {
  assert.deepEqual(
    findings(
      podWith({
        containers: [
          { name: 'a', image },
          { name: 'a', image },
        ],
      }),
    ),
    ["spec.containers[1].name: duplicate name 'a': already used by spec.containers[0] [duplicate-name]"],
  );
});

test('an init container and a container of one name', () => {
  const initContainers = [{ name: 'app', image }];
  assert.deepEqual(findings(podWith({ initContainers })), [
    "spec.containers[0].name: duplicate name 'app': already used by spec.initContainers[0] [duplicate-name]",
  ]);
});

test('every further container of a name is reported', () => {
  const containers = ['a', 'a', 'a'].map((name) => ({ name, image }));
  assert.equal(findings(podWith({ containers })).length, 2);
});

test('the name of a container is a DNS label', () => {
  assert.deepEqual(findings(podWith({ containers: [{ name: 'my.app', image }] })), [
    `spec.containers[0].name: 'my.app' ${label} [invalid-name]`,
  ]);
  assert.deepEqual(findings(podWith({ containers: [{ name: 'My App', image }] })), [
    `spec.containers[0].name: 'My App' ${label}, did you mean 'my-app'? [invalid-name]`,
  ]);
  assert.deepEqual(findings(podWith({ containers: [{ name: 'a'.repeat(64), image }] })), [
    'spec.containers[0].name: must have at most 63 characters, got 64 [invalid-name]',
  ]);
});

test('a working directory is absolute', () => {
  assert.deepEqual(findings(podWithContainer({ workingDir: '/srv' })), []);
  assert.deepEqual(findings(podWithContainer({ workingDir: '' })), []);
  assert.deepEqual(findings(podWithContainer({ workingDir: 'srv' })), [
    "spec.containers[0].workingDir: must be an absolute path, got 'srv', did you mean '/srv'? [unusable-path]",
  ]);
});

test('a container without an image', () => {
  assert.deepEqual(findings(podWith({ containers: [{ name: 'app' }] })), [
    "spec.containers[0]: missing required field 'image' [missing-field]",
  ]);
});

const form = "expected a form like 'registry.example/path/name:tag'";
const digest = `sha256:${'0123456789abcdef'.repeat(4)}`;

const images: readonly (readonly [string, string | undefined])[] = [
  ['nginx', undefined],
  ['nginx:1.27', undefined],
  ['library/nginx', undefined],
  ['docker.io/library/nginx:latest', undefined],
  ['localhost/app:v1', undefined],
  ['localhost:5000/app', undefined],
  ['registry.example:5000/a/b_c/d-e.f:1', undefined],
  ['Registry.Example/app', undefined],
  ['[fd00::1]:5000/app', undefined],
  ['nginx:1.27_RC-x', undefined],
  [`nginx@${digest}`, undefined],
  [`nginx:1.27@${digest}`, undefined],
  ['nginx :1', "invalid image name 'nginx :1': contains a space, did you mean 'nginx:1'?"],
  [
    'Nginx',
    "invalid image name 'Nginx': uppercase letters are allowed only in the tag, did you mean 'nginx'?",
  ],
  ['nginx:', `invalid image name 'nginx:': ${form}`],
  [':1', `invalid image name ':1': ${form}`],
  ['/nginx', `invalid image name '/nginx': ${form}`],
  ['nginx/', `invalid image name 'nginx/': ${form}`],
  ['a//b', `invalid image name 'a//b': ${form}`],
  ['https://nginx', `invalid image name 'https://nginx': ${form}`],
  ['nginx:-1', `invalid image name 'nginx:-1': ${form}`],
  ['nginx@sha256:12', `invalid image name 'nginx@sha256:12': ${form}`],
  [`nginx:${'1'.repeat(129)}`, `invalid image name 'nginx:${'1'.repeat(129)}': ${form}`],
  ['--privileged', `invalid image name '--privileged': ${form}`],
];

test('a server asks for an image, and refuses blanks at its ends', () => {
  const imageFindings = (name: string): readonly string[] => findings(podWithContainer({ image: name }));
  const at = 'spec.containers[0].image: must not begin or end with a blank';
  assert.deepEqual(imageFindings(''), ["spec.containers[0]: missing required field 'image' [missing-field]"]);
  assert.deepEqual(imageFindings('  '), [`${at}, got '  ' [image-blank]`]);
  assert.deepEqual(imageFindings(' nginx'), [`${at}, got ' nginx', did you mean 'nginx'? [image-blank]`]);
});

for (const [name, expected] of images)
  test(`the image ${JSON.stringify(name.slice(0, 40))}`, () => {
    const [found, ...others] = findings(podWithContainer({ image: name }));
    assert.deepEqual(others, []);
    assert.equal(
      found,
      expected === undefined ? undefined : `spec.containers[0].image: ${expected} [invalid-image]`,
    );
  });

test('the name of a variable may be odd, but neither empty nor with a =', () => {
  const names = ['PATH', 'a.b', '1st', 'x y', '{"}'];
  const env = names.map((name) => ({ name, value: '' }));
  assert.deepEqual(findings(podWithContainer({ env })), []);
  const rule = "may only contain printable ASCII characters other than '='";
  assert.deepEqual(
    findings(podWithContainer({ env: ['', 'A=B', 'Ä', 'A\n'].map((name) => ({ name })) })),
    ['must not be empty', `'A=B' ${rule}`, `'Ä' ${rule}`, `'A\n' ${rule}`].map(
      (message, index) => `spec.containers[0].env[${index}].name: ${message} [invalid-name]`,
    ),
  );
});

test('a variable that is set twice', () => {
  const env = [
    { name: 'A', value: '1' },
    { name: 'A', value: '2' },
  ];
  assert.deepEqual(findings(podWithContainer({ env })), [
    "warning: spec.containers[0].env[1].name: 'A' replaces the value from spec.containers[0].env[0] [duplicate-env]",
  ]);
});
