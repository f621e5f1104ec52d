import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { readinessOf, type Wait } from '../../src/engine/pod-readiness.ts';
import { staysUnknown, waitForReady } from '../../src/engine/wait-for-ready.ts';
import type { RestartPolicy } from '../../src/kube/spec/desired.ts';
import type { ContainersAndPods } from '../../src/podman/inspect/decode.ts';
import type { ContainerState, ObservedContainer, ObservedPod } from '../../src/podman/inspect/observed.ts';
import { observedContainer, podOf } from '../support/desired.ts';
import { calm, handClock } from '../support/scripted-runner.ts';

const NOW = 1000;
const owner = { project: 'demo', pod: 'web' } as const;
const infra: ObservedPod = {
  id: 'pod-web',
  name: 'web',
  labels: {},
  owner: { ...owner, role: 'pod' },
  infra: 'running',
  infraStartedAt: 1,
};

function observed(policy: RestartPolicy, state: ContainerState, rest: Partial<ObservedContainer> = {}) {
  const container: ObservedContainer = {
    ...observedContainer('web-app', state),
    labels: { 'podpose.format': '1', 'podpose.spec': JSON.stringify({ restartPolicy: policy }) },
    owner: { ...owner, role: 'container', name: 'app' },
    podName: 'web',
    startedAt: NOW - 1,
    createdAt: NOW - 5,
    restarts: 0,
    ...rest,
  };
  return { pods: [infra], containers: [container] };
}

/** By the watcher. */
const REFUSED = 'readiness TCP :80 -> connection refused, 2 of 3 failed';
const BACKING_OFF = { restarts: 1, restartAt: NOW + 10, waitSeconds: 20 };
const PROBED = {
  'podpose.watched': 'true',
  'podpose.format': '1',
  'podpose.spec': JSON.stringify({ readinessProbe: { tcpSocket: { port: 80 } } }),
};

const NEVER_PROBED = {
  ...PROBED,
  'podpose.spec': JSON.stringify({ restartPolicy: 'Never', readinessProbe: { tcpSocket: { port: 80 } } }),
};

suite('what up --wait waits for', () => {
  type Row = readonly [RestartPolicy, ContainerState, Partial<ObservedContainer>, string];
  const rows: readonly Row[] = [
    ['Always', 'running', {}, 'nothing'],
    ['Always', 'created', { startedAt: 0 }, 'app: ContainerCreating'],
    ['Always', 'paused', {}, 'app: not ready'],
    ['Always', 'exited', { exitCode: 3 }, 'app: Error'],
    ['Always', 'running', { restarts: 1 }, 'app: restarted once'],
    ['Always', 'running', { restarts: 9 }, 'app: restarted 9 times'],
    ['Always', 'running', { restarts: 1, startedAt: NOW - 11 }, 'nothing'],
    ['Always', 'running', { watched: { restarts: 0 } }, 'nothing'],
    ['Always', 'running', { watched: { restarts: 3, isRestart: true } }, 'app: restarted 3 times'],
    ['Always', 'running', { watched: { restarts: 3 } }, 'nothing'],
    ['Always', 'exited', { exitCode: 3, watched: BACKING_OFF }, 'app: CrashLoopBackOff'],
    ['Always', 'running', { labels: PROBED }, 'app: readiness unknown'],
    ['Always', 'running', { labels: PROBED, watched: { restarts: 0, ready: false } }, 'app: readiness probe'],
    [
      'Always',
      'running',
      { labels: PROBED, watched: { restarts: 0, ready: false, probes: [REFUSED] } },
      `app: ${REFUSED}`,
    ],
    ['Always', 'running', { labels: PROBED, watched: { restarts: 0, ready: true } }, 'nothing'],
    ['Always', 'running', { watched: { restarts: 1, isInPostStart: true } }, 'app: ContainerCreating'],
    ['OnFailure', 'running', {}, 'nothing'],
    [
      'OnFailure',
      'running',
      { restarts: 2, watched: { restarts: 2, isRestart: true } },
      'app: restarted 2 times',
    ],
    ['OnFailure', 'exited', { exitCode: 3 }, 'app: Error'],
    ['OnFailure', 'exited', {}, 'nothing'],
    ['Never', 'running', {}, 'nothing'],
    ['Never', 'created', { startedAt: 0 }, 'app: ContainerCreating'],
    ['Never', 'running', { labels: NEVER_PROBED }, 'app: readiness unknown'],
    [
      'Never',
      'running',
      { labels: NEVER_PROBED, watched: { restarts: 0, ready: false, probes: [REFUSED] } },
      `app: ${REFUSED}`,
    ],
    ['Never', 'running', { labels: NEVER_PROBED, watched: { restarts: 0, ready: true } }, 'nothing'],
    ['Never', 'exited', { labels: NEVER_PROBED }, 'nothing'],
    ['Never', 'exited', {}, 'nothing'],
    ['Never', 'exited', { exitCode: 3 }, 'failed'],
  ];
  for (const [policy, state, rest, expected] of rows)
    test(`${policy}: ${state} ${JSON.stringify(rest)}`, () => {
      const readiness = readinessOf(
        'demo',
        [podOf('web', policy, 'app')],
        observed(policy, state, rest),
        NOW,
      );
      const waits = readiness.waits.map((wait) => `${wait.container ?? ''}: ${wait.state}`).join(', ');
      assert.equal(readiness.hasFailed ? 'failed' : waits || 'nothing', expected);
    });

  test('a pod of which one container has completed is waited for until it has succeeded', () => {
    const { pods, containers } = observed('Never', 'running');
    const [app] = containers;
    assert.ok(app !== undefined);
    const job = {
      ...app,
      id: 'job',
      name: 'web-job',
      owner: { ...owner, role: 'container', name: 'job' },
    } as const;
    const waitsFor = (state: ContainerState, exitCode: number) =>
      readinessOf(
        'demo',
        [podOf('web', 'Never', 'app', 'job')],
        { pods, containers: [app, { ...job, state, exitCode }] },
        NOW,
      );
    assert.deepEqual(waitsFor('running', 0), { hasFailed: false, waits: [] });
    const { waits } = waitsFor('exited', 0);
    assert.deepEqual(waits, [{ pod: 'web', container: 'app', state: 'running' }]);
    assert.equal(waitsFor('exited', 1).hasFailed, true);
  });

  test('a pod that does not exist', () => {
    const { waits } = readinessOf('demo', [podOf('web', 'Always', 'app')], { pods: [], containers: [] }, NOW);
    assert.deepEqual(waits, [{ pod: 'web', state: 'not created' }]);
  });
});

suite('waiting until pods are ready', () => {
  const pods = [podOf('web', 'Always', 'app')];
  function waiting(...states: readonly ContainersAndPods[]) {
    return waitingFor(true, ...states);
  }
  function waitingFor(isWatched: boolean, ...states: readonly ContainersAndPods[]) {
    const clock = handClock();
    const stop = new AbortController();
    const shown: (readonly Wait[])[] = [];
    let next = 0;
    const end = waitForReady(pods, {
      isWatched,
      project: 'demo',
      observe: () =>
        Promise.resolve(states[Math.min(next++, states.length - 1)] ?? { pods: [], containers: [] }),
      clock,
      today: () => NOW * 1000,
      onWait: (waits) => shown.push(waits),
      stop: stop.signal,
    });
    return { clock, stop, shown, end };
  }
  const created = observed('Always', 'created', { startedAt: 0 });

  test('polls until they are, and says what it waits for once', async () => {
    const { clock, shown, end } = waiting(created, created, observed('Always', 'running'));
    await calm();
    await clock.advance(250);
    await clock.advance(250);
    assert.deepEqual(await end, { hasFailed: false, waits: [] });
    assert.deepEqual(shown, [[{ pod: 'web', container: 'app', state: 'ContainerCreating' }]]);
  });

  test('without a watcher, does not wait for the results of probes', async () => {
    const probed = observed('Always', 'running', { labels: PROBED });
    const { clock, end } = waitingFor(false, created, probed);
    await calm();
    await clock.advance(250);
    const readiness = await end;
    assert.ok(staysUnknown(readiness, false));
    assert.ok(!staysUnknown(readiness, true));
    assert.deepEqual(readiness.waits, [
      { pod: 'web', container: 'app', state: 'readiness unknown', unknown: 'unanswered' },
    ]);
  });

  test('does not wait for the probes of a container that was created without a watcher', async () => {
    const labels = { ...PROBED, 'podpose.watched': '' };
    const { end } = waiting(observed('Always', 'running', { labels }));
    await calm();
    assert.ok(staysUnknown(await end, true));
  });

  test('a watcher may still answer', async () => {
    const probed = observed('Always', 'running', { labels: PROBED });
    const ready = observed('Always', 'running', { labels: PROBED, watched: { restarts: 0, ready: true } });
    const { clock, end } = waiting(probed, ready);
    await calm();
    await clock.advance(250);
    assert.deepEqual(await end, { hasFailed: false, waits: [] });
  });

  test('ends at the signal with what is missing', async () => {
    const { stop, end } = waiting(created);
    await calm();
    stop.abort();
    assert.equal((await end).waits.length, 1);
  });

  test('what has not changed is not said again', async () => {
    const two = (log: ContainersAndPods): ContainersAndPods => ({
      ...created,
      containers: [...created.containers, ...log.containers],
    });
    const shown: string[] = [];
    const states = [observed('Always', 'created', { startedAt: 0 }), observed('Always', 'exited')].map(
      (log) =>
        two({
          ...log,
          containers: log.containers.map((one) => ({
            ...one,
            ...{ id: 'web-log', name: 'web-log' },
            owner: { project: 'demo', pod: 'web', role: 'container', name: 'log' } as const,
          })),
        }),
    );
    const clock = handClock();
    const stop = new AbortController();
    let next = 0;
    const end = waitForReady([podOf('web', 'Always', 'app', 'log')], {
      ...{ isWatched: true, project: 'demo', clock, stop: stop.signal, today: () => NOW * 1000 },
      observe: () => Promise.resolve(states[Math.min(next++, 1)] ?? created),
      onWait: (waits) => shown.push(waits.map(({ container }) => container).join()),
    });
    await calm();
    await clock.advance(250);
    await clock.advance(250);
    stop.abort();
    await clock.advance(250);
    await end;
    assert.deepEqual(shown, ['app,log', 'log']);
  });
});

test('a pod that has ended at its deadline has failed, whatever its containers say', () => {
  const { containers } = observed('Never', 'exited', {
    labels: {
      'podpose.format': '1',
      'podpose.spec': JSON.stringify({ restartPolicy: 'Never', activeDeadlineSeconds: 5 }),
    },
    startedAt: NOW - 10,
    exitedAt: NOW - 5,
  });
  const failedAt = (infraExitedAt: number) => {
    const pods: readonly ObservedPod[] = [
      { ...infra, infra: 'exited', infraStartedAt: NOW - 10, infraExitedAt },
    ];
    return readinessOf('demo', [podOf('web', 'Never', 'app')], { pods, containers }, NOW).hasFailed;
  };
  assert.equal(failedAt(NOW - 5), true);
  assert.equal(failedAt(NOW - 6), false);
});
