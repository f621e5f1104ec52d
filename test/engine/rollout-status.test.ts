import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { observedRolloutStatus, type RolloutStatus } from '../../src/engine/rollout-status.ts';
import { waitForRollout } from '../../src/engine/wait-for-rollout.ts';
import type { RestartPolicy } from '../../src/kube/spec/desired.ts';
import type { ContainerState, ObservedContainer } from '../../src/podman/inspect/observed.ts';
import { observedContainer, podOf } from '../support/desired.ts';
import { calm, handClock } from '../support/scripted-runner.ts';

suite('rollout status', () => {
  type Row = readonly [
    policy: RestartPolicy,
    state: ContainerState | 'absent',
    exitCode: number,
    RolloutStatus['kind'],
  ];
  const rows: readonly Row[] = [
    ['Always', 'running', 0, 'complete'],
    ['Always', 'created', 0, 'progressing'],
    ['Always', 'absent', 0, 'progressing'],
    ['Always', 'exited', 0, 'failed'],
    ['Always', 'exited', 1, 'failed'],
    ['Always', 'stopped', 0, 'failed'],
    ['Always', 'unknown', 0, 'progressing'],
    ['OnFailure', 'running', 0, 'progressing'],
    ['OnFailure', 'exited', 0, 'complete'],
    ['OnFailure', 'exited', 1, 'failed'],
    ['Never', 'running', 0, 'progressing'],
    ['Never', 'created', 0, 'progressing'],
    ['Never', 'exited', 0, 'complete'],
    ['Never', 'exited', 137, 'failed'],
  ];
  for (const [policy, state, exitCode, kind] of rows)
    test(`${policy}: ${state}${exitCode === 0 ? '' : ` with code ${exitCode}`} is ${kind}`, () => {
      const observed = state === 'absent' ? [] : [observedContainer('web-app', state, exitCode)];
      assert.equal(observedRolloutStatus([podOf('web', policy, 'app')], observed).kind, kind);
    });

  test('counts the containers of the given pods only', () => {
    const pods = [podOf('web', 'Always', 'app', 'logs'), podOf('job', 'Never', 'work')];
    const status = observedRolloutStatus(pods, [
      observedContainer('web-app', 'running'),
      observedContainer('web-logs', 'created'),
      observedContainer('job-work', 'running'),
      observedContainer('other-app', 'exited', 1),
    ]);
    assert.deepEqual(status, { kind: 'progressing', containers: 2 });
  });

  test('a failed container is named, also while others are progressing', () => {
    const status = observedRolloutStatus(
      [podOf('web', 'Always', 'app'), podOf('job', 'Never', 'work')],
      [observedContainer('job-work', 'exited', 3)],
    );
    assert.deepEqual(status, {
      kind: 'failed',
      containers: [{ pod: 'job', container: 'work', exitCode: 3 }],
    });
  });

  test('without pods the rollout is complete', () => {
    assert.deepEqual(observedRolloutStatus([], []), { kind: 'complete', running: 0 });
  });
});

suite('waiting for a rollout', () => {
  /** A poll that returns one state after another, then the last one again and again. */
  function polls(
    ...states: readonly (readonly ObservedContainer[])[]
  ): () => Promise<readonly ObservedContainer[]> {
    let next = 0;
    return () => Promise.resolve(states[Math.min(next++, states.length - 1)] ?? []);
  }
  const pods = [podOf('web', 'Always', 'app')];

  test('polls every half second until the rollout is complete', async () => {
    const clock = handClock();
    const status = waitForRollout(
      pods,
      polls([], [observedContainer('web-app', 'created')], [observedContainer('web-app', 'running')]),
      clock,
      new AbortController().signal,
    );
    await calm();
    await clock.advance(500);
    await clock.advance(500);
    assert.deepEqual(await status, { kind: 'complete', running: 1 });
    assert.equal(clock.now(), 1000);
  });

  test('ends when a container has failed', async () => {
    const status = await waitForRollout(
      pods,
      polls([observedContainer('web-app', 'exited', 2)]),
      handClock(),
      new AbortController().signal,
    );
    assert.equal(status.kind, 'failed');
  });

  test('ends at the stop signal with the current status', async () => {
    const stop = new AbortController();
    const status = waitForRollout(pods, polls([]), handClock(), stop.signal);
    await calm();
    stop.abort();
    assert.deepEqual(await status, { kind: 'progressing', containers: 1 });
  });

  test('polls once if it is already stopped', async () => {
    const status = await waitForRollout(
      pods,
      polls([observedContainer('web-app', 'running')]),
      handClock(),
      AbortSignal.abort(),
    );
    assert.equal(status.kind, 'complete');
  });
});
