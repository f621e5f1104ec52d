import assert from 'node:assert/strict';
import { test } from 'node:test';
import { keepDeadlines, type DeadlineContext } from '../../src/kubelet/deadlines.ts';
import type { DesiredPod } from '../../src/kube/spec/desired.ts';
import type { ObservedContainer, ObservedPod } from '../../src/podman/inspect/observed.ts';
import { observedContainer, podOf } from '../support/desired.ts';

const STARTED = 1_750_000_000_000;

/** A clock that each sleep advances, with the sleeps and the stopped pods. */
function platform(
  containers: readonly ObservedContainer[],
  over = new AbortController(),
  pods: readonly ObservedPod[] = [],
) {
  let now = STARTED + 1000;
  const slept: number[] = [];
  const stopped: string[] = [];
  const context: DeadlineContext = {
    clock: {
      now: () => now,
      sleep: (milliseconds) => {
        slept.push(milliseconds);
        now += milliseconds;
        return Promise.resolve();
      },
    },
    today: () => now,
    observe: () => Promise.resolve({ pods, containers }),
    stopPod: ({ name }) => {
      stopped.push(name);
      return Promise.resolve();
    },
    over: over.signal,
  };
  return { context, slept, stopped };
}

function podUntil(activeDeadlineSeconds: number): DesiredPod {
  return { ...podOf('web', 'Always', 'app'), activeDeadlineSeconds };
}

test('a pod is stopped activeDeadlineSeconds after the start of its first container', async () => {
  const { context, slept, stopped } = platform([observedContainer('web-app', 'running')]);
  const late = await keepDeadlines([podUntil(60), podOf('other', 'Always', 'app')], context);
  assert.deepEqual([slept, stopped, late.map(({ name }) => name)], [[59_000], ['web'], ['web']]);
});

test('the deadline of a pod that is started again counts from its new start', async () => {
  const { context, slept, stopped } = platform([observedContainer('web-app', 'running')]);
  const starts = [STARTED, STARTED + 30_000].map((start) => start / 1000);
  const observe = async () => ({
    ...(await context.observe()),
    pods: [
      {
        ...{ id: 'pod', name: 'web', labels: {}, infra: 'running' as const },
        infraStartedAt: starts.shift() ?? STARTED / 1000 + 30,
      },
    ],
  });
  await keepDeadlines([podUntil(60)], { ...context, observe });
  assert.deepEqual([slept, stopped], [[59_000, 30_000], ['web']]);
});

test('a pod that has ended by then is not stopped', async () => {
  const { context, stopped } = platform([observedContainer('web-app', 'exited')]);
  assert.deepEqual(await keepDeadlines([podUntil(60)], context), []);
  assert.deepEqual(stopped, []);
});

test('a pod that its watcher has stopped at that moment is reported', async () => {
  const infra: ObservedPod = {
    ...{ id: 'pod', name: 'web', labels: {}, infra: 'exited' },
    ...{ infraStartedAt: STARTED / 1000, infraExitedAt: STARTED / 1000 + 60 },
  };
  const { context, stopped } = platform([observedContainer('web-app', 'exited')], undefined, [infra]);
  const late = await keepDeadlines([podUntil(60)], context);
  assert.deepEqual([stopped, late.map(({ name }) => name)], [[], ['web']]);
  assert.deepEqual(await keepDeadlines([podUntil(61)], context), []);
});

test('a pod past its deadline is stopped at once', async () => {
  const { context, slept, stopped } = platform([observedContainer('web-app', 'running')]);
  await keepDeadlines([podUntil(1)], context);
  assert.deepEqual([slept, stopped], [[], ['web']]);
});

test('a deadline beyond the limit of JavaScript timers is split', async () => {
  const { context, slept } = platform([observedContainer('web-app', 'running')]);
  await keepDeadlines([podUntil(30 * 24 * 3600)], context);
  assert.deepEqual(slept, [2 ** 31 - 1, 30 * 24 * 3_600_000 - 1000 - (2 ** 31 - 1)]);
});

test('no pod is stopped after the watch has ended', async () => {
  const over = new AbortController();
  over.abort();
  const { context, stopped } = platform([observedContainer('web-app', 'running')], over);
  assert.deepEqual(await keepDeadlines([podUntil(60)], context), []);
  assert.deepEqual(stopped, []);
});
