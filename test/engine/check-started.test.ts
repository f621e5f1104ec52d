import assert from 'node:assert/strict';
import { test } from 'node:test';
import { checkStarted } from '../../src/engine/check-started.ts';
import type { Plan } from '../../src/plan/plan.ts';
import type { ObservedContainer } from '../../src/podman/inspect/observed.ts';
import { observedContainer, podOf } from '../support/desired.ts';
import { testEngine } from '../support/platform.ts';
import { answeringPodman, EMPTY_PODMAN } from '../support/podman-state.ts';

const POD = podOf('web', 'Never', 'app');
const PLAN: Plan = {
  project: 'demo',
  changes: [],
  warnings: [],
  steps: [
    {
      id: 'start',
      needs: [],
      cause: 'pod/web container/app',
      operation: { kind: 'start-container', pod: 'web', container: 'app', isReplacement: false },
    },
  ],
};
const running: ObservedContainer = { ...observedContainer('web-app', 'running'), pid: 7 };
const ended = { ...observedContainer('web-app', 'exited', 3), startedAt: 1 };

/** podman's answers at one look after the other, and the process then. The last ones stay. */
const cases: readonly (readonly [
  string,
  readonly (readonly [ObservedContainer, string?])[],
  { readonly slept: readonly number[]; readonly failed: readonly number[] },
])[] = [
  ['a server that waits', [[running, 'S']], { slept: [300], failed: [] }],
  [
    'a container of a podman without process IDs',
    [[{ ...observedContainer('web-app', 'running') }]],
    { slept: [300], failed: [] },
  ],
  ['a container that has failed', [[ended]], { slept: [300], failed: [3] }],
  [
    'no processor since the start',
    [[running, 'R'], [running, 'D'], [ended]],
    { slept: [300, 100, 100], failed: [3] },
  ],
  [
    'an end that podman has not noticed',
    [[running, 'Z'], [running], [ended]],
    { slept: [300, 100, 100], failed: [3] },
  ],
  [
    'a start that takes a while',
    [
      [running, 'R'],
      [running, 'S'],
    ],
    { slept: [300, 100], failed: [] },
  ],
  ['a program that computes', [[running, 'R']], { slept: [300, ...Array<number>(10).fill(100)], failed: [] }],
];

for (const [what, looks, { slept, failed }] of cases)
  test(`the check after a start: ${what}`, async () => {
    let look = -1;
    const at = () => looks[Math.min(look, looks.length - 1)] ?? [running];
    const times: number[] = [];
    const clock = {
      now: () => 0,
      sleep: (milliseconds: number) => {
        times.push(milliseconds);
        return Promise.resolve();
      },
    };
    const { engine } = testEngine({ clock }, answeringPodman(EMPTY_PODMAN));
    const files = {
      ...engine.platform.files,
      read: (path: string) => {
        const [, state] = at();
        assert.equal(path, '/proc/7/stat');
        return state === undefined
          ? Promise.reject(new Error('ENOENT'))
          : Promise.resolve(Buffer.from(`7 (a ) R b) ${state} 1 7`));
      },
    };
    const poll = () => {
      look++;
      return Promise.resolve([at()[0]]);
    };
    const troubles = await checkStarted(PLAN, {
      engine: { ...engine, platform: { ...engine.platform, files } },
      pods: [POD],
      watch: { poll, error: () => undefined },
      stop: new AbortController().signal,
    });
    assert.deepEqual(times, slept);
    assert.deepEqual(
      troubles.map(({ trouble }) => (trouble.kind === 'failed' ? trouble.exitCode : trouble.kind)),
      failed,
    );
  });
