import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  podPhase,
  summarizePod,
  type ContainerStatus,
  type ContainerStatusState,
  type PodStatus,
} from '../../src/pod/phase.ts';

const creating: ContainerStatusState = { kind: 'waiting', reason: 'ContainerCreating' };
const initializing: ContainerStatusState = { kind: 'waiting', reason: 'PodInitializing' };
const backOff: ContainerStatusState = { kind: 'waiting', reason: 'CrashLoopBackOff', lastExitCode: 1 };
const running: ContainerStatusState = { kind: 'running', ready: true };
const unready: ContainerStatusState = { kind: 'running', ready: false };
const completed: ContainerStatusState = { kind: 'terminated', exitCode: 0, reason: 'Completed' };
const failed: ContainerStatusState = { kind: 'terminated', exitCode: 3, reason: 'Error' };

function statuses(states: readonly ContainerStatusState[]): readonly ContainerStatus[] {
  return states.map((state, index) => ({ name: `c${index}`, state, restarts: 0 }));
}

function pod(
  inits: readonly ContainerStatusState[],
  apps: readonly ContainerStatusState[],
  rest: Partial<PodStatus> = {},
): PodStatus {
  return {
    restartPolicy: 'Always',
    initContainers: statuses(inits),
    containers: statuses(apps),
    isTerminal: false,
    isTerminating: false,
    ...rest,
  };
}

const never = { restartPolicy: 'Never' } as const;
const onFailure = { restartPolicy: 'OnFailure' } as const;
const terminal = { isTerminal: true } as const;

/** Each pod with its phase, STATUS and READY as kubectl shows them. */
const cases: readonly (readonly [string, PodStatus, string])[] = [
  ['nothing created yet', pod([], [creating, creating]), 'Pending ContainerCreating 0/2'],
  ['no container is known', pod([], []), 'Pending Pending 0/0'],
  ['one container is still to come', pod([], [running, creating]), 'Pending ContainerCreating 1/2'],
  ['all run', pod([], [running, running]), 'Running Running 2/2'],
  ['runs, not ready', pod([], [unready]), 'Running Running 0/1'],

  [
    'first init container is still to come',
    pod([initializing, initializing], [initializing]),
    'Pending Init:0/2 0/1',
  ],
  ['first init container runs', pod([running, initializing], [initializing]), 'Pending Init:0/2 0/1'],
  ['second init container runs', pod([completed, running], [initializing]), 'Pending Init:1/2 0/1'],
  [
    'init containers have completed',
    pod([completed, completed], [initializing]),
    'Pending PodInitializing 0/1',
  ],
  ['initialised and running', pod([completed], [running]), 'Running Running 1/1'],
  ['init container failed', pod([failed], [initializing]), 'Pending Init:Error 0/1'],
  [
    'init container waits for its next try',
    pod([backOff], [initializing]),
    'Pending Init:CrashLoopBackOff 0/1',
  ],
  ['init container failed for good', pod([failed], [initializing], never), 'Failed Init:Error 0/1'],
  [
    'init container failed and the pod was stopped',
    pod([failed], [initializing], terminal),
    'Failed Init:Error 0/1',
  ],
  [
    'init container ended with no reason',
    pod([{ kind: 'terminated', exitCode: 7, reason: '' }], [initializing]),
    'Pending Init:ExitCode:7 0/1',
  ],
  ['initialised again while its containers are down', pod([running], [completed]), 'Running Init:0/1 0/1'],

  ['one completed, one runs', pod([], [completed, running], never), 'Running NotReady 1/2'],
  ['one failed, one runs', pod([], [running, failed], never), 'Running Error 1/2'],
  ['one crashes again and again', pod([], [running, backOff]), 'Running CrashLoopBackOff 1/2'],
  ['all completed', pod([], [completed, completed], never), 'Succeeded Completed 0/2'],
  ['all completed, OnFailure', pod([], [completed], onFailure), 'Succeeded Completed 0/1'],
  ['completed, but is to be started again', pod([], [completed]), 'Running Completed 0/1'],
  ['one of two failed', pod([], [completed, failed], never), 'Failed Completed 0/2'],
  ['failed, OnFailure', pod([], [failed], onFailure), 'Running Error 0/1'],
  ['failed, Always', pod([], [failed]), 'Running Error 0/1'],
  ['stopped, and all came to a good end', pod([], [completed], terminal), 'Succeeded Completed 0/1'],
  ['stopped, and one came to a bad end', pod([], [failed, completed], terminal), 'Failed Error 0/2'],
  [
    'killed for its memory',
    pod([], [{ kind: 'terminated', exitCode: 137, reason: 'OOMKilled' }], never),
    'Failed OOMKilled 0/1',
  ],
  ['is being deleted', pod([], [running], { isTerminating: true }), 'Running Terminating 1/1'],
];

for (const [name, status, expected] of cases)
  test(name, () => {
    const summary = summarizePod(status);
    assert.equal(`${summary.phase} ${summary.status} ${summary.ready}/${summary.total}`, expected);
    assert.equal(podPhase(status), summary.phase);
  });

test('restarts of init containers count until the pod is initialised, those of containers from then on', () => {
  const restarted = (state: ContainerStatusState, restarts: number): ContainerStatus => ({
    name: 'c',
    state,
    restarts,
  });
  const initContainers = [restarted(completed, 2), restarted(running, 3)];
  const containers = [restarted(running, 1), restarted(running, 4)];
  assert.equal(summarizePod({ ...pod([], []), initContainers, containers }).restarts, 5);
  assert.equal(
    summarizePod({ ...pod([], []), initContainers: initContainers.slice(0, 1), containers }).restarts,
    5,
  );
  assert.equal(
    summarizePod({ ...pod([], []), initContainers: [], containers: containers.slice(0, 1) }).restarts,
    1,
  );
});
