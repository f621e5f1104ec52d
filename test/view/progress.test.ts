import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { ApplyEvent } from '../../src/apply/events.ts';
import { plainPaint, type Paint } from '../../src/base/paint.ts';
import type { Step } from '../../src/plan/step.ts';
import { groupsOf } from '../../src/view/progress/board.ts';
import { shownSteps } from '../../src/view/progress/shown-steps.ts';
import { openProgress } from '../../src/view/progress/progress.ts';
import type { ProgressKind } from '../../src/view/progress/types.ts';
import { app, createPod, createVolume, fetch, log, pull, removePod, setup, up } from './steps.ts';
import { progressLines } from '../support/progress-schema.ts';

async function show(
  kind: ProgressKind,
  events: readonly ApplyEvent[],
  { verbose = false, paint = plainPaint }: { readonly verbose?: boolean; readonly paint?: Paint } = {},
): Promise<string> {
  let text = '';
  const terminal = {
    write: (part: string) => {
      text += part;
    },
    columns: 80,
  };
  const clock = { now: () => 0, sleep: () => Promise.resolve() };
  const progress = await openProgress(kind, { terminal, paint, verbose, clock });
  assert.equal(progress.kind, kind);
  for (const event of events) progress.emit(event);
  await progress.close();
  return text;
}

const started = (step: typeof pull, attempt = 1): ApplyEvent => ({ kind: 'step-started', step, attempt });
const succeeded = (step: typeof pull, seconds: number): ApplyEvent => ({
  kind: 'step-succeeded',
  step,
  seconds,
});
const printed = (step: typeof pull, line: string): ApplyEvent => ({
  kind: 'step-output',
  step,
  stream: 'stdout',
  line,
});

const run: readonly ApplyEvent[] = [
  { kind: 'plan-started', plan: up },
  started(pull),
  printed(pull, 'Copying blob sha256:0123'),
  succeeded(pull, 3.21),
  started(createVolume),
  succeeded(createVolume, 0.1),
  started(createPod),
  printed(createPod, 'a845b13d6763599a'),
  succeeded(createPod, 0.4),
  started(fetch),
  printed(fetch, '\u001B[32mfetching\u001B[0m 10%\rfetching 99%'),
  { kind: 'step-waiting', step: fetch, attempt: 1, exitCode: 1, seconds: 10 },
  started(fetch, 2),
  succeeded(fetch, 12.3),
  started(setup),
  succeeded(setup, 61),
  started(app),
  started(log),
  succeeded(log, 0.2),
  succeeded(app, 0.3),
  {
    kind: 'plan-finished',
    outcome: { status: 'done', succeeded: up.steps, failed: [], skipped: [], undone: [] },
  },
];

test('plain: a line for each finished step, and the output of init containers', async () => {
  assert.equal(
    await show('plain', run),
    [
      'image nginx:1.27       pulled in 3.2 s',
      'pod/web                created in 0.4 s',
      'pod/web init/fetch     started',
      '[web/fetch] fetching 99%',
      'pod/web init/fetch     failed (exit code 1), retrying in 10 s (attempt 2)',
      'pod/web init/fetch     restarted',
      'pod/web init/fetch     completed in 12 s',
      'pod/web init/setup     started',
      'pod/web init/setup     completed in 1 min 1 s',
      'pod/web container/log  started in 0.2 s',
      'pod/web container/app  started in 0.3 s',
      '',
    ].join('\n'),
  );
});

test('plain, verbose: also internal steps and all output', async () => {
  const text = await show('plain', run, { verbose: true });
  assert.match(text, /^\[image nginx:1\.27\] Copying blob sha256:0123\n/);
  assert.match(text, /^pod\/web volume\/data {4}created in 0\.1 s\n/m);
  assert.match(text, /^\[pod\/web\] a845b13d6763599a\n/m);
});

test('plain: a failure, a stop and a removal', async () => {
  const paint: Paint = (tone, text) => `<${tone}>${text}</${tone}>`;
  const text = await show(
    'plain',
    [
      { kind: 'plan-started', plan: { ...up, steps: [setup, app, removePod] } },
      {
        kind: 'step-failed',
        step: setup,
        seconds: 14,
        failure: { kind: 'init-container', exitCode: 3, attempts: 2, lastLines: ['no such file'] },
      },
      { kind: 'step-skipped', step: app, because: 'needs-failed' },
      { kind: 'stopping', because: 'interrupted' },
      {
        kind: 'step-failed',
        step: removePod,
        seconds: 1,
        failure: { kind: 'stopped', because: 'interrupted' },
      },
      succeeded(removePod, 2),
    ],
    { paint },
  );
  assert.equal(
    text,
    [
      'pod/web init/setup     <error>failed (exit code 3), after 2 attempts (14 s)</error>',
      'Stopping. Finishing running steps. Press Ctrl-C again to abort.',
      'pod/web                <error>interrupted (1.0 s)</error>',
      'pod/web                removed in 2.0 s',
      '',
    ].join('\n'),
  );
});

test('quiet: nothing', async () => {
  assert.equal(await show('quiet', run), '');
});

test('json: an object a line, without settings', async () => {
  const text = await show('json', [
    ...run.slice(0, 4),
    ...run.slice(9, 13),
    {
      kind: 'step-failed',
      step: setup,
      seconds: 2,
      failure: { kind: 'init-container', exitCode: 3, attempts: 1, lastLines: ['a'] },
    },
    {
      kind: 'step-failed',
      step: pull,
      seconds: 2,
      failure: {
        kind: 'command',
        diagnostic: { code: 'no-space', severity: 'error', message: 'the disk is full' },
      },
    },
    { kind: 'step-skipped', step: app, because: 'needs-failed' },
    { kind: 'stopping', because: 'timeout' },
    {
      kind: 'plan-finished',
      outcome: {
        status: 'failed',
        succeeded: [pull],
        failed: [{ step: setup, failure: { kind: 'stopped', because: 'timeout' } }],
        skipped: [app],
        undone: [],
      },
    },
  ]);
  const image = { id: 'pull/nginx:1.27', kind: 'pull-image', image: 'nginx:1.27' };
  const fetching = {
    id: 'pod/web init/fetch',
    kind: 'run-container',
    pod: 'web',
    container: 'fetch',
    role: 'init',
  };
  assert.deepEqual(progressLines(text), [
    { type: 'plan-started', formatVersion: '1.0', project: 'shop', changes: 0, steps: 7 },
    { type: 'step-started', step: image, attempt: 1 },
    { type: 'step-output', step: image, stream: 'stdout', line: 'Copying blob sha256:0123' },
    { type: 'step-succeeded', step: image, seconds: 3.21 },
    { type: 'step-started', step: fetching, attempt: 1 },
    {
      type: 'step-output',
      step: fetching,
      stream: 'stdout',
      line: '\u001B[32mfetching\u001B[0m 10%\rfetching 99%',
    },
    { type: 'step-waiting', step: fetching, attempt: 1, exitCode: 1, seconds: 10 },
    { type: 'step-started', step: fetching, attempt: 2 },
    {
      type: 'step-failed',
      step: { ...fetching, id: 'pod/web init/setup', container: 'setup' },
      seconds: 2,
      failure: { kind: 'init-container', exitCode: 3, attempts: 1, lastLines: ['a'] },
    },
    {
      type: 'step-failed',
      step: image,
      seconds: 2,
      failure: {
        kind: 'command',
        diagnostic: { code: 'no-space', severity: 'error', rule: 'podpose', message: 'the disk is full' },
      },
    },
    {
      type: 'step-skipped',
      step: {
        id: 'pod/web container/app',
        kind: 'run-container',
        pod: 'web',
        container: 'app',
        role: 'container',
      },
      because: 'needs-failed',
    },
    { type: 'stopping', because: 'timeout' },
    {
      type: 'plan-finished',
      status: 'failed',
      succeeded: ['pull/nginx:1.27'],
      failed: ['pod/web init/setup'],
      skipped: ['pod/web container/app'],
      undone: [],
    },
  ]);
  assert.ok(!text.includes('do-not-tell'));
});

test('plain: PVC volumes are reported in plan order', async () => {
  const removal = (name: string) => ({
    id: `remove-volume/${name}`,
    needs: [],
    cause: `volume/${name}`,
    operation: { kind: 'remove-volumes', volumes: [name] } as const,
  });
  const [a, b, c, d] = [removal('a'), removal('b'), removal('c'), removal('d')];
  const plan = { ...up, steps: [removePod, a, b, c, d] };
  const text = await show('plain', [
    { kind: 'plan-started', plan },
    succeeded(removePod, 0.3),
    succeeded(c, 0.1),
    succeeded(a, 0.2),
    { kind: 'step-skipped', step: b, because: 'interrupted' },
    { kind: 'step-failed', step: d, seconds: 0.1, failure: { kind: 'stopped', because: 'interrupted' } },
  ]);
  assert.deepEqual(
    text
      .trimEnd()
      .split('\n')
      .map((line) => line.split(' ')[0]),
    ['pod/web', 'volume/a', 'volume/c', 'volume/d'],
  );
});

test('a change of one internal step is shown', async () => {
  const subject = { kind: 'container', pod: 'web', role: 'container', name: 'app' } as const;
  const rename: Step = {
    id: 'rename/web/app',
    needs: [],
    cause: 'pod/web container/app',
    operation: { kind: 'rename-container', pod: 'web', container: 'app', from: 'mine' },
  };
  const reason = { kind: 'renamed', name: 'mine' } as const;
  const plan = { ...up, changes: [{ subject, action: 'repair', reason } as const], steps: [rename] };
  const events: readonly ApplyEvent[] = [
    { kind: 'plan-started', plan },
    started(rename),
    succeeded(rename, 0.1),
  ];
  assert.equal(await show('plain', events), 'pod/web container/app  replacement renamed in 0.1 s\n');
  assert.deepEqual(
    groupsOf(plan).map(({ title, rows }) => [title, rows.map(({ name }) => name)]),
    [['pod/web', ['container/app']]],
  );
  // Behind a start it is a detail again.
  const start: Step = {
    ...rename,
    id: 'pod/web container/app',
    operation: { kind: 'start-container', pod: 'web', container: 'app', isReplacement: false },
  };
  assert.deepEqual(shownSteps({ ...plan, steps: [rename, start] }), [start]);
});
