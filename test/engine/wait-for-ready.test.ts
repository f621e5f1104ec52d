import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { readinessOf, type Wait } from '../../src/engine/pod-readiness.ts';
import { waitForReady } from '../../src/engine/wait-for-ready.ts';
import type { RestartPolicy } from '../../src/kube/spec/desired.ts';
import type { ContainersAndPods } from '../../src/podman/inspect/decode.ts';
import type { ContainerState, ObservedContainer, ObservedPod } from '../../src/podman/inspect/observed.ts';
import { observedContainer, podOf } from '../support/desired.ts';
import { calm, handClock } from '../support/scripted-runner.ts';

const NOW = 1000;
const owner = { project: 'demo', pod: 'web' } as const;
const infra: ObservedPod = {
  id: 'pod-web',
  name: 'web',
  labels: {},
  owner: { ...owner, role: 'pod' },
  infra: 'running',
  infraStartedAt: 1,
};

function observed(policy: RestartPolicy, state: ContainerState, rest: Partial<ObservedContainer> = {}) {
  const container: ObservedContainer = {
    ...observedContainer('web-app', state),
    labels: { 'podpose.format': '1', 'podpose.spec': JSON.stringify({ restartPolicy: policy }) },
    owner: { ...owner, role: 'container', name: 'app' },
    podName: 'web',
    startedAt: NOW - 1,
    createdAt: NOW - 5,
    restarts: 0,
    ...rest,
  };
  return { pods: [infra], containers: [container] };
}

suite('what up --wait waits for', () => {
  type Row = readonly [RestartPolicy, ContainerState, Partial<ObservedContainer>, string];
  const rows: readonly Row[] = [
    ['Always', 'running', {}, 'nothing'],
    ['Always', 'created', { startedAt: 0 }, 'app: ContainerCreating'],
    ['Always', 'paused', {}, 'app: not ready'],
    ['Always', 'exited', { exitCode: 3 }, 'app: Error'],
    ['Always', 'running', { restarts: 1 }, 'app: restarted once'],
    ['Always', 'running', { restarts: 9 }, 'app: restarted 9 times'],
    ['Always', 'running', { restarts: 1, startedAt: NOW - 11 }, 'nothing'],
    ['OnFailure', 'running', {}, 'app: running'],
    ['OnFailure', 'exited', { exitCode: 3 }, 'app: Error'],
    ['OnFailure', 'exited', {}, 'nothing'],
    ['Never', 'running', {}, 'app: running'],
    ['Never', 'exited', {}, 'nothing'],
    ['Never', 'exited', { exitCode: 3 }, 'failed'],
  ];
  for (const [policy, state, rest, expected] of rows)
    test(`${policy}: ${state} ${JSON.stringify(rest)}`, () => {
      const readiness = readinessOf(
        'demo',
        [podOf('web', policy, 'app')],
        observed(policy, state, rest),
        NOW,
      );
      const waits = readiness.waits.map((wait) => `${wait.container ?? ''}: ${wait.state}`).join(', ');
      assert.equal(readiness.hasFailed ? 'failed' : waits || 'nothing', expected);
    });

  test('a pod that does not exist', () => {
    const { waits } = readinessOf('demo', [podOf('web', 'Always', 'app')], { pods: [], containers: [] }, NOW);
    assert.deepEqual(waits, [{ pod: 'web', state: 'not created' }]);
  });
});

suite('waiting until pods are ready', () => {
  const pods = [podOf('web', 'Always', 'app')];
  function waiting(...states: readonly ContainersAndPods[]) {
    const clock = handClock();
    const stop = new AbortController();
    const shown: (readonly Wait[])[] = [];
    let next = 0;
    const end = waitForReady(pods, {
      project: 'demo',
      observe: () =>
        Promise.resolve(states[Math.min(next++, states.length - 1)] ?? { pods: [], containers: [] }),
      clock,
      today: () => NOW * 1000,
      onWait: (waits) => shown.push(waits),
      stop: stop.signal,
    });
    return { clock, stop, shown, end };
  }
  const created = observed('Always', 'created', { startedAt: 0 });

  test('polls until they are, and says what it waits for once', async () => {
    const { clock, shown, end } = waiting(created, created, observed('Always', 'running'));
    await calm();
    await clock.advance(250);
    await clock.advance(250);
    assert.deepEqual(await end, { hasFailed: false, waits: [] });
    assert.deepEqual(shown, [[{ pod: 'web', container: 'app', state: 'ContainerCreating' }]]);
  });

  test('ends at the signal with what is missing', async () => {
    const { stop, end } = waiting(created);
    await calm();
    stop.abort();
    assert.equal((await end).waits.length, 1);
  });
});
