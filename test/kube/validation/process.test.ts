import assert from 'node:assert/strict';
import { test } from 'node:test';
import { desired, findings, podWith, podWithContainer, type Fields } from '../manifest.ts';

const linux = { os: { name: 'linux' } };
const at = 'spec.containers[0].lifecycle.stopSignal';

function withSignal(stopSignal: string, spec: Fields = linux): string {
  return podWithContainer({ lifecycle: { stopSignal } }, spec);
}

for (const signal of ['SIGTERM', 'SIGUSR1', 'SIGKILL', 'SIGRTMIN', 'SIGRTMIN+3', 'SIGRTMAX-14', 'SIGWINCH'])
  test(`${signal} can stop a container`, () => {
    assert.deepEqual(findings(withSignal(signal)), []);
    assert.equal(desired(withSignal(signal)).containers[0]?.stopSignal, signal);
  });

const slips: readonly (readonly [string, string])[] = [
  ['TERM', ", did you mean 'SIGTERM'?"],
  ['sigusr1', ", did you mean 'SIGUSR1'?"],
  ['SIGTREM', ", did you mean 'SIGTERM'?"],
  ['15', ''],
  ['SIGRTMIN+16', ", did you mean 'SIGRTMIN+1'?"],
];
for (const [signal, meant] of slips)
  test(`${signal} is no signal`, () => {
    const [finding = '', ...others] = findings(withSignal(signal));
    assert.deepEqual(others, []);
    assert.ok(finding.startsWith(`${at}: unknown signal '${signal}'${meant}`), finding);
  });

test('a signal needs an operating system', () => {
  assert.deepEqual(findings(withSignal('SIGTERM', {})), [
    `${at}: requires 'os: { name: linux }' in the spec [operating-system-missing]`,
  ]);
  assert.deepEqual(findings(withSignal('', {})), []);
});

test('an init container has no lifecycle, besides a stop signal', () => {
  const withLifecycle = (lifecycle: Fields): string =>
    podWith({ initContainers: [{ name: 'init', image: 'nginx:1.27', lifecycle }], ...linux });
  assert.deepEqual(findings(withLifecycle({ stopSignal: 'SIGTERM' })), []);
  assert.deepEqual(findings(withLifecycle({})), [
    "spec.initContainers[0].lifecycle: not allowed for an init container, except a sidecar ('restartPolicy: Always') [init-lifecycle]",
  ]);
});

for (const seconds of [0, -1, 2 ** 31])
  test(`a deadline of ${seconds}`, () => {
    assert.deepEqual(findings(podWith({ activeDeadlineSeconds: seconds, restartPolicy: 'Never' })), [
      `spec.activeDeadlineSeconds: must be between 1 and 2147483647, got ${seconds} [deadline-range]`,
    ]);
  });

test('podman enforces a deadline with restartPolicy Never', () => {
  const pod = desired(podWith({ activeDeadlineSeconds: 60, restartPolicy: 'Never' }));
  assert.equal(pod.activeDeadlineSeconds, 60);
  assert.equal(pod.containers[0]?.activeDeadlineSeconds, 60);
});

for (const restartPolicy of ['Always', 'OnFailure'])
  test(`a deadline under ${restartPolicy} is recorded for the watcher`, () => {
    assert.deepEqual(findings(podWith({ activeDeadlineSeconds: 60, restartPolicy })), []);
    const [container] = desired(podWith({ activeDeadlineSeconds: 60, restartPolicy })).containers;
    assert.equal(container?.activeDeadlineSeconds, 60);
  });

test('stdinOnce is the behaviour of podman', () => {
  assert.deepEqual(findings(podWithContainer({ stdin: true, stdinOnce: true })), []);
});

for (const [fields, finding] of [
  [{ command: [''] }, 'command[0]: must not be empty: this is the program to run [invalid-command]'],
  [{ command: ['', 'x'] }, 'command[0]: must not be empty: this is the program to run [invalid-command]'],
  [{ args: ['a\0b'] }, 'args[0]: must not contain a NUL character [invalid-character]'],
  [
    { terminationMessagePath: '/./' },
    "terminationMessagePath: must be the path of a file, not '/' [unusable-path]",
  ],
] as const)
  test(`a container could not start with ${JSON.stringify(fields)}`, () => {
    assert.deepEqual(
      findings(podWithContainer(fields)).map((text) => text.replace(/\n.*/s, '')),
      [`spec.containers[0].${finding}`],
    );
  });

test('an empty argument, and an empty word after the program, are texts like others', () => {
  assert.deepEqual(findings(podWithContainer({ command: ['x', ''], args: [''] })), []);
});

for (const [mountPath, words] of [
  ['/', /^spec\.containers\[0\]\.volumeMounts\[0\]\.mountPath: must not be '\/'/],
  ['/.//', /mountPath: must not be '\/'/],
  [`/${'a/'.repeat(1600)}`, /mountPath: must have at most 3072 bytes, got 3201/],
  [`/${'a'.repeat(256)}`, /mountPath: must not contain a file name of more than 255 bytes/],
  [`/${'a/'.repeat(300)}`, /mountPath: must not be more than 200 directories deep/],
] as const)
  test(`nothing can be mounted at ${mountPath.slice(0, 20)} of ${mountPath.length} characters`, () => {
    const container = { volumeMounts: [{ name: 'v', mountPath }] };
    const found = findings(podWithContainer(container, { volumes: [{ name: 'v', emptyDir: {} }] }));
    assert.equal(found.length, 1);
    assert.match(found[0] ?? '', words);
  });

for (const path of ['a/'.repeat(2100) + 'x', 'é'.repeat(128), 'a/'.repeat(200) + 'x'])
  test(`a file of a volume cannot be called ${path.slice(0, 8)} of ${path.length} characters`, () => {
    const volumes = [
      { name: 'v', downwardAPI: { items: [{ path, fieldRef: { fieldPath: 'metadata.name' } }] } },
    ];
    const container = { volumeMounts: [{ name: 'v', mountPath: '/v' }] };
    const found = findings(podWithContainer(container, { volumes }));
    assert.equal(found.length, 1);
    assert.match(
      found[0] ?? '',
      /^spec\.volumes\[0\]\.downwardAPI\.items\[0\]\.path: must (?:not |have at most )/,
    );
  });
