import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { observedRolloutStatus, type RolloutStatus } from '../../src/engine/rollout-status.ts';
import { waitForRollout } from '../../src/engine/wait-for-rollout.ts';
import type { RestartPolicy } from '../../src/kube/spec/desired.ts';
import type { ContainerState, ObservedContainer } from '../../src/podman/inspect/observed.ts';
import { observedContainer, podOf } from '../support/desired.ts';
import { calm, handClock } from '../support/scripted-runner.ts';

suite('how far pods have come', () => {
  type Row = readonly [
    policy: RestartPolicy,
    state: ContainerState | 'absent',
    exitCode: number,
    RolloutStatus['kind'],
  ];
  const rows: readonly Row[] = [
    ['Always', 'running', 0, 'settled'],
    ['Always', 'created', 0, 'running'],
    ['Always', 'absent', 0, 'running'],
    ['Always', 'exited', 0, 'failed'],
    ['Always', 'exited', 1, 'failed'],
    ['Always', 'stopped', 0, 'failed'],
    ['Always', 'unknown', 0, 'running'],
    ['OnFailure', 'running', 0, 'running'],
    ['OnFailure', 'exited', 0, 'settled'],
    ['OnFailure', 'exited', 1, 'failed'],
    ['Never', 'running', 0, 'running'],
    ['Never', 'created', 0, 'running'],
    ['Never', 'exited', 0, 'settled'],
    ['Never', 'exited', 137, 'failed'],
  ];
  for (const [policy, state, exitCode, kind] of rows)
    test(`${policy}: ${state}${exitCode === 0 ? '' : ` with code ${exitCode}`} is ${kind}`, () => {
      const there = state === 'absent' ? [] : [observedContainer('web-app', state, exitCode)];
      assert.equal(observedRolloutStatus([podOf('web', policy, 'app')], there).kind, kind);
    });

  test('all containers of all pods count, and those of others do not', () => {
    const pods = [podOf('web', 'Always', 'app', 'logs'), podOf('job', 'Never', 'work')];
    const progress = observedRolloutStatus(pods, [
      observedContainer('web-app', 'running'),
      observedContainer('web-logs', 'created'),
      observedContainer('job-work', 'running'),
      observedContainer('other-app', 'exited', 1),
    ]);
    assert.deepEqual(progress, { kind: 'running', containers: 2 });
  });

  test('one that failed is named, also while others are on their way', () => {
    const progress = observedRolloutStatus(
      [podOf('web', 'Always', 'app'), podOf('job', 'Never', 'work')],
      [observedContainer('job-work', 'exited', 3)],
    );
    assert.deepEqual(progress, {
      kind: 'failed',
      containers: [{ pod: 'job', container: 'work', exitCode: 3 }],
    });
  });

  test('no pods have nothing to wait for', () => {
    assert.deepEqual(observedRolloutStatus([], []), { kind: 'settled', running: 0 });
  });
});

suite('settling', () => {
  /** Gives one look after another, and the last one for ever. */
  function looks(
    ...states: readonly (readonly ObservedContainer[])[]
  ): () => Promise<readonly ObservedContainer[]> {
    let next = 0;
    return () => Promise.resolve(states[Math.min(next++, states.length - 1)] ?? []);
  }
  const pods = [podOf('web', 'Always', 'app')];

  test('looks every half second until all is well', async () => {
    const clock = handClock();
    const settled = waitForRollout(
      pods,
      looks([], [observedContainer('web-app', 'created')], [observedContainer('web-app', 'running')]),
      clock,
      new AbortController().signal,
    );
    await calm();
    await clock.advance(500);
    await clock.advance(500);
    assert.deepEqual(await settled, { kind: 'settled', running: 1 });
    assert.equal(clock.now(), 1000);
  });

  test('ends as soon as one has failed', async () => {
    const progress = await waitForRollout(
      pods,
      looks([observedContainer('web-app', 'exited', 2)]),
      handClock(),
      new AbortController().signal,
    );
    assert.equal(progress.kind, 'failed');
  });

  test('ends when it is told to stop, with how far it is', async () => {
    const stop = new AbortController();
    const settled = waitForRollout(pods, looks([]), handClock(), stop.signal);
    await calm();
    stop.abort();
    assert.deepEqual(await settled, { kind: 'running', containers: 1 });
  });

  test('looks once where there is no time at all', async () => {
    const progress = await waitForRollout(
      pods,
      looks([observedContainer('web-app', 'running')]),
      handClock(),
      AbortSignal.abort(),
    );
    assert.equal(progress.kind, 'settled');
  });
});
