import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { addWatchedFacts } from '../../src/engine/watch-facts.ts';
import type { ObservedContainer } from '../../src/podman/inspect/observed.ts';
import { observe } from '../../src/podman/inspect/observe.ts';
import { demoEngine, planDemo } from '../support/demo-project.ts';
import { observedContainer } from '../support/desired.ts';
import { testEngine } from '../support/platform.ts';
import { EMPTY_PODMAN, stateAfter } from '../support/podman-state.ts';
import { scriptedRunner } from '../support/scripted-runner.ts';

/** Seconds since 1970. */
const START = Date.parse('2026-01-01T00:00:05Z') / 1000;

const REPORTED = {
  ...{ id: 'web-app', pod: 'web', container: 'app', restarts: 1 },
  lastEnd: { exitCode: 1, reason: 'Error', finishedAt: START * 1000 - 500 },
  restartedRun: '2026-01-01T00:00:05.25Z',
  probed: { run: '2026-01-01T00:00:05.25Z', started: true, ready: true, words: [] },
};
const HOOKED = {
  'podpose.watched': 'true',
  'podpose.format': '1',
  'podpose.spec': JSON.stringify({ postStart: { sleep: { seconds: 5 } } }),
};
const WHOLE = { restarts: 1, isRestart: true, started: true, ready: true };

suite('what a watcher has reported, of a container that', () => {
  type Row = readonly [string, Partial<ObservedContainer>, string | undefined, object];
  const rows: readonly Row[] = [
    ['runs as the watcher has seen it', { startedAt: START }, '2026-01-01T00:00:05.25Z', WHOLE],
    ['was inspected with fractions', { startedAt: START + 0.25 }, '2026-01-01T00:00:05.25Z', WHOLE],
    ['is watched by an earlier version', { startedAt: START + 9 }, undefined, WHOLE],
    ['was started again since', { startedAt: START + 2 }, '2026-01-01T00:00:05.25Z', { restarts: 1 }],
    [
      'was started again since, with a postStart hook',
      { startedAt: START + 2, labels: HOOKED },
      '2026-01-01T00:00:05.25Z',
      { restarts: 1, isInPostStart: true },
    ],
    [
      'has ended since, as the watcher will see',
      { state: 'exited', startedAt: START + 2, exitedAt: START + 3 },
      '2026-01-01T00:00:05.25Z',
      WHOLE,
    ],
  ];
  for (const [what, container, run, expected] of rows)
    test(what, async () => {
      const { engine } = testEngine(
        {},
        scriptedRunner((command) => {
          command.exit(1);
        }),
      );
      const report = { version: '1', pid: 2, containers: [{ ...REPORTED, run }] };
      const platform = {
        ...engine.platform,
        sockets: { ...engine.platform.sockets, ask: () => Promise.resolve(JSON.stringify(report)) },
      };
      const observed: ObservedContainer = {
        ...observedContainer('web-app', 'running'),
        owner: { project: 'demo', pod: 'web', role: 'container', name: 'app' },
        labels: { 'podpose.watched': 'true' },
        ...container,
      };
      const { containers } = await addWatchedFacts({ ...engine, platform }, [observed]);
      const { lastEnd, probes: _, ...facts } = containers[0]?.watched ?? { restarts: 0 };
      assert.deepEqual(facts, expected);
      assert.equal(lastEnd?.exitCode, 1);
    });
});

suite('without a watcher', () => {
  const ruled = 'restartPolicyRules: [{ action: Restart, exitCodes: { operator: In, values: [42] } }]';
  const text = `apiVersion: v1
kind: Pod
metadata: { name: web }
spec:
  restartPolicy: Never
  containers:
    - { name: ruled, image: 'busybox:1.36', restartPolicy: Never, ${ruled} }
    - { name: plain, image: 'busybox:1.36' }
`;
  const observed = async (ruled: Partial<ObservedContainer>) => {
    const planned = await planDemo(text, EMPTY_PODMAN, {});
    assert.ok(planned.ok);
    const found = await observe(demoEngine('', stateAfter(planned.value.plan), {}).podman);
    assert.ok(found.ok);
    const containers = found.value.containers.map((one) => ({
      ...one,
      ...(one.owner?.name === 'ruled'
        ? { ...ruled, labels: { ...one.labels, ...ruled.labels, 'podpose.watched': 'true' } }
        : {}),
    }));
    return { containers, pods: found.value.pods };
  };
  const SIDECAR: Partial<ObservedContainer> = {
    state: 'running',
    labels: {
      'podpose.role': 'init',
      'podpose.format': '1',
      'podpose.spec': JSON.stringify({ restartPolicy: 'Always' }),
    },
    owner: { project: 'demo', pod: 'web', role: 'init', name: 'ruled' },
  };
  type Row = readonly [what: string, ruled: Partial<ObservedContainer>, unwatched: readonly string[]];
  const rows: readonly Row[] = [
    ['there is something to do if a container runs that may restart', { state: 'running' }, ['demo']],
    ['there is if one has ended that restarts', { state: 'exited', exitCode: 42 }, ['demo']],
    ['there is if only a sidecar runs, which is to be stopped', SIDECAR, ['demo']],
    ['there is nothing if only one runs that stays as it ends', { state: 'exited', exitCode: 1 }, []],
  ];
  for (const [what, ended, expected] of rows)
    test(what, async () => {
      const { engine } = testEngine(
        {},
        scriptedRunner((command) => {
          command.exit(1);
        }),
      );
      const { containers, pods } = await observed(ended);
      assert.deepEqual((await addWatchedFacts(engine, containers, pods)).unwatched, expected);
    });

  test('the events of all containers of the pod tell of restarts', async () => {
    const { containers, pods } = await observed({ state: 'running' });
    const plain = containers.find(({ owner }) => owner?.name === 'plain');
    assert.ok(plain !== undefined);
    const event = (status: string, second: number) =>
      JSON.stringify({ ID: plain.id, Status: status, timeNano: (START + second) * 1e9 });
    const { engine } = testEngine(
      {},
      scriptedRunner((command) => {
        for (const [index, status] of ['start', 'died', 'start'].entries())
          command.print(event(status, index));
        command.exit(0);
      }),
    );
    const restarted = containers.map((one) => (one === plain ? { ...one, exitedAt: START + 1 } : one));
    const facts = await addWatchedFacts(engine, restarted, pods);
    const shown = facts.containers.find(({ id }) => id === plain.id);
    assert.equal(shown?.watched?.restarts, 1);
  });
});
