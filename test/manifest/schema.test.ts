import assert from 'node:assert/strict';
import { test } from 'node:test';
import { faults, helps, only, pod } from './faults.ts';

/** Lines of a container, and what is told of them: they begin in line 9, column 5. */
const containers: readonly (readonly [string, string, readonly string[]])[] = [
  ['unknown-field', 'healthcheck: {}', ["9:5 spec.containers[0]: unknown field 'healthcheck'"]],
  [
    'misspelt-field',
    'workingdir: /srv',
    ["9:5 spec.containers[0]: unknown field 'workingdir', did you mean 'workingDir'?"],
  ],
  [
    'misspelt-required-field',
    'volumeMounts:\n- name: data\n  mountPaht: /app',
    ["11:7 spec.containers[0].volumeMounts[0]: unknown field 'mountPaht', did you mean 'mountPath'?"],
  ],
  [
    'misspelt-field-is-checked-inside',
    'volumeMount:\n- name: data',
    [
      "9:5 spec.containers[0]: unknown field 'volumeMount', did you mean 'volumeMounts'?",
      "10:7 spec.containers[0].volumeMounts[0]: missing required field 'mountPath'",
    ],
  ],
  [
    'misspelt-field-that-is-there-too',
    'ports: []\nPorts: []',
    ["10:5 spec.containers[0]: unknown field 'Ports', did you mean 'ports'?"],
  ],
  ['missing-field', 'env:\n- value: x', ["10:7 spec.containers[0].env[0]: missing required field 'name'"]],
  [
    'missing-field-in-braces',
    'env: [{value: x}]',
    ["9:11 spec.containers[0].env[0]: missing required field 'name'"],
  ],
  [
    'missing-field-of-an-object',
    'livenessProbe:\n  httpGet:\n    path: /',
    ["10:7 spec.containers[0].livenessProbe.httpGet: missing required field 'port'"],
  ],
  [
    'field-without-a-value',
    'env:\n- name:',
    ["10:7 spec.containers[0].env[0]: required field 'name' has no value"],
  ],
  [
    'number-for-string',
    'env:\n- name: A\n  value: 8080',
    ['11:14 spec.containers[0].env[0].value: must be a string, got number 8080'],
  ],
  [
    'number-as-it-was-written',
    'env:\n- name: A\n  value: 0644',
    ['11:14 spec.containers[0].env[0].value: must be a string, got number 0644'],
  ],
  [
    'boolean-for-string',
    'env:\n- name: A\n  value: yes',
    ['11:14 spec.containers[0].env[0].value: must be a string, got boolean yes'],
  ],
  [
    'string-for-integer',
    'ports:\n- containerPort: "80"',
    ["10:22 spec.containers[0].ports[0].containerPort: must be an integer, got string '80'"],
  ],
  [
    'fraction-for-integer',
    'ports:\n- containerPort: 80.5',
    ['10:22 spec.containers[0].ports[0].containerPort: must be an integer, got number 80.5'],
  ],
  [
    'string-for-boolean',
    'tty: "true"',
    ["9:10 spec.containers[0].tty: must be true or false, got string 'true'"],
  ],
  [
    'string-for-list',
    'command: /bin/sh',
    ["9:14 spec.containers[0].command: must be a list, got string '/bin/sh'"],
  ],
  [
    'object-for-list',
    'ports:\n  containerPort: 80',
    ['9:5 spec.containers[0].ports: must be a list, got an object'],
  ],
  [
    'list-for-object',
    'resources:\n- limits: {}',
    ['9:5 spec.containers[0].resources: must be an object, got a list'],
  ],
  [
    'list-for-quantity',
    'resources: {limits: {cpu: [1]}}',
    ['9:31 spec.containers[0].resources.limits.cpu: must be a string or a number, got a list'],
  ],
  [
    'too-large-for-int32',
    'ports:\n- containerPort: 3000000000',
    ['10:22 spec.containers[0].ports[0].containerPort: must be at most 2147483647, got number 3000000000'],
  ],
  [
    'wrong-choice',
    'imagePullPolicy: always',
    [
      "9:22 spec.containers[0].imagePullPolicy: 'always' is not a valid imagePullPolicy (Always, Never, IfNotPresent), did you mean 'Always'?",
    ],
  ],
  [
    'wrong-choice-far-from-all',
    'ports:\n- containerPort: 80\n  protocol: http',
    ["11:17 spec.containers[0].ports[0].protocol: 'http' is not a valid protocol (TCP, UDP, SCTP)"],
  ],
  [
    'empty-choice-that-is-no-default',
    'volumeMounts:\n- {name: a, mountPath: /a, mountPropagation: ""}',
    [
      "10:50 spec.containers[0].volumeMounts[0].mountPropagation: '' is not a valid mountPropagation (None, HostToContainer, Bidirectional)",
    ],
  ],
  [
    'number-for-choice',
    'imagePullPolicy: 1',
    ['9:22 spec.containers[0].imagePullPolicy: must be a string, got number 1'],
  ],
  ['field-of-the-pod', 'hostNetwork: true', ["9:5 spec.containers[0]: unknown field 'hostNetwork'"]],
  [
    'several-at-once',
    'imgePullPolicy: Alwys\ntty: 1',
    [
      "9:5 spec.containers[0]: unknown field 'imgePullPolicy', did you mean 'imagePullPolicy'?",
      "9:21 spec.containers[0].imagePullPolicy: 'Alwys' is not a valid imagePullPolicy (Always, Never, IfNotPresent), did you mean 'Always'?",
      '10:10 spec.containers[0].tty: must be true or false, got number 1',
    ],
  ],
];

for (const [name, container, expected] of containers)
  test(`schema: ${name}`, () => {
    assert.deepEqual(faults(pod({ container })), expected);
  });

for (const [name, container] of [
  [
    'whole numbers in any spelling',
    'ports:\n- containerPort: 0x50\n- containerPort: 8.08e3\n- containerPort: 81.0',
  ],
  [
    'a named port and a numbered one',
    'livenessProbe: {httpGet: {port: web}}\nreadinessProbe: {tcpSocket: {port: 80}}',
  ],
  [
    'an empty choice where that means the default',
    'imagePullPolicy: ""\nports: [{containerPort: 1, protocol: ""}]',
  ],
  ['nulls', 'env: ~\nresources:\n  limits: ~'],
  [
    'quantities as strings and as numbers',
    'resources: {limits: {cpu: 1, memory: 1.5e9, "example.com/x": "2"}}',
  ],
] as const)
  test(`schema: ${name} are valid`, () => {
    assert.deepEqual(faults(pod({ container })), []);
  });

test('help for schema errors', () => {
  assert.deepEqual(helps(pod({ container: 'env: [{name: A, value: 8080}]' })), ['Quote it: "8080".']);
  assert.deepEqual(helps(pod({ container: 'env: [{name: A, value: on}]' })), [
    `In Kubernetes' YAML a plain on is a boolean. Quote it: "on".`,
  ]);
  assert.deepEqual(helps(pod({ container: "stdin: 'true'" })), ['Write it without quotes: true.']);
  assert.deepEqual(helps(pod({ container: 'args: -c' })), ['Write it as a list: ["-c"].']);
  assert.deepEqual(helps(pod({ container: 'hostNetwork: true' })), [
    'It is a field of spec, not of spec.containers[0].',
  ]);
  assert.deepEqual(helps(pod({ container: 'runAsUser: 7' })), [
    'It is a field of spec.containers[0].securityContext, not of spec.containers[0].',
  ]);
  assert.deepEqual(helps(`${pod({})}volumes: []\n`), ['It is a field of spec, not of the Pod itself.']);
});

test('labels and annotations are strings, also for a plain number', () => {
  const manifest =
    'apiVersion: v1\nkind: Pod\nmetadata:\n  name: a\n  labels: {1: x, b: 2}\nspec: {containers: []}';
  assert.deepEqual(faults(manifest), ['5:21 metadata.labels.b: must be a string, got number 2']);
  assert.deepEqual(only(manifest).value.metadata?.labels, { '1': 'x' });
});

test('an error behind an alias is reported once, at its anchor', () => {
  const manifest = pod({
    spec: 'initContainers:\n- name: a\n  image: b\n  ports: &p [{containerPort: x}]',
    container: 'ports: *p',
  });
  assert.deepEqual(faults(manifest), [
    "9:32 spec.containers[0].ports[0].containerPort: must be an integer, got string 'x'",
  ]);
});

test('status is decoded and dropped', () => {
  const manifest = (status: string): string => `${pod({})}status: ${status}\n`;
  assert.deepEqual(faults(manifest('{phase: Running, podIP: 10.0.0.1, conditions: [{type: Ready}]}')), []);
  assert.deepEqual(faults(manifest('{unheardOf: {}}')), ["9:10 status: unknown field 'unheardOf'"]);
  assert.equal(Object.hasOwn(only(manifest('{phase: Running}')).value, 'status'), false);
});

test('null is read as Go reads it', () => {
  const read = (container: string): unknown => {
    return only(pod({ container })).value.spec?.containers?.[0];
  };
  assert.deepEqual(read('args: [a, ~]\nworkingDir: ~\nenv: ~'), {
    name: 'web',
    image: 'nginx',
    args: ['a', ''],
  });
  assert.deepEqual(read('resources: {limits: {cpu: ~}}'), {
    name: 'web',
    image: 'nginx',
    resources: { limits: { cpu: '0' } },
  });
  assert.deepEqual(faults(pod({ container: 'resource: ~' })), [
    "9:5 spec.containers[0]: unknown field 'resource', did you mean 'resources'?",
  ]);
  assert.deepEqual(faults(pod({ container: 'ports: [~]' })), [
    "9:13 spec.containers[0].ports[0]: missing required field 'containerPort'",
  ]);
});

test('fields added by kubectl get -o yaml are known', () => {
  const metadata = [
    'metadata:',
    '  name: one',
    '  namespace: default',
    '  uid: 7d2f7e6e-0000-0000-0000-000000000000',
    '  resourceVersion: "1"',
    '  creationTimestamp: 2024-01-01T00:00:00Z',
    '  managedFields: [{manager: kubectl, operation: Update, time: "2024-01-01T00:00:00Z", fieldsV1: {"f:spec": {".": {}}}}]',
  ].join('\n');
  assert.deepEqual(faults(pod({}).replace('metadata:\n  name: one', metadata)), []);
});

test('a syntax error neither hides other errors nor causes more', () => {
  const manifest = pod({ spec: 'restartPolicy: Nerver\nhostname: @x', container: 'tty: 1\nlost' });
  assert.deepEqual(faults(manifest), [
    "6:18 spec.restartPolicy: 'Nerver' is not a valid restartPolicy (Always, OnFailure, Never), did you mean 'Never'?",
    '7:13 a value must not begin with "@"',
    '11:10 spec.containers[0].tty: must be true or false, got number 1',
    '12:5 missing colon and value after "lost"',
  ]);
});

test('a field lost to a syntax error is not reported as missing', () => {
  assert.deepEqual(faults('apiVersion: v1\nkind: Pod\nmetadata:\n  name: "x\nspec: {}\n'), [
    '4:9 missing closing quote',
  ]);
});

test('a kind lost to a syntax error is not reported as missing', () => {
  assert.deepEqual(faults('apiVersion: v1\nkind Pod\n'), ['2:1 missing colon and value after "kind Pod"']);
});
