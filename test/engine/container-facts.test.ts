import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { containerFacts } from '../../src/engine/container-facts.ts';
import { withUnseenEnds } from '../../src/engine/unseen-ends.ts';
import { addWatchedFacts } from '../../src/engine/watch-facts.ts';
import { podStatus } from '../../src/kube/status/pod-status.ts';
import type { ContainerFacts, WatchedFacts } from '../../src/kube/status/facts.ts';
import type { ObservedContainer } from '../../src/podman/inspect/observed.ts';
import { observedContainer } from '../support/desired.ts';
import { testEngine } from '../support/platform.ts';
import { scriptedRunner } from '../support/scripted-runner.ts';

const NOW = 2000;
const times = { createdAt: NOW - 300, startedAt: NOW - 40, exitedAt: NOW - 30 };

function factsOf(observed: Partial<ObservedContainer>, watched?: WatchedFacts): ContainerFacts {
  const whole = { ...observedContainer('web-app', 'exited', 3), ...times, ...observed };
  return containerFacts({ name: 'app', observed: { ...whole, ...(watched && { watched }) } }, 0);
}

suite('facts about a container that is watched', () => {
  const waits = { waitSeconds: 20, restartAt: NOW + 10 };
  const error = { exitCode: 128, reason: 'StartError', message: 'no such program' };

  test('the end of a run before a back-off is known', () => {
    const { stage, finishedAt } = factsOf({}, { restarts: 2, ...waits });
    assert.equal(stage.kind, 'backing-off');
    assert.equal(finishedAt, NOW - 30);
  });

  for (const [what, observed, watched] of [
    ['a first start', { state: 'created', startFailure: 'no such program' }, { restarts: 1 }],
    ['a first start without a trace in podman', { state: 'created' }, { restarts: 1, end: error }],
    ['a restart', {}, { restarts: 1, end: error }],
  ] as const)
    test(`the back-off after ${what} that has failed`, () => {
      const backOff = { seconds: 20, until: NOW + 10 };
      const failed = { kind: 'start-failed', message: 'no such program' };
      assert.deepEqual(factsOf(observed, watched).stage, failed);
      assert.deepEqual(factsOf(observed, { ...watched, ...waits }).stage, { ...failed, backOff });
      const finishedAt = NOW - 10;
      const end = { ...error, finishedAt };
      assert.deepEqual(factsOf(observed, { ...watched, end }).stage, { ...failed, finishedAt });
    });

  const earlier = { exitCode: 3, reason: 'Error', finishedAt: NOW - 100 };
  for (const [what, lastEnd, expected] of [
    ['a run that the watcher has not seen', earlier, { finishedAt: NOW - 30 }],
    ['the run that the watcher has seen', { ...earlier, finishedAt: NOW - 29.2 }, { exitCode: 3 }],
    ['a run of which the watcher knows no time', { exitCode: 3 }, { exitCode: 3 }],
    ['a run before the watcher', undefined, { finishedAt: NOW - 30 }],
  ] as const)
    test(`the last end is that of ${what}`, () => {
      const watched: WatchedFacts = { restarts: 2, ...(lastEnd && { lastEnd }) };
      const facts = factsOf({ state: 'running', startedAt: NOW - 20 }, watched);
      const { exitCode, finishedAt } = facts.lastEnd ?? {};
      assert.deepEqual(
        { exitCode, ...(exitCode === undefined ? { finishedAt } : {}) },
        { exitCode: undefined, ...expected },
      );
    });
});

suite('what a watcher that has just begun does not know yet', () => {
  const watched: ObservedContainer = {
    ...{ ...observedContainer('web-app', 'running'), ...times },
    owner: { project: 'demo', pod: 'web', role: 'container', name: 'app' },
    labels: { 'podpose.watched': 'true' },
  };
  const event = (status: string, at: number) =>
    JSON.stringify({ ID: 'web-app', Status: status, timeNano: at * 1e9, ContainerExitCode: 4 });

  async function restartsOf(reported: readonly object[]): Promise<number | undefined> {
    const runner = scriptedRunner((command) => {
      if (command.line.includes(' events '))
        for (const [status, at] of [
          ['start', NOW - 90],
          ['died', NOW - 80],
          ['start', NOW - 70],
        ] as const)
          command.print(event(status, at));
      command.exit(0);
    });
    const { engine } = testEngine({}, runner);
    const report = { version: '1', pid: 2, containers: reported };
    const sockets = { ...engine.platform.sockets, ask: () => Promise.resolve(JSON.stringify(report)) };
    const found = await addWatchedFacts({ ...engine, platform: { ...engine.platform, sockets } }, [watched]);
    assert.deepEqual(found.unwatched, []);
    return found.containers[0]?.watched?.restarts;
  }

  test("is asked of podman's events", async () => {
    assert.equal(await restartsOf([]), 1);
  });

  test('what it knows is not', async () => {
    assert.equal(await restartsOf([{ id: 'web-app', restarts: 7 }]), 7);
  });
});

test("an end that the watcher has not seen is asked of podman's events", async () => {
  const restarted = { ...observedContainer('web-app', 'running'), ...times };
  const seen = { restarts: 1, lastEnd: { exitCode: 3, reason: 'Error', finishedAt: NOW - 30 } };
  const containers = [
    { ...restarted, watched: { restarts: 2 } },
    { ...restarted, id: 'seen', watched: seen },
  ];
  const runner = scriptedRunner((command) => {
    command.print(JSON.stringify({ ID: 'web-app', ContainerExitCode: 137 }));
    command.exit(0);
  });
  const found = await withUnseenEnds(testEngine({}, runner).engine.podman, containers);
  assert.deepEqual(
    found.map(({ watched }) => watched?.lastEnd),
    [{ exitCode: 137, reason: 'Error', finishedAt: NOW - 30 }, seen.lastEnd],
  );
  assert.match(runner.commands[0]?.line ?? '', /container=web-app --format/);
});

const END = { exitCode: 1, reason: 'Error', finishedAt: 5 };

/** A running container, and what its watcher knows: state, started, READY and phase of its pod. */
const rows: readonly (readonly [string, WatchedFacts | undefined, string])[] = [
  ['nobody watches', undefined, 'running started 1/1 Running'],
  ['no hook runs', { restarts: 0 }, 'running started 1/1 Running'],
  ['its postStart hook runs', { restarts: 0, isInPostStart: true }, 'ContainerCreating - 0/1 Pending'],
  [
    'after a restart, its postStart hook runs',
    { restarts: 1, lastEnd: END, isInPostStart: true },
    'ContainerCreating - 0/1 Running',
  ],
];

for (const [what, watched, expected] of rows)
  test(`a container that runs, and ${what}`, () => {
    const observed = {
      ...observedContainer('web-app', 'running'),
      ...(watched === undefined ? {} : { watched }),
    };
    const { containers, phase, ready, total } = podStatus({
      ...{ restartPolicy: 'Always', initContainers: [], isTerminal: false, isTerminating: false },
      containers: [containerFacts({ name: 'app', observed }, 0)],
    });
    const [{ state, started } = { state: { kind: 'running' }, started: false }] = containers;
    const word = state.kind === 'waiting' ? state.reason : state.kind;
    assert.equal(`${word} ${started === true ? 'started' : '-'} ${ready}/${total} ${phase}`, expected);
  });
