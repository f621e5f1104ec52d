import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { probedBefore, runOf, waitsForInit } from '../../src/engine/watch-sighting.ts';
import { decodeRun } from '../../src/podman/inspect/run-details.ts';
import type { ContainerState, ObservedContainer } from '../../src/podman/inspect/observed.ts';
import { observedContainer } from '../support/desired.ts';

function container(role: 'init' | 'container', startedAt: number, pod = 'web'): ObservedContainer {
  const owner = { project: 'demo', pod, role, name: `${role}-${startedAt}` };
  return { ...observedContainer(owner.name, 'running'), podName: pod, owner, startedAt };
}

const sidecar = container('init', 100);
const started = { started: true, ready: false };

for (const [what, one, others, expected] of [
  ['of a pod whose app container runs', sidecar, [container('container', 104)], started],
  ['whose times are whole seconds', sidecar, [container('container', 100)], started],
  ['that has restarted since', sidecar, [container('container', 90)], undefined],
  ['of a pod that is being created', sidecar, [container('container', 0)], undefined],
  ['beside another pod', sidecar, [container('container', 104, 'db')], undefined],
  ['with a later init container only', sidecar, [container('init', 104)], undefined],
] as const)
  test(`the startup probe of a sidecar ${what}`, () => {
    assert.deepEqual(probedBefore(one, [one, ...others]), expected);
  });

test('the startup probe of an app container is run again', () => {
  assert.equal(probedBefore(container('container', 100), [container('container', 104)]), undefined);
});

suite("the run of a container in podman's state", () => {
  const times = { startedText: 'once', startedAt: 1000, finishedAt: 2000, exitCode: 3 };
  const ended = { isOomKilled: false, startFailure: undefined };
  const user = { isStoppedByUser: false, isRestartedByPodman: false };
  const running = { kind: 'running', startedAt: 1000 };
  for (const [status, expected] of [
    ['running', running],
    ['stopping', running],
    // Its end is seen once: when its exit code is known.
    ['stopped', running],
    ['exited', { kind: 'ended', startedAt: 1000, finishedAt: 2000, exitCode: 3, reason: 'Error' }],
    ['paused', { kind: 'other' }],
  ] as const)
    test(status, () => {
      assert.deepEqual(runOf({ id: 'f00', status, ...times, ...ended, ...user }, 0), expected);
    });
});

suite('a container that has never run', () => {
  const created = { Status: 'created', StartedAt: '0001-01-01T00:00:00Z', ExitCode: 0 };
  const failed = { kind: 'ended', finishedAt: -Infinity, exitCode: 128, reason: 'StartError' };
  const reason = 'workdir "/etc/passwd" exists on container f00, but is not a directory';
  // As podman 4.3.1, 5.4.2 and 6.1.1 show it.
  for (const [what, error, more, expected] of [
    ['and that nobody has started', '', {}, { kind: 'other' }],
    [
      'and that somebody has tried to attach to',
      'you can only attach to running containers',
      {},
      { kind: 'other' },
    ],
    [
      'whose OCI runtime has failed, on podman 4.3.1',
      '',
      { OCIConfigPath: '/c', HostnamePath: '/h' },
      failed,
    ],
    ['whose workingDir is a file, on podman 4.3.1', '', { HostnamePath: '/h' }, failed],
    ['whose workingDir is a file', reason, { HostnamePath: '/h' }, { ...failed, message: reason }],
    ['whose volume cannot be mounted', 'mounting volume x', {}, { ...failed, message: 'mounting volume x' }],
  ] as const)
    test(what, () => {
      const traces = { OCIConfigPath: '', HostnamePath: '', ...more };
      const row = { Id: 'f00', State: { ...created, Error: error }, ...traces };
      assert.deepEqual(runOf(decodeRun(row), 0), expected);
    });
});

suite('an app container that has ended', () => {
  const app = container('container', 100);
  const init = (state: ContainerState, exitCode = 0, pod = 'web'): ObservedContainer => ({
    ...{ ...container('init', 100, pod), state, exitCode },
  });
  for (const [what, others, expected] of [
    ['after all init containers have completed', [init('exited')], false],
    ['without init containers', [], false],
    ['after an init container has failed', [init('exited'), init('exited', 7)], true],
    ['while an init container runs', [init('running')], true],
    ['before an init container runs', [init('created')], true],
    ['beside another pod', [init('exited', 7, 'db')], false],
  ] as const)
    test(`${expected ? 'stays down' : 'is restarted'} ${what}`, () => {
      assert.equal(waitsForInit(app, [app, ...others]), expected);
    });

  test('a sidecar does not wait for init containers', () => {
    assert.equal(waitsForInit(sidecar, [sidecar, init('exited', 7)]), false);
  });
});
