import assert from 'node:assert/strict';
import { test } from 'node:test';
import { deadlineExceeded, latePods } from '../../src/engine/late-pods.ts';
import type { RestartPolicy } from '../../src/kube/spec/desired.ts';
import type { ObservedContainer, ObservedPod } from '../../src/podman/inspect/observed.ts';
import { observedContainer, podOf } from '../support/desired.ts';

const START = 1000;
const SECONDS = 60;
const DEADLINE = START + SECONDS;

const owner = { project: 'demo', pod: 'web' } as const;
const web = { ...podOf('web', 'Never'), activeDeadlineSeconds: SECONDS };

function infra(exitedAt: number | undefined): ObservedPod {
  return {
    ...{ id: 'pod-web', name: 'web', labels: {}, owner: { ...owner, role: 'pod' }, infraStartedAt: START },
    ...(exitedAt === undefined ? { infra: 'running' } : { infra: 'exited', infraExitedAt: exitedAt }),
  };
}

function ended(
  policy: RestartPolicy,
  exitCode: number,
  exitedAt: number,
  role: 'init' | 'container' = 'container',
): ObservedContainer {
  const spec = {
    restartPolicy: policy,
    ...(role === 'init' ? { ownRestartPolicy: policy } : {}),
    activeDeadlineSeconds: SECONDS,
  };
  return {
    ...observedContainer(`web-${role}`, 'exited'),
    labels: { 'podpose.format': '1', 'podpose.spec': JSON.stringify(spec) },
    owner: { ...owner, role, name: role },
    ...{ podName: 'web', startedAt: START, exitCode, exitedAt },
  };
}

type Row = readonly [what: string, pod: ObservedPod, isLate: boolean, ...containers: ObservedContainer[]];
const STOPPED = infra(DEADLINE);
const ROWS: readonly Row[] = [
  ['runs', infra(undefined), false, { ...ended('Never', 0, 0), state: 'running' }],
  ['was stopped at its deadline, Never', STOPPED, true, ended('Never', 143, DEADLINE)],
  ['was stopped at its deadline, and ended with 0', STOPPED, true, ended('Never', 0, DEADLINE)],
  ['was stopped at its deadline, in a back-off', STOPPED, true, ended('Always', 3, DEADLINE - 5)],
  ['was stopped at its deadline, in an init container', STOPPED, true, ended('Never', 137, DEADLINE, 'init')],
  ['was stopped before it', infra(DEADLINE - 5), false, ended('Never', 143, DEADLINE - 5)],
  ['had succeeded before it, and was stopped later', STOPPED, false, ended('Never', 0, DEADLINE - 5)],
  ['had failed before it, and was stopped later', STOPPED, false, ended('Never', 3, DEADLINE - 5)],
  ['had an init container that failed before it', STOPPED, false, ended('Never', 3, DEADLINE - 5, 'init')],
  [
    'has a container that podman killed at its time limit',
    infra(undefined),
    true,
    ended('Never', 137, DEADLINE),
  ],
  ['has completed in time', infra(undefined), false, ended('Never', 0, DEADLINE + 5)],
];

for (const [what, pod, isLate, ...containers] of ROWS)
  test(`a pod ${isLate ? 'has exceeded' : 'has not exceeded'} its deadline that ${what}`, async () => {
    const late = await latePods('demo', [web], () => Promise.resolve({ pods: [pod], containers }));
    assert.deepEqual(
      late.map(({ name }) => name),
      isLate ? ['web'] : [],
    );
  });

test('podman is not asked about pods without a deadline', async () => {
  const observe = () => Promise.reject(new Error('asked'));
  assert.deepEqual(await latePods('demo', [podOf('web', 'Never')], observe), []);
});

test('the error names the pod and the deadline', () => {
  assert.equal(deadlineExceeded(web).message, 'pod/web was stopped: activeDeadlineSeconds (60) exceeded');
});
