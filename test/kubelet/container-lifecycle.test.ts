import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import type { RestartPolicy, RestartRule } from '../../src/kube/spec/restart-policy.ts';
import {
  backOffMessage,
  restartAfter,
  restarted,
  type BackOff,
  type ContainerEnd,
  type RestartDecision,
} from '../../src/kubelet/container-lifecycle.ts';

type Subject = Parameters<typeof restartAfter>[0];

const app = (restartPolicy: RestartPolicy, ...restartPolicyRules: readonly RestartRule[]): Subject => ({
  role: 'container',
  restartPolicy,
  ...(restartPolicyRules.length === 0 ? {} : { restartPolicyRules }),
});
const init = (ownRestartPolicy?: RestartPolicy, ...restartPolicyRules: readonly RestartRule[]): Subject => ({
  ...app('Never', ...restartPolicyRules),
  role: 'init',
  ...(ownRestartPolicy === undefined ? {} : { ownRestartPolicy }),
});
const sidecar: Subject = { role: 'init', restartPolicy: 'Always' };
const rule = (
  operator: 'In' | 'NotIn',
  values: readonly number[],
  action: RestartRule['action'] = 'Restart',
): RestartRule => ({ action, exitCodes: { operator, values } });
const ended = (exitCode: number): ContainerEnd => ({ exitCode, finishedAt: 0 });
const killed = (exitCode: number): ContainerEnd => ({ ...ended(exitCode), killedByProbe: {} });

const rows: readonly (readonly [
  name: string,
  container: Subject,
  podPolicy: RestartPolicy,
  end: ContainerEnd,
  decision: RestartDecision['kind'],
])[] = [
  ['Always, succeeded', app('Always'), 'Always', ended(0), 'restart'],
  ['Always, failed', app('Always'), 'Always', ended(1), 'restart'],
  ['OnFailure, succeeded', app('OnFailure'), 'OnFailure', ended(0), 'none'],
  ['OnFailure, failed', app('OnFailure'), 'OnFailure', ended(1), 'restart'],
  ['Never, succeeded', app('Never'), 'Never', ended(0), 'none'],
  ['Never, failed', app('Never'), 'Never', ended(1), 'none'],
  ['a policy of its own: Always in a pod of Never', app('Always'), 'Never', ended(0), 'restart'],
  ['a policy of its own: Never in a pod of Always', app('Never'), 'Always', ended(1), 'none'],
  ['a probe kills: Always', app('Always'), 'Always', killed(0), 'restart'],
  ['a probe kills: OnFailure, ended with 0', app('OnFailure'), 'OnFailure', killed(0), 'restart'],
  ['a probe kills: Never', app('Never'), 'Never', killed(137), 'none'],
  ['a rule matches', app('Never', rule('In', [42, 43])), 'Never', ended(43), 'restart'],
  ['a rule does not match', app('Never', rule('In', [42])), 'Never', ended(1), 'none'],
  ['a rule for other codes', app('Never', rule('NotIn', [42])), 'Never', ended(1), 'restart'],
  ['a rule for other codes than this', app('Never', rule('NotIn', [42])), 'Never', ended(42), 'none'],
  ['a rule for no code', app('Never', rule('In', [])), 'Never', ended(1), 'none'],
  ['a rule for every code', app('Never', rule('NotIn', [])), 'Never', ended(0), 'restart'],
  ['a rule without a match leaves the policy', app('Always', rule('In', [42])), 'Never', ended(1), 'restart'],
  [
    'the first rule counts',
    app('Never', rule('In', [1]), rule('In', [1], 'RestartAllContainers')),
    'Never',
    ended(1),
    'restart',
  ],
  ['all containers', app('Never', rule('In', [1], 'RestartAllContainers')), 'Never', ended(1), 'restart-all'],
  [
    'all containers, after a success',
    app('OnFailure', rule('In', [0], 'RestartAllContainers')),
    'Never',
    ended(0),
    'restart-all',
  ],
  [
    'rules do not count if a probe kills',
    app('Never', rule('NotIn', [], 'RestartAllContainers')),
    'Never',
    killed(1),
    'none',
  ],
  ['init, succeeded', init(), 'Always', ended(0), 'none'],
  ['init, failed in a pod of Always', init(), 'Always', ended(1), 'restart'],
  ['init, failed in a pod of OnFailure', init(), 'OnFailure', ended(1), 'restart'],
  ['init, failed in a pod of Never', init(), 'Never', ended(1), 'none'],
  ['init, failed, OnFailure of its own', init('OnFailure'), 'Never', ended(1), 'restart'],
  ['init, failed, Never of its own', init('Never'), 'Always', ended(1), 'none'],
  ['init, succeeded, with a rule for 0', init('Never', rule('In', [0])), 'Always', ended(0), 'none'],
  ['init, failed, with a rule', init('Never', rule('In', [3])), 'Never', ended(3), 'restart'],
  [
    'init, succeeded, restarts all',
    init('Never', rule('In', [0], 'RestartAllContainers')),
    'Never',
    ended(0),
    'restart-all',
  ],
  ['sidecar, succeeded', sidecar, 'Never', ended(0), 'restart'],
  ['sidecar, failed', sidecar, 'Never', ended(1), 'restart'],
  ['sidecar, killed by a probe', sidecar, 'Never', killed(0), 'restart'],
];

for (const [name, container, podPolicy, end, decision] of rows)
  test(name, () => {
    assert.equal(restartAfter(container, podPolicy, end, undefined).kind, decision);
  });

/** The waits of a container that ends again and again, in seconds, each run lasting as given. */
function waits(...runSeconds: readonly number[]): readonly number[] {
  let [now, backOff] = [0, undefined as BackOff | undefined];
  return runSeconds.map((seconds) => {
    now += seconds * 1000;
    const end = { exitCode: 1, finishedAt: now };
    const decision = restartAfter(app('Always'), 'Always', end, backOff);
    assert.ok(decision.kind === 'restart');
    assert.equal(decision.at, now + decision.waitSeconds * 1000);
    now = decision.at;
    backOff = restarted(backOff, end, now);
    return decision.waitSeconds;
  });
}

test('the first restart is at once, then the wait doubles up to 5 minutes', () => {
  assert.deepEqual(waits(1, 1, 1, 1, 1, 1, 1, 1, 1), [0, 10, 20, 40, 80, 160, 300, 300, 300]);
});

test('after more than 10 minutes of running the wait begins anew', () => {
  assert.deepEqual(waits(1, 1, 1, 600, 1, 601, 1, 1), [0, 10, 20, 40, 80, 0, 10, 20]);
  assert.deepEqual(waits(5000, 5000, 1), [0, 0, 10]);
});

test('a restart that comes late starts the time of running late', () => {
  const end = { exitCode: 1, finishedAt: 10_000 };
  const backOff = restarted(undefined, end, 500_000);
  assert.deepEqual(backOff, { seconds: 10, restartedAt: 500_000 });
  assert.deepEqual(restartAfter(app('Always'), 'Always', { exitCode: 1, finishedAt: 1_050_000 }, backOff), {
    kind: 'restart',
    at: 1_060_000,
    waitSeconds: 10,
  });
});

/** A container that a probe kills again and again after the same time, as in `waits`. */
function waitsOfKills(runSeconds: number, times: number): readonly number[] {
  let [now, backOff] = [0, undefined as BackOff | undefined];
  let previous: { readonly previousFinishedAt?: number } = {};
  return Array.from({ length: times }, () => {
    now += runSeconds * 1000;
    const end: ContainerEnd = { exitCode: 137, finishedAt: now, killedByProbe: previous };
    const decision = restartAfter(app('Always'), 'Always', end, backOff);
    assert.ok(decision.kind === 'restart');
    backOff = restarted(backOff, end, decision.at);
    previous = { previousFinishedAt: now };
    now = decision.at;
    return decision.waitSeconds;
  });
}

test('a container that a probe kills restarts at once while its runs are longer than the wait', () => {
  // After 5 minutes of waiting and 30 s of running, the end of the run before is longer ago than 5 minutes.
  assert.deepEqual(waitsOfKills(30, 10), [0, 0, 0, 0, 40, 80, 160, 300, 0, 300]);
  assert.deepEqual(waitsOfKills(5, 5), [0, 0, 10, 20, 40]);
});

test('the message is that of a kubelet', () => {
  const texts = [10, 40, 60, 80, 300].map((seconds) => backOffMessage(seconds, 'web', 'shop'));
  assert.deepEqual(
    texts.map((text) => text.split(' ')[1]),
    ['10s', '40s', '1m0s', '1m20s', '5m0s'],
  );
  assert.equal(texts[0], 'back-off 10s restarting failed container=web pod=shop');
});

test('property: waits never shrink between stable runs, and are one of the known steps', () => {
  const steps = [0, 10, 20, 40, 80, 160, 300];
  fc.assert(
    fc.property(fc.array(fc.nat(1200), { maxLength: 30 }), (runSeconds) => {
      const found = waits(...runSeconds);
      for (const [index, wait] of found.entries()) {
        assert.ok(steps.includes(wait));
        if (index === 0) continue;
        const before = found[index - 1] ?? 0;
        if ((runSeconds[index] ?? 0) > 600) assert.equal(wait, 0);
        else assert.equal(wait, before === 0 ? 10 : Math.min(2 * before, 300));
      }
    }),
    { numRuns: 200 },
  );
});
