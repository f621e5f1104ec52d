import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { findCrashLoops } from '../../src/engine/crash-loops.ts';
import type { ObservedContainer } from '../../src/podman/inspect/observed.ts';
import { observedContainer, podOf } from '../support/desired.ts';
import { testEngine } from '../support/platform.ts';
import { scriptedRunner } from '../support/scripted-runner.ts';

const NOW = 1000;

/** podman has restarted none: its own number stays 0. */
function ended(name: string, rest: Partial<ObservedContainer> = {}): ObservedContainer {
  return {
    ...observedContainer(`web-${name}`, 'exited'),
    owner: { project: 'demo', pod: 'web', role: 'container', name },
    labels: { 'podpose.watched': 'true' },
    ...{ createdAt: NOW - 300, startedAt: NOW - 4, exitedAt: NOW - 3, restarts: 0 },
    ...rest,
  };
}

suite('crash loops of containers that the watcher restarts', () => {
  type Row = readonly [string, Partial<ObservedContainer>, object | readonly object[], number | undefined];
  const waits = { restarts: 2, restartAt: (NOW + 5) * 1000, waitSeconds: 20 };
  const rows: readonly Row[] = [
    ['waits for its restart', {}, waits, 2],
    ['has ended since the last look of the watcher', {}, [{ restarts: 2 }, { restarts: 2 }, waits], 2],
    [
      'has ended, and podman cleans it up',
      { state: 'stopped' },
      [{ restarts: 2 }, { restarts: 2 }, waits],
      2,
    ],
    ['has ended since it was observed', { state: 'running' }, waits, 2],
    ['was restarted since it was observed', {}, { restarts: 2, restartedRun: 'third' }, 2],
    ['was restarted since, and whose postStart hook runs', {}, { restarts: 1, isInPostStart: true }, 1],
    ['stays as it is', {}, { restarts: 2, end: { exitCode: 0, reason: 'Completed' } }, undefined],
    ['has just been restarted', { state: 'running' }, { restarts: 2, restartedRun: 'second' }, 2],
    ['was started by a user after restarts', { state: 'running' }, { restarts: 2 }, undefined],
    [
      'is stable',
      { state: 'running', createdAt: NOW - 300, startedAt: NOW - 250 },
      { restarts: 2, restartedRun: 'second' },
      undefined,
    ],
    ['was started again by a person', { state: 'running' }, { restarts: 0 }, undefined],
    ['has never ended', { state: 'running', exitedAt: 0 }, { restarts: 2 }, undefined],
  ];
  for (const [what, container, status, expected] of rows)
    test(`one that ${what}`, async () => {
      const { engine } = testEngine(
        {},
        scriptedRunner((command) => {
          command.exit(1);
        }),
      );
      const statuses = [status].flat();
      const ask = () => {
        // Each look asks twice: for the facts, and whether somebody watches.
        const [now] = statuses.length > 1 ? statuses.splice(0, 1) : statuses;
        const report = { version: '1', pid: 2, containers: [{ id: 'web-app', ...now }] };
        return Promise.resolve(JSON.stringify(report));
      };
      const platform = {
        ...engine.platform,
        today: () => NOW * 1000,
        clock: { ...engine.platform.clock, sleep: () => Promise.resolve() },
        sockets: { ...engine.platform.sockets, ask },
      };
      const found = await findCrashLoops({ ...engine, platform }, [podOf('web', 'Always', 'app')], {
        containers: [ended('app', container)],
      });
      assert.deepEqual(
        found.ok ? [...found.value] : found,
        expected === undefined ? [] : [['web-app', expected]],
      );
    });
});
