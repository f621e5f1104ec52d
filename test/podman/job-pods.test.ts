import assert from 'node:assert/strict';
import { test } from 'node:test';
import { jobPodsOf } from '../../src/podman/inspect/job-pods.ts';
import type { ContainerState, ObservedContainer, ObservedPod } from '../../src/podman/inspect/observed.ts';

const START = 100;

interface Row {
  readonly title: string;
  readonly policy?: 'Never' | 'OnFailure';
  readonly deadline?: number;
  readonly infra?: Partial<ObservedPod>;
  /** `init exited 0 @110`: the role, the state, the exit code and the time of the end. */
  readonly containers: readonly string[];
  readonly state: string;
  /** Whether what creates it has not come to its last container. */
  readonly isIncomplete?: true;
}

const ROWS: readonly Row[] = [
  { title: 'a running container', containers: ['container running'], state: 'active' },
  { title: 'it has completed', containers: ['container exited 0 @110'], state: 'succeeded' },
  { title: 'it has failed', containers: ['container exited 3 @110'], state: 'failed' },
  {
    title: 'it has failed, and is restarted',
    policy: 'OnFailure',
    containers: ['container exited 3 @110'],
    state: 'active',
  },
  {
    title: 'its container does not exist yet',
    containers: ['init exited 0 @110'],
    state: 'active',
    isIncomplete: true,
  },
  { title: 'its init container runs', containers: ['init running'], state: 'active' },
  {
    title: 'it was stopped while its init container ran',
    infra: { infra: 'exited', infraExitedAt: 111 },
    containers: ['init exited 137 @110'],
    ...{ state: 'active', isIncomplete: true },
  },
  { title: 'its init container has failed', containers: ['init exited 1 @110'], state: 'failed' },
  {
    title: 'its init container was retried, and has failed',
    policy: 'OnFailure',
    containers: ['init exited 1 @110'],
    state: 'failed',
  },
  {
    title: 'somebody has stopped the pod',
    infra: { infra: 'exited', infraExitedAt: 111 },
    containers: ['container exited 143 @110'],
    state: 'active',
  },
  ...(['Never', 'OnFailure'] as const).map((policy): Row => ({
    title: `it was stopped at its deadline (${policy})`,
    ...{ policy, deadline: 10, infra: { infra: 'exited', infraExitedAt: 111 } },
    ...{ containers: ['container exited 143 @110'], state: 'failed' },
  })),
  {
    title: 'it has ended with 0 as it is stopped at its deadline, and its infra container runs',
    ...{ deadline: 10, containers: ['container exited 0 @110'], state: 'failed' },
  },
  {
    title: 'it was stopped before its deadline',
    ...{ policy: 'OnFailure', deadline: 60, infra: { infra: 'exited', infraExitedAt: 111 } },
    ...{ containers: ['container exited 143 @110'], state: 'active' },
  },
  {
    title: 'it had completed, and was stopped after its deadline',
    ...{ deadline: 10, infra: { infra: 'exited', infraExitedAt: 200 } },
    ...{ containers: ['container exited 0 @105'], state: 'succeeded' },
  },
];

function container(text: string, index: number): ObservedContainer {
  const [role, state = '', code = '0', end = '@0'] = text.split(' ');
  return {
    ...{ id: `c${index}`, name: `load-1a2b3-0-${role ?? ''}`, labels: {}, podName: 'load-1a2b3-0' },
    owner: {
      ...{ project: 'demo', pod: 'load-1a2b3-0', name: role ?? '' },
      role: role === 'init' ? 'init' : 'container',
    },
    ...{ state: state as ContainerState, exitCode: Number(code), exitedAt: Number(end.slice(1)) },
    ...{ startedAt: START, createdAt: START, image: '', imageId: '' },
  };
}

for (const { title, policy = 'Never', deadline, infra, containers, state, isIncomplete } of ROWS)
  test(`a pod of a Job: ${title}`, () => {
    const job = {
      ...{ name: 'load', hash: '1a2b3' },
      spec: {
        ...{ completions: 1, parallelism: 1, isIndexed: false, suspend: false, restartPolicy: policy },
        ...{ backoffLimit: 6, failureRules: [] },
      },
      template: deadline === undefined ? {} : { activeDeadlineSeconds: deadline },
    };
    const pod: ObservedPod = {
      ...{ id: 'p', name: 'load-1a2b3-0', labels: { 'podpose.owner': 'job/load' } },
      ...{ infra: 'running', infraStartedAt: START, ...infra },
    };
    const found = jobPodsOf(job, [pod], containers.map(container));
    assert.deepEqual(
      found.map((one) => [one.state, one.isIncomplete]),
      [[state, isIncomplete]],
    );
  });
