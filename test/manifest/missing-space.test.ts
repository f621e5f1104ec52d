import assert from 'node:assert/strict';
import { test } from 'node:test';
import { faults, only, pod } from './faults.ts';

/** The lines of the only container's ports, the fault, and the port that is understood all the same. */
const ports: readonly (readonly [string, string, string, unknown])[] = [
  [
    'as-the-last-field',
    '- containerPort: 80\n  hostPort:8001',
    '11:7',
    { containerPort: 80, hostPort: 8001 },
  ],
  [
    'as-the-first-field',
    '- containerPort:80\n  hostPort: 8001',
    '10:7',
    { containerPort: 80, hostPort: 8001 },
  ],
  [
    'between-others',
    '- containerPort: 80\n  hostPort:8001\n  name: web',
    '11:7',
    { containerPort: 80, hostPort: 8001, name: 'web' },
  ],
  [
    'deeper-than-the-field-before',
    '- containerPort: 80\n    hostPort:8001',
    '11:9',
    { containerPort: 80, hostPort: 8001 },
  ],
  ['as-the-only-field', '- containerPort:80', '10:7', { containerPort: 80 }],
  [
    'with-a-comment',
    '- containerPort: 80\n  hostPort:8001 # web',
    '11:7',
    { containerPort: 80, hostPort: 8001 },
  ],
];

for (const [name, text, place, port] of ports)
  test(`a missing space: ${name}`, () => {
    const manifest = pod({ container: `ports:\n${text}` });
    const [fault = '', ...others] = faults(manifest);
    assert.match(
      fault,
      new RegExp(`^${place} spec\\.containers\\[0\\]\\.ports\\[0\\]: missing space after the colon of`),
    );
    assert.match(fault, /, did you mean '\w+: \d+'\?$/);
    assert.deepEqual(others, []);
    const document = only(manifest);
    assert.deepEqual(document.value.spec?.containers?.[0]?.ports, [port]);
    assert.equal(document.complete, undefined);
  });

test('missing spaces from the first line on', () => {
  assert.deepEqual(
    faults('apiVersion:v1\nkind:Pod\nmetadata: {name: a}\nspec: {containers: [{name: a, image: b}]}'),
    [
      "1:1 missing space after the colon of 'apiVersion:v1', did you mean 'apiVersion: v1'?",
      "2:1 missing space after the colon of 'kind:Pod', did you mean 'kind: Pod'?",
    ],
  );
});

test('a missing space before a complex value is the only error', () => {
  assert.deepEqual(faults(pod({ container: 'command:["sh"]' })), [
    `9:5 spec.containers[0]: missing space after the colon of 'command:["sh"]', did you mean 'command: ["sh"]'?`,
  ]);
});

test('a missing space below a misspelt field', () => {
  assert.deepEqual(faults(pod({ container: 'port:\n- containerPort:80' })), [
    "9:5 spec.containers[0]: unknown field 'port', did you mean 'ports'?",
    "10:7 spec.containers[0].ports[0]: missing space after the colon of 'containerPort:80', did you mean 'containerPort: 80'?",
  ]);
});

for (const [name, container] of [
  ['an address in an argument', 'args: [http://localhost:80, name:web]'],
  ['a word with a colon in a list', 'args:\n- name:web'],
  ['a value over two lines', 'workingDir: /srv\n  see:also'],
  ['a volume in the manner of compose', 'command:\n- run\n- -v\n- /a:/b'],
] as const)
  test(`no missing space: ${name}`, () => {
    assert.deepEqual(faults(pod({ container })), []);
  });
