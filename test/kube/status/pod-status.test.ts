import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { PodFacts } from '../../../src/kube/status/facts.ts';
import { podStatus } from '../../../src/kube/status/pod-status.ts';
import * as facts from './facts.ts';
import { cutOff, never, onFailure, pod, probed, sidecar, terminal } from './facts.ts';

const { absent, created, unstartable, running, paused, withoutConfig } = facts;
const { completed, failed, killed, unnamed, backOff, retriedStart, unknown } = facts;
const ruled = {
  restartPolicyRules: [{ action: 'Restart', exitCodes: { operator: 'In', values: [3] } }],
} as const;

/** Each pod with its phase, STATUS and READY as kubectl shows them. */
const cases: readonly (readonly [string, PodFacts, string])[] = [
  ['nothing created yet', pod([], [absent, absent]), 'Pending ContainerCreating 0/2'],
  ['created and not started', pod([], [created]), 'Pending ContainerCreating 0/1'],
  ['no container is known', pod([], []), 'Pending Pending 0/0'],
  ['one container is still to come', pod([], [running, absent]), 'Pending ContainerCreating 1/2'],
  ['all run', pod([], [running, running]), 'Running Running 2/2'],
  ['paused', pod([], [paused]), 'Running Running 0/1'],
  ['the sandbox of all is gone', pod([], [cutOff(running), cutOff(running)]), 'Running SandboxChanged 0/2'],
  ['one is in a sandbox that is gone', pod([], [running, cutOff(running)]), 'Running SandboxChanged 1/2'],
  ['podman does not say', pod([], [unknown]), 'Pending Unknown 0/1'],
  ['a Secret is missing', pod([], [withoutConfig]), 'Pending CreateContainerConfigError 0/1'],
  [
    'one cannot be created, one runs',
    pod([], [running, withoutConfig]),
    'Pending CreateContainerConfigError 1/2',
  ],

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
  [
    'the second waits for its next try',
    pod([completed, backOff], [absent]),
    'Pending Init:CrashLoopBackOff 0/1',
  ],
  [
    'stopped at its deadline',
    pod([], [completed], { ...terminal, isPastDeadline: true }),
    'Failed Completed 0/1',
  ],
  [
    'killed at its deadline',
    pod([], [failed, completed], { ...never, isPastDeadline: true }),
    'Failed Error 0/2',
  ],
  ['init container failed for good', pod([failed], [absent], never), 'Failed Init:Error 0/1'],
  ['init container failed, OnFailure', pod([failed], [absent], onFailure), 'Pending Init:Error 0/1'],
  ['init container failed, pod stopped', pod([failed], [absent], terminal), 'Failed Init:Error 0/1'],
  ['init container ended with no reason', pod([unnamed], [absent]), 'Pending Init:ExitCode:7 0/1'],
  ['init container killed for its memory', pod([killed], [absent]), 'Pending Init:OOMKilled 0/1'],
  ['init container cannot start', pod([unstartable], [absent]), 'Pending Init:RunContainerError 0/1'],
  ['init container cannot start, Never', pod([unstartable], [absent], never), 'Failed Init:StartError 0/1'],
  [
    'init container cannot be created',
    pod([withoutConfig], [absent]),
    'Pending Init:CreateContainerConfigError 0/1',
  ],
  ['init container was removed since', pod([absent], [running]), 'Running Running 1/1'],
  [
    'init container was removed from a finished pod',
    pod([absent], [completed], never),
    'Succeeded Completed 0/1',
  ],
  [
    'init container was removed from a stopped pod',
    pod([absent], [cutOff(completed)], terminal),
    'Succeeded Completed 0/1',
  ],
  ['initialised again while its containers are down', pod([running], [cutOff(failed)]), 'Pending Error 0/1'],
  ['about to be initialised again', pod([absent], [cutOff(completed)]), 'Pending Completed 0/1'],

  ['one cannot start', pod([], [unstartable]), 'Running RunContainerError 0/1'],
  ['one cannot start and waits for the next try', pod([], [retriedStart]), 'Running CrashLoopBackOff 0/1'],
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
  ['all crash again and again', pod([], [backOff, backOff]), 'Running CrashLoopBackOff 0/2'],
  [
    'it is created again for a restart',
    pod([], [{ stage: created, restarts: 2 }]),
    'Running ContainerCreating 0/1',
  ],
  ['it waits for a retry, OnFailure', pod([], [backOff], onFailure), 'Running CrashLoopBackOff 0/1'],
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
  ['ended with no reason', pod([], [unnamed], never), 'Failed ExitCode:7 0/1'],
  ['stopped, and all came to a good end', pod([], [completed], terminal), 'Succeeded Completed 0/1'],
  ['stopped, and one came to a bad end', pod([], [completed, failed], terminal), 'Failed Error 0/2'],
  ['is being deleted', pod([], [running], { isTerminating: true }), 'Running Terminating 1/1'],
  [
    'is being deleted, initialising',
    pod([running], [absent], { isTerminating: true }),
    'Pending Terminating 0/1',
  ],
  [
    'has finished, and is being deleted',
    pod([], [completed], { ...never, isTerminating: true }),
    'Succeeded Completed 0/1',
  ],

  [
    'one is restarted by its own policy',
    pod([], [{ stage: failed, restartPolicy: 'Always' }, completed], never),
    'Running Error 0/2',
  ],
  [
    'one is not restarted by its own policy',
    pod([], [{ stage: failed, restartPolicy: 'Never' }]),
    'Failed Error 0/1',
  ],

  ['the readiness probe fails', pod([], [probed({ ready: false })]), 'Running Running 0/1'],
  ['the readiness probe succeeds', pod([], [probed({ ready: true })]), 'Running Running 1/1'],
  ['one of two is ready', pod([], [running, probed({ ready: false })]), 'Running Running 1/2'],
  [
    'the startup probe has not succeeded',
    pod([], [probed({ started: false, ready: true })]),
    'Running Running 0/1',
  ],
  ['started, and not ready', pod([], [probed({ started: true, ready: false })]), 'Running Running 0/1'],
  ['started, without a readiness probe', pod([], [probed({ started: true })]), 'Running Running 1/1'],
  ['nothing probes', pod([], [probed({ ready: 'unknown' })]), 'Running Running ?/1'],
  ['nothing probes whether it has started', pod([], [probed({ started: 'unknown' })]), 'Running Running ?/1'],
  ['nothing probes one of two', pod([], [running, probed({ ready: 'unknown' })]), 'Running Running ?/2'],
  [
    'not ready, whether started or not',
    pod([], [probed({ started: 'unknown', ready: false })]),
    'Running Running 0/1',
  ],
  ['a probed container has ended', pod([], [{ stage: failed, ready: 'unknown' }]), 'Running Error 0/1'],
  ['a probed container is paused', pod([], [{ stage: paused, ready: 'unknown' }]), 'Running Running 0/1'],
  [
    'one completed, nothing probes the other',
    pod([], [completed, probed({ ready: 'unknown' })], never),
    'Running NotReady ?/2',
  ],

  ['a rule restarts a container', pod([], [{ stage: failed, ...ruled }], never), 'Running Error 0/1'],
  ['no rule restarts a container', pod([], [{ stage: killed, ...ruled }], never), 'Failed OOMKilled 0/1'],
  [
    'a rule retries an init container',
    pod([{ stage: failed, ...ruled }], [absent], never),
    'Pending Init:Error 0/1',
  ],
  ['a sidecar is to come', pod([sidecar(absent)], [absent]), 'Pending Init:0/1 0/2'],
  ['a sidecar runs', pod([sidecar(running)], [absent]), 'Pending PodInitializing 1/2'],
  [
    'a sidecar has not started yet',
    pod([sidecar(running, { started: false })], [absent]),
    'Pending Init:0/1 0/2',
  ],
  [
    'it is not known whether a sidecar has started',
    pod([sidecar(running, { started: 'unknown' })], [absent]),
    'Pending Init:0/1 ?/2',
  ],
  ['a sidecar and the container run', pod([sidecar(running)], [running]), 'Running Running 2/2'],
  [
    'after a sidecar, an init container runs',
    pod([sidecar(running), running, absent], [absent]),
    'Pending Init:1/3 1/2',
  ],
  ['a sidecar is not ready', pod([sidecar(running, { ready: false })], [running]), 'Running Running 1/2'],
  [
    'nothing probes a sidecar',
    pod([sidecar(running, { ready: 'unknown' })], [running]),
    'Running Running ?/2',
  ],
  [
    'a sidecar crashes again and again',
    pod([sidecar(backOff)], [running]),
    'Running Init:CrashLoopBackOff 1/2',
  ],
  [
    'a sidecar failed before the containers',
    pod([sidecar(backOff)], [absent]),
    'Pending Init:CrashLoopBackOff 0/2',
  ],
  ['a sidecar cannot start', pod([sidecar(unstartable)], [absent]), 'Pending Init:RunContainerError 0/2'],
  [
    'a sidecar failed, Never: it is retried',
    pod([sidecar(failed)], [absent], never),
    'Pending Init:Error 0/2',
  ],
  [
    'a sidecar was restarted, and starts',
    pod([sidecar(running, { started: false })], [running]),
    'Running Init:0/1 1/2',
  ],
  [
    'the containers completed, a sidecar runs',
    pod([sidecar(running)], [completed], never),
    'Running Completed 1/2',
  ],
  ['the sidecar was stopped last', pod([sidecar(killed)], [completed], never), 'Succeeded Completed 0/2'],
  [
    'a sidecar ended well, the container badly',
    pod([sidecar(completed)], [failed], never),
    'Failed Error 0/2',
  ],
  [
    'a sidecar is removed while the container runs',
    pod([sidecar(absent)], [running]),
    'Pending Init:0/1 1/2',
  ],
];

for (const [name, subject, expected] of cases)
  test(name, () => {
    const { phase, status, ready, total } = podStatus(subject);
    assert.equal(`${phase} ${status} ${ready === 'unknown' ? '?' : ready}/${total}`, expected);
  });

const restarted = (stage: facts.Stage, restarts: number, finishedAt?: number) => ({
  stage,
  restarts,
  ...(finishedAt === undefined ? {} : { lastEnd: { finishedAt } }),
});

/** Each pod with its restarts, and the time of the last one. */
const restartCases: readonly (readonly [string, PodFacts, string])[] = [
  ['never restarted', pod([], [running]), '0'],
  ['at an unknown time', pod([], [restarted(running, 2)]), '2'],
  ['the last one of two', pod([], [restarted(running, 2, 50), restarted(running, 1, 70)]), '3 at 70'],
  ['waiting for the next one', pod([], [{ ...restarted(backOff, 4, 50), finishedAt: 90 }]), '4 at 90'],
  [
    'waiting after a failed start',
    pod([], [restarted({ ...retriedStart, finishedAt: 80 }, 2, 50)]),
    '2 at 80',
  ],
  ['down after a restart', pod([], [{ ...restarted(failed, 2), startedAt: 60, finishedAt: 65 }]), '2 at 60'],
  ['an end without a restart', pod([], [{ stage: backOff, restarts: 0, finishedAt: 90 }]), '0'],
  [
    'those of init containers until they have completed',
    pod([restarted(completed, 2, 5), restarted(running, 3)], [restarted(absent, 1)]),
    '5 at 5',
  ],
  [
    'none of init containers from then on',
    pod([restarted(completed, 2, 5)], [restarted(running, 1, 9)]),
    '1 at 9',
  ],
  [
    'those of sidecars always',
    pod([{ ...restarted(running, 2, 50), isSidecar: true }], [restarted(running, 1, 40)]),
    '3 at 50',
  ],
];

for (const [name, subject, expected] of restartCases)
  test(`restarts: ${name}`, () => {
    const { restarts, lastRestartAt } = podStatus(subject);
    assert.equal(lastRestartAt === undefined ? `${restarts}` : `${restarts} at ${lastRestartAt}`, expected);
  });
