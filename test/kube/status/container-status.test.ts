import assert from 'node:assert/strict';
import { test } from 'node:test';
import { podStatus } from '../../../src/kube/status/pod-status.ts';
import * as facts from './facts.ts';
import { never, pod } from './facts.ts';

const times = { startedAt: 10, finishedAt: 20 };

const message = 'no such program';
const notStarted = { kind: 'waiting', reason: 'RunContainerError', message };
const startError = { kind: 'terminated', exitCode: 128, reason: 'StartError', message };

test('the states of containers, with the message of a failed start and the end before', () => {
  const states = podStatus(
    pod(
      [],
      [
        facts.unstartable,
        { stage: { ...facts.unstartable, finishedAt: 20 }, startedAt: 5, finishedAt: 8 },
        { stage: facts.running, startedAt: 30, restarts: 1, lastEnd: { ...times, exitCode: 3 } },
        { stage: facts.running, restarts: 1, lastEnd: { finishedAt: 20 } },
        { stage: facts.completed, ...times },
        facts.failed,
        facts.killed,
        { stage: facts.backOff, ...times, restarts: 4 },
        facts.withoutConfig,
      ],
    ),
  ).containers;
  assert.deepEqual(
    states.map(({ state, lastState }) => (lastState === undefined ? state : { ...state, lastState })),
    [
      { ...notStarted, lastState: startError },
      { ...notStarted, lastState: { ...startError, finishedAt: 20 } },
      {
        kind: 'running',
        startedAt: 30,
        lastState: { kind: 'terminated', exitCode: 3, reason: 'Error', ...times },
      },
      { kind: 'running' },
      { kind: 'terminated', exitCode: 0, reason: 'Completed', ...times },
      { kind: 'terminated', exitCode: 3, reason: 'Error' },
      { kind: 'terminated', exitCode: 137, reason: 'OOMKilled' },
      {
        kind: 'waiting',
        reason: 'CrashLoopBackOff',
        lastState: { kind: 'terminated', exitCode: 1, reason: 'Error', ...times },
      },
      { kind: 'waiting', reason: 'CreateContainerConfigError', message: 'no such secret' },
    ],
  );
});

test('which containers will be restarted', () => {
  const stages = [
    facts.running,
    facts.completed,
    facts.failed,
    facts.unstartable,
    facts.backOff,
    facts.created,
  ];
  const restarted = (rest: Parameters<typeof pod>[2]) =>
    podStatus(pod([], stages, rest)).containers.flatMap(({ name, willRestart }) =>
      willRestart ? [name] : [],
    );
  assert.deepEqual(restarted({}), ['c1', 'c2', 'c3', 'c4']);
  assert.deepEqual(restarted(facts.onFailure), ['c2', 'c3', 'c4']);
  assert.deepEqual(restarted(never), ['c4']);
  assert.deepEqual(restarted(facts.terminal), []);
});

test('an absent init container has completed, once app containers exist in the sandbox', () => {
  const state = (...apps: Parameters<typeof pod>[1]) =>
    podStatus(pod([facts.absent], apps)).initContainers[0]?.state;
  assert.deepEqual(state(facts.absent), { kind: 'waiting', reason: 'PodInitializing' });
  assert.deepEqual(state(facts.cutOff(facts.failed)), { kind: 'waiting', reason: 'PodInitializing' });
  assert.deepEqual(state(facts.absent, facts.created), {
    kind: 'terminated',
    exitCode: 0,
    reason: 'Completed',
    message: 'it was removed after the pod was initialized',
  });
});
