import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  lastingContainers,
  mayRestart,
  restartsAfter,
  runsToEnd,
  type RestartPolicy,
  type RestartRule,
} from '../../../src/kube/spec/restart-policy.ts';
import { containerList } from '../../../src/podman/inspect/container-list.ts';
import { desired, podWith } from '../manifest.ts';

function rule(operator: 'In' | 'NotIn', ...values: readonly number[]): RestartRule {
  return { action: 'Restart', exitCodes: { operator, values } };
}

type Row = readonly [RestartPolicy, readonly RestartRule[], exitCode: number, restarts: boolean];

const rows: readonly Row[] = [
  ['Always', [], 0, true],
  ['OnFailure', [], 0, false],
  ['OnFailure', [], 1, true],
  ['Never', [], 1, false],
  ['Never', [rule('In', 42)], 42, true],
  ['Never', [rule('In', 42)], 1, false],
  ['Never', [rule('In', 0)], 0, true],
  ['Never', [rule('NotIn', 0, 1)], 2, true],
  ['Never', [rule('NotIn', 0, 1)], 1, false],
  ['Never', [rule('In', 7), rule('In', 8)], 8, true],
  // A rule can only add restarts.
  ['OnFailure', [rule('In', 42)], 1, true],
];

for (const [restartPolicy, restartPolicyRules, exitCode, expected] of rows)
  test(`${restartPolicy}, ${JSON.stringify(restartPolicyRules)}: exit code ${exitCode}`, () => {
    assert.equal(restartsAfter({ restartPolicy, restartPolicyRules }, exitCode), expected);
    assert.ok(!expected || mayRestart({ restartPolicy, restartPolicyRules }));
  });

test('sidecars last as long as their pod, and are listed as such', () => {
  const pod = desired(
    podWith({
      initContainers: [
        { name: 'setup', image: 'busybox:1', restartPolicy: 'OnFailure' },
        { name: 'proxy', image: 'busybox:1', restartPolicy: 'Always' },
      ],
      containers: [{ name: 'app', image: 'busybox:1' }],
    }),
  );
  assert.deepEqual(
    pod.initContainers.filter(runsToEnd).map(({ name }) => name),
    ['setup'],
  );
  assert.deepEqual(
    lastingContainers(pod).map(({ name }) => name),
    ['proxy', 'app'],
  );
  assert.equal(containerList(pod), 'init/setup,sidecar/proxy,container/app');
});
