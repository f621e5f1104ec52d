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
const WHOLE = { restarts: 1, isRestart: true, started: true, ready: true };

suite('what a watcher has reported, of a container that', () => {
  type Row = readonly [string, Partial<ObservedContainer>, string | undefined, object];
  const rows: readonly Row[] = [
    ['runs as the watcher has seen it', { startedAt: START }, '2026-01-01T00:00:05.25Z', WHOLE],
    ['was inspected with fractions', { startedAt: START + 0.25 }, '2026-01-01T00:00:05.25Z', WHOLE],
    ['is watched by an earlier version', { startedAt: START + 9 }, undefined, WHOLE],
    ['was started again since', { startedAt: START + 2 }, '2026-01-01T00:00:05.25Z', { restarts: 1 }],
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

suite('without a watcher, there is something to do if', () => {
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
  type Row = readonly [what: string, ruled: Partial<ObservedContainer>, unwatched: readonly string[]];
  const rows: readonly Row[] = [
    ['a container runs that may restart', { state: 'running' }, ['demo']],
    ['one has ended that restarts', { state: 'exited', exitCode: 42 }, ['demo']],
    ['not if only one runs that stays as it ends', { state: 'exited', exitCode: 1 }, []],
  ];
  for (const [what, ended, expected] of rows)
    test(what, async () => {
      const planned = await planDemo(text, EMPTY_PODMAN, {});
      assert.ok(planned.ok);
      const state = stateAfter(planned.value.plan);
      const engine = demoEngine('', state, {});
      const observed = await observe(engine.podman);
      assert.ok(observed.ok);
      const containers = observed.value.containers.map((one) => ({
        ...one,
        labels: { ...one.labels, 'podpose.watched': 'true' },
        ...(one.owner?.name === 'ruled' ? ended : {}),
      }));
      const { unwatched } = await addWatchedFacts(engine, containers, observed.value.pods);
      assert.deepEqual(unwatched, expected);
    });
});
