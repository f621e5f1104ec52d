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
    assert.ok(finding.startsWith(`${at}: '${signal}' is no signal${meant}`), finding);
  });

test('a signal needs an operating system', () => {
  assert.deepEqual(findings(withSignal('SIGTERM', {})), [
    `${at}: can be set only together with 'os: { name: linux }' in the spec [operating-system-missing]`,
  ]);
  assert.deepEqual(findings(withSignal('', {})), []);
});

test('an init container has no lifecycle', () => {
  const initContainers = [{ name: 'init', image: 'nginx:1.27', lifecycle: { stopSignal: 'SIGTERM' } }];
  assert.deepEqual(findings(podWith({ initContainers, ...linux })), [
    'spec.initContainers[0].lifecycle: an init container that runs to its end has no lifecycle [init-lifecycle]',
  ]);
});

for (const seconds of [0, -1, 2 ** 31])
  test(`a deadline of ${seconds}`, () => {
    assert.deepEqual(findings(podWith({ activeDeadlineSeconds: seconds, restartPolicy: 'Never' })), [
      `spec.activeDeadlineSeconds: must be between 1 and 2147483647, got ${seconds} [deadline-range]`,
    ]);
  });

test('a deadline is kept by podman where nothing starts containers again', () => {
  const pod = desired(podWith({ activeDeadlineSeconds: 60, restartPolicy: 'Never' }));
  assert.equal(pod.activeDeadlineSeconds, 60);
  assert.equal(pod.containers[0]?.activeDeadlineSeconds, 60);
});

for (const restartPolicy of ['Always', 'OnFailure'])
  test(`a deadline under ${restartPolicy} is kept by up alone, which is worth knowing`, () => {
    assert.deepEqual(findings(podWith({ activeDeadlineSeconds: 60, restartPolicy })), [
      'warning: spec.activeDeadlineSeconds: is kept only for as long as up waits for the pod, or follows its logs [deadline-kept-by-up]',
    ]);
  });

test('stdin that is closed once is how podman does it', () => {
  assert.deepEqual(findings(podWithContainer({ stdin: true, stdinOnce: true })), []);
});
