import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { DesiredContainer } from '../../../src/kube/spec/desired.ts';
import { desired, mean, podWith, podWithContainer, type Fields } from '../manifest.ts';
import { desiredContainer } from '../../support/desired.ts';

function container(fields: Fields, spec: Fields = {}): DesiredContainer {
  const [first] = desired(podWithContainer(fields, spec)).containers;
  assert.ok(first);
  return first;
}

test('a container with only a name and an image', () => {
  assert.deepEqual(container({}), desiredContainer());
});

test('an empty command, args or workingDir is unset', () => {
  assert.deepEqual(container({ command: [], args: [], workingDir: '' }), container({}));
});

test('command, args, working directory, stdin and tty', () => {
  const { command, args, workingDir, stdin, tty } = container({
    command: ['/bin/sh', '-c'],
    args: ['echo "$HOME"'],
    workingDir: '/srv',
    stdin: true,
    tty: true,
  });
  assert.deepEqual(
    { command, args, workingDir, stdin, tty },
    { command: ['/bin/sh', '-c'], args: ['echo "$HOME"'], workingDir: '/srv', stdin: true, tty: true },
  );
});

const digest = `sha256:${'0123456789abcdef'.repeat(4)}`;

const policies: readonly (readonly [string, string])[] = [
  ['nginx', 'Always'],
  ['nginx:latest', 'Always'],
  ['localhost:5000/nginx', 'Always'],
  ['nginx:1.27', 'IfNotPresent'],
  ['localhost:5000/nginx:1', 'IfNotPresent'],
  ['nginx:latest-alpine', 'IfNotPresent'],
  [`nginx@${digest}`, 'IfNotPresent'],
  [`nginx:1.27@${digest}`, 'IfNotPresent'],
  // Kubernetes looks at the tag first.
  [`nginx:latest@${digest}`, 'Always'],
];

for (const [image, policy] of policies)
  test(`without a pull policy, ${image.slice(0, 30)} is pulled: ${policy}`, () => {
    assert.equal(container({ image }).imagePullPolicy, policy);
    assert.equal(container({ image, imagePullPolicy: '' }).imagePullPolicy, policy);
  });

test('an explicit pull policy', () => {
  assert.equal(container({ image: 'nginx', imagePullPolicy: 'Never' }).imagePullPolicy, 'Never');
});

test('the later of two values of a variable takes precedence', () => {
  const env = [{ name: 'A', value: '1' }, { name: 'B' }, { name: 'A', value: '$(A)2' }];
  const [first] = mean(podWithContainer({ env })).pods;
  assert.deepEqual(first?.pod.containers[0]?.env, [
    { name: 'A', value: '12' },
    { name: 'B', value: '' },
  ]);
});

test('containers inherit grace period and restart policy', () => {
  const pod = desired(
    podWith({
      restartPolicy: 'OnFailure',
      terminationGracePeriodSeconds: 5,
      initContainers: [{ name: 'init', image: 'busybox:1' }],
    }),
  );
  assert.equal(pod.restartPolicy, 'OnFailure');
  assert.equal(pod.terminationGracePeriodSeconds, 5);
  assert.deepEqual(
    [...pod.initContainers, ...pod.containers].map((each) => [
      each.role,
      each.restartPolicy,
      each.terminationGracePeriodSeconds,
    ]),
    [
      ['init', 'Never', 5],
      ['container', 'OnFailure', 5],
    ],
  );
});

const resources: readonly (readonly [string, Fields, DesiredContainer['resources']])[] = [
  [
    'cpu in thousandths, memory in bytes',
    { limits: { cpu: '1.5', memory: '64Mi' }, requests: { cpu: '250m', memory: '32Mi' } },
    { limits: { cpu: 1500, memory: 67108864 }, requests: { cpu: 250, memory: 33554432 } },
  ],
  [
    'a limit is a request too',
    { limits: { cpu: 1, memory: '1k' }, requests: { cpu: 0.5 } },
    { limits: { cpu: 1000, memory: 1000 }, requests: { cpu: 500, memory: 1000 } },
  ],
  ['a request is no limit', { requests: { memory: 5 } }, { limits: {}, requests: { memory: 5 } }],
  ['an amount of 0 is none', { limits: { cpu: 0, memory: '0' } }, { limits: {}, requests: {} }],
  [
    'less than a thousandth is a thousandth',
    { limits: { cpu: '1u' } },
    { limits: { cpu: 1 }, requests: { cpu: 1 } },
  ],
  [
    'more than any machine has',
    { limits: { memory: '7Ei' } },
    {
      limits: { memory: Number.MAX_SAFE_INTEGER },
      requests: { memory: Number.MAX_SAFE_INTEGER },
    },
  ],
];

for (const [name, written, expected] of resources)
  test(`resources: ${name}`, () => {
    assert.deepEqual(container({ resources: written }).resources, expected);
  });

test('different notations of one amount are equal', () => {
  assert.deepEqual(
    container({ resources: { limits: { cpu: '0.5', memory: '1Ki' } } }),
    container({ resources: { limits: { cpu: '500m', memory: 1024 } } }),
  );
});

test('user and group of a container override those of its pod', () => {
  const pod = { securityContext: { runAsUser: 1000, runAsGroup: 2000 } };
  const inherited = container({}, pod).securityContext;
  assert.deepEqual([inherited.runAsUser, inherited.runAsGroup], [1000, 2000]);
  const own = container({ securityContext: { runAsUser: 0 } }, pod).securityContext;
  assert.deepEqual([own.runAsUser, own.runAsGroup], [0, 2000]);
});

test('privileges of a container', () => {
  const { securityContext } = container({
    securityContext: {
      privileged: true,
      readOnlyRootFilesystem: true,
      allowPrivilegeEscalation: true,
    },
  });
  assert.deepEqual(securityContext, {
    privileged: true,
    readOnlyRootFilesystem: true,
    allowPrivilegeEscalation: true,
    capabilities: { add: [], drop: [] },
  });
});

type Capabilities = DesiredContainer['securityContext']['capabilities'];

const capabilities: readonly (readonly [string, Fields, Capabilities])[] = [
  [
    'in one form, sorted, each once',
    { add: ['sys_time', 'CAP_NET_ADMIN', 'NET_ADMIN'], drop: ['MKNOD', 'CHOWN'] },
    { add: ['NET_ADMIN', 'SYS_TIME'], drop: ['CHOWN', 'MKNOD'] },
  ],
  [
    'ALL stands for all others',
    { add: ['NET_ADMIN'], drop: ['all', 'CHOWN'] },
    { add: ['NET_ADMIN'], drop: ['ALL'] },
  ],
  [
    'added and dropped is dropped',
    { add: ['CHOWN', 'KILL'], drop: ['CHOWN'] },
    { add: ['KILL'], drop: ['CHOWN'] },
  ],
];

for (const [name, written, expected] of capabilities)
  test(`capabilities: ${name}`, () => {
    assert.deepEqual(
      container({ securityContext: { capabilities: written } }).securityContext.capabilities,
      expected,
    );
  });

test('variables from a file, and texts that refer to them', () => {
  const from = (key: string, optional?: true) => ({
    valueFrom: { fileKeyRef: { volumeName: 'settings', path: 'app.env', key, optional } },
  });
  const text = podWithContainer(
    {
      env: [
        { name: 'HOST', ...from('DB_HOST') },
        { name: 'PORT', ...from('DB_PORT', true) },
        { name: 'MODE', value: 'fast' },
        { name: 'MODE', ...from('MODE', true) },
        { name: 'URL', value: 'db://$(HOST):$(PORT)/$(MODE)' },
      ],
      command: ['run', '--url=$(URL)'],
      args: ['$$(HOST)', '$(HOST)'],
      volumeMounts: [{ name: 'settings', mountPath: '/settings' }],
    },
    { volumes: [{ name: 'settings', emptyDir: {} }] },
  );
  const [first] = mean(text).pods;
  const { env, command, args } = first?.pod.containers[0] ?? {};
  const key = (name: string) => ({ volume: 'settings', path: 'app.env', key: name });
  const host = key('DB_HOST');
  const port = { ...key('DB_PORT'), optional: true };
  const mode = { ...key('MODE'), optional: true, otherwise: 'fast' };
  const url = (before: string) => ({
    before: `${before}db://`,
    fileKey: host,
    after: {
      before: ':',
      fileKey: { ...port, otherwise: '$(PORT)' },
      after: { before: '/', fileKey: mode, after: '' },
    },
  });
  assert.deepEqual(env, [
    { name: 'HOST', value: { before: '', fileKey: host, after: '' } },
    { name: 'PORT', value: { before: '', fileKey: port, after: '' } },
    { name: 'MODE', value: { before: '', fileKey: mode, after: '' } },
    { name: 'URL', value: url('') },
  ]);
  assert.deepEqual(command, ['run', url('--url=')]);
  assert.deepEqual(args, ['$(HOST)', { before: '', fileKey: host, after: '' }]);
});

test('an optional variable from an unmounted volume is not set', () => {
  const reference = { volumeName: 'settings', path: 'app.env', key: 'A', optional: true };
  const env = [
    { name: 'A', valueFrom: { fileKeyRef: reference } },
    { name: 'B', value: '$(A)' },
  ];
  const [first] = mean(podWithContainer({ env }, { volumes: [{ name: 'settings', emptyDir: {} }] })).pods;
  assert.deepEqual(first?.pod.containers[0]?.env, [{ name: 'B', value: '$(A)' }]);
});
