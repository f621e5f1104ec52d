import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { ContainerStage, PodFacts } from '../../../src/kube/status/facts.ts';
import { podStatus } from '../../../src/kube/status/pod-status.ts';

const absent: ContainerStage = { kind: 'absent' };
const created: ContainerStage = { kind: 'created' };
const unstartable: ContainerStage = { kind: 'start-failed', message: 'no such program' };
const running: ContainerStage = { kind: 'running', isPaused: false };
const paused: ContainerStage = { kind: 'running', isPaused: true };
const cutOff: ContainerStage = { kind: 'running', isPaused: false, hasLostSandbox: true };
const completed: ContainerStage = { kind: 'ended', exitCode: 0 };
const failed: ContainerStage = { kind: 'ended', exitCode: 3 };
const killed: ContainerStage = { kind: 'ended', exitCode: 137, reason: 'OOMKilled' };
const unnamed: ContainerStage = { kind: 'ended', exitCode: 7, reason: '' };
const backOff: ContainerStage = { kind: 'backing-off', exitCode: 1 };
const unknown: ContainerStage = { kind: 'unknown' };

type Rest = Partial<Omit<PodFacts, 'initContainers' | 'containers'>>;

function pod(inits: readonly ContainerStage[], apps: readonly ContainerStage[], rest: Rest = {}): PodFacts {
  const facts = (stages: readonly ContainerStage[]) =>
    stages.map((stage, index) => ({ name: `c${index}`, stage, restarts: 0 }));
  return {
    restartPolicy: 'Always',
    initContainers: facts(inits),
    containers: facts(apps),
    isTerminal: false,
    isTerminating: false,
    ...rest,
  };
}

const never: Rest = { restartPolicy: 'Never' };
const onFailure: Rest = { restartPolicy: 'OnFailure' };
const terminal: Rest = { isTerminal: true };

/** Each pod with its phase, STATUS and READY as kubectl shows them. */
const cases: readonly (readonly [string, PodFacts, string])[] = [
  ['nothing created yet', pod([], [absent, absent]), 'Pending ContainerCreating 0/2'],
  ['created and not started', pod([], [created]), 'Pending ContainerCreating 0/1'],
  ['no container is known', pod([], []), 'Pending Pending 0/0'],
  ['one container is still to come', pod([], [running, absent]), 'Pending ContainerCreating 1/2'],
  ['all run', pod([], [running, running]), 'Running Running 2/2'],
  ['paused', pod([], [paused]), 'Running Running 0/1'],
  ['the sandbox of all is gone', pod([], [cutOff, cutOff]), 'Running SandboxChanged 0/2'],
  ['one is in a sandbox that is gone', pod([], [running, cutOff]), 'Running SandboxChanged 1/2'],
  ['podman does not say', pod([], [unknown]), 'Pending Unknown 0/1'],

  ['no init container of five exists', pod(Array(5).fill(absent), [absent]), 'Pending Init:0/5 0/1'],
  [
    'the second of five runs',
    pod([completed, running, absent, absent, absent], [absent]),
    'Pending Init:1/5 0/1',
  ],
  ['between two init containers', pod([completed, absent], [absent]), 'Pending Init:1/2 0/1'],
  ['second init container runs', pod([completed, running], [absent]), 'Pending Init:1/2 0/1'],
  ['init containers have completed', pod([completed, completed], [absent]), 'Pending PodInitializing 0/1'],
  ['initialised, and one is created', pod([completed], [running, created]), 'Pending PodInitializing 1/2'],
  ['initialised and running', pod([completed], [running]), 'Running Running 1/1'],
  ['init container failed', pod([failed], [absent]), 'Pending Init:Error 0/1'],
  ['init container waits for its next try', pod([backOff], [absent]), 'Pending Init:CrashLoopBackOff 0/1'],
  ['init container failed for good', pod([failed], [absent], never), 'Failed Init:Error 0/1'],
  ['init container failed, pod stopped', pod([failed], [absent], terminal), 'Failed Init:Error 0/1'],
  ['init container ended with no reason', pod([unnamed], [absent]), 'Pending Init:ExitCode:7 0/1'],
  ['init container killed for its memory', pod([killed], [absent]), 'Pending Init:OOMKilled 0/1'],
  ['init container cannot start', pod([unstartable], [absent]), 'Pending Init:RunContainerError 0/1'],
  ['init container cannot start, Never', pod([unstartable], [absent], never), 'Failed Init:StartError 0/1'],
  ['initialised again while its containers are down', pod([running], [completed]), 'Running Init:0/1 0/1'],

  ['one cannot start', pod([], [unstartable]), 'Running RunContainerError 0/1'],
  ['one cannot start, one runs', pod([], [running, unstartable]), 'Running RunContainerError 1/2'],
  ['one cannot start, OnFailure', pod([], [unstartable], onFailure), 'Running RunContainerError 0/1'],
  ['one cannot start, Never', pod([], [unstartable], never), 'Failed StartError 0/1'],
  [
    'one cannot start, one completed, Never',
    pod([], [completed, unstartable], never),
    'Failed StartError 0/2',
  ],
  ['one cannot start, pod stopped', pod([], [unstartable], terminal), 'Failed StartError 0/1'],
  ['initialised, and one cannot start', pod([completed], [unstartable]), 'Running RunContainerError 0/1'],

  ['one completed, one runs', pod([], [completed, running], never), 'Running NotReady 1/2'],
  ['one runs, one completed', pod([], [running, completed], never), 'Running NotReady 1/2'],
  ['one failed, one runs', pod([], [running, failed], never), 'Running Error 1/2'],
  ['one completed, one failed, one runs', pod([], [completed, failed, running], never), 'Running Error 1/3'],
  ['one crashes again and again', pod([], [running, backOff]), 'Running CrashLoopBackOff 1/2'],
  ['all completed', pod([], [completed, completed], never), 'Succeeded Completed 0/2'],
  ['all completed, OnFailure', pod([], [completed], onFailure), 'Succeeded Completed 0/1'],
  ['completed, but is to be started again', pod([], [completed]), 'Running Completed 0/1'],
  ['the second of two failed', pod([], [completed, failed], never), 'Failed Error 0/2'],
  ['the first of two failed', pod([], [failed, completed], never), 'Failed Error 0/2'],
  ['the last of three failed', pod([], [completed, completed, killed], never), 'Failed OOMKilled 0/3'],
  ['two failed in different ways', pod([], [completed, killed, failed], never), 'Failed OOMKilled 0/3'],
  ['one of two failed, OnFailure', pod([], [completed, failed], onFailure), 'Running Error 0/2'],
  ['failed, OnFailure', pod([], [failed], onFailure), 'Running Error 0/1'],
  ['failed, Always', pod([], [failed]), 'Running Error 0/1'],
  ['killed for its memory', pod([], [killed], never), 'Failed OOMKilled 0/1'],
  ['stopped, and all came to a good end', pod([], [completed], terminal), 'Succeeded Completed 0/1'],
  ['stopped, and one came to a bad end', pod([], [completed, failed], terminal), 'Failed Error 0/2'],
  ['is being deleted', pod([], [running], { isTerminating: true }), 'Running Terminating 1/1'],
  [
    'is being deleted, initialising',
    pod([running], [absent], { isTerminating: true }),
    'Pending Terminating 0/1',
  ],
];

for (const [name, facts, expected] of cases)
  test(name, () => {
    const { phase, status, ready, total } = podStatus(facts);
    assert.equal(`${phase} ${status} ${ready}/${total}`, expected);
  });

test('the states of containers, with the message of a failed start', () => {
  const states = podStatus(pod([], [unstartable, running, completed, failed, backOff])).containers;
  assert.deepEqual(
    states.map(({ state }) => state),
    [
      { kind: 'waiting', reason: 'RunContainerError', message: 'no such program', lastExitCode: 128 },
      { kind: 'running', ready: true },
      { kind: 'terminated', exitCode: 0, reason: 'Completed' },
      { kind: 'terminated', exitCode: 3, reason: 'Error' },
      { kind: 'waiting', reason: 'CrashLoopBackOff', lastExitCode: 1 },
    ],
  );
});

test('conditions', () => {
  const conditions = (facts: PodFacts) =>
    podStatus(facts)
      .conditions.filter(({ status }) => status === 'True')
      .map(({ type }) => type);
  assert.deepEqual(conditions(pod([running], [absent])), []);
  assert.deepEqual(conditions(pod([completed], [running])), ['Initialized', 'Ready', 'ContainersReady']);
  assert.deepEqual(conditions(pod([], [running, completed], never)), ['Initialized']);
});

test('restarts of init containers count until the pod is initialised, those of containers from then on', () => {
  const restarted = (stage: ContainerStage, restarts: number) => ({ name: 'c', stage, restarts });
  const initContainers = [restarted(completed, 2), restarted(running, 3)];
  const containers = [restarted(running, 1), restarted(running, 4)];
  const facts = pod([], []);
  assert.equal(podStatus({ ...facts, initContainers, containers }).restarts, 5);
  assert.equal(podStatus({ ...facts, initContainers: initContainers.slice(0, 1), containers }).restarts, 5);
  assert.equal(podStatus({ ...facts, containers: containers.slice(0, 1) }).restarts, 1);
});
