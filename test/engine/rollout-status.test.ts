import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { observedRolloutStatus, type RolloutStatus } from '../../src/engine/rollout-status.ts';
import type { RestartPolicy } from '../../src/kube/spec/desired.ts';
import { withoutStopped } from '../../src/kube/status/rollout-status.ts';
import type { ContainerState } from '../../src/podman/inspect/observed.ts';
import { observedContainer, podOf } from '../support/desired.ts';

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

suite('containers that were stopped beside up', () => {
  const rows = [
    ['Always', 0, 'complete'],
    ['Always', 137, 'complete'],
    ['OnFailure', 137, 'complete'],
    ['Never', 137, 'failed'],
  ] as const;
  for (const [policy, exitCode, kind] of rows)
    test(`${policy}: ended with ${exitCode} is ${kind}`, () => {
      const pods = [podOf('web', policy, 'app')];
      const ended = observedRolloutStatus(pods, [observedContainer('web-app', 'exited', exitCode)]);
      assert.equal(ended.kind, 'failed');
      const { status, hasStopped } = withoutStopped(pods, ended);
      assert.deepEqual([status.kind, hasStopped], [kind, kind === 'complete']);
    });

  test('one that has failed for good remains', () => {
    const pods = [podOf('web', 'Always', 'app'), podOf('job', 'Never', 'work')];
    const states = [observedContainer('web-app', 'exited', 0), observedContainer('job-work', 'exited', 3)];
    const failed = [{ pod: 'job', container: 'work', exitCode: 3 }];
    assert.deepEqual(withoutStopped(pods, observedRolloutStatus(pods, states)), {
      status: { kind: 'failed', containers: failed },
      hasStopped: true,
    });
  });
});
