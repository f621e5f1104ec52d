import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Outcome } from '../../src/apply/events.ts';
import type { Step } from '../../src/plan/step.ts';
import { plainPaint } from '../../src/base/paint.ts';
import { renderOutcome } from '../../src/view/progress/outcome.ts';
import { app, createPod, createVolume, fetch, log, pull, removePod, setup } from './steps.ts';

function render(outcome: Partial<Outcome>): string {
  return renderOutcome(
    { status: 'failed', succeeded: [], failed: [], skipped: [], undone: [], ...outcome },
    { project: 'shop', paint: plainPaint },
  );
}

test('all done, nothing said', () => {
  assert.equal(render({ status: 'done', succeeded: [pull, createPod] }), '');
});

test('a failed init container, with its last lines, what is left, and the way on', () => {
  assert.equal(
    render({
      succeeded: [pull, createVolume, createPod, fetch],
      failed: [
        {
          step: setup,
          failure: {
            kind: 'init-container',
            exitCode: 3,
            attempts: 2,
            lastLines: ['cp: no such file', '\u001B[31mgiving up'],
          },
        },
      ],
      skipped: [app, log],
    }),
    [
      'error: init container setup of pod web failed (exit code 3), after 2 attempts',
      '   | cp: no such file',
      '   | giving up',
      '   help: podpose -p shop logs web -c setup   shows all that it printed',
      '',
      'Left as it is: pod/web, pod/web init/fetch, pod/web init/setup',
      'Not done: pod/web container/app, pod/web container/log',
      'Run the same command again to go on from here; podpose -p shop down removes what was made.',
      '',
    ].join('\n'),
  );
});

test('an init container that printed nothing', () => {
  const failure = { kind: 'init-container', exitCode: 1, attempts: 1, lastLines: [] } as const;
  assert.match(render({ failed: [{ step: setup, failure }] }), /exit code 1\)\n {3}It printed nothing\.\n/);
});

test('a command that failed, with nothing made', () => {
  assert.equal(
    render({
      failed: [
        {
          step: pull,
          failure: {
            kind: 'command',
            diagnostic: {
              code: 'image-not-found',
              severity: 'error',
              message: 'cannot pull the image nginx:1.27: there is no such image',
              help: 'Check its name.\npodman said: manifest unknown',
            },
          },
        },
      ],
      skipped: [createVolume, createPod],
    }),
    [
      'error: cannot pull the image nginx:1.27: there is no such image',
      '   help: Check its name.',
      '         podman said: manifest unknown',
      '',
      'Not done: pod/web',
      'Run the same command again to go on from here.',
      '',
    ].join('\n'),
  );
});

test('interrupted: what was stopped is no error', () => {
  assert.equal(
    render({
      status: 'interrupted',
      succeeded: [createPod],
      failed: [{ step: fetch, failure: { kind: 'stopped', because: 'interrupted' } }],
      skipped: [setup, app],
    }),
    [
      'Interrupted.',
      '',
      'Left as it is: pod/web, pod/web init/fetch',
      'Not done: pod/web init/setup, pod/web container/app',
      'Run the same command again to go on from here; podpose -p shop down removes what was made.',
      '',
    ].join('\n'),
  );
});

test('the time was up, with a removal half-way', () => {
  assert.equal(
    render({ status: 'timeout', succeeded: [removePod], skipped: [createPod] }),
    [
      'Stopped, as the time given by --timeout is over.',
      '',
      'Removed: pod/web',
      'Not done: pod/web',
      'Run the same command again to go on from here.',
      '',
    ].join('\n'),
  );
});

test('many failures fit on one screen', () => {
  const lastLines = Array.from({ length: 20 }, (_, index) => `line ${index}`);
  const failure = { kind: 'init-container', exitCode: 1, attempts: 1, lastLines } as const;
  const text = render({
    failed: Array.from({ length: 12 }, () => ({ step: setup, failure })),
    skipped: Array.from({ length: 12 }, (_, index) => ({
      ...pull,
      operation: { kind: 'pull-image', image: `i${index}` } as const,
    })),
  });
  assert.ok(text.split('\n').length < 45, text);
  assert.match(text, /\n {3}\| line 19\n/);
  assert.match(text, /\nand 7 more that failed\n/);
  assert.match(text, /, image i7, and 4 more\n/);
});

test('what was removed and created again is named once', () => {
  const failure = { kind: 'init-container', exitCode: 1, attempts: 1, lastLines: [] } as const;
  const text = render({ succeeded: [removePod, createPod], failed: [{ step: fetch, failure }] });
  assert.match(text, /^Left as it is: pod\/web, pod\/web init\/fetch$/m);
  assert.doesNotMatch(text, /^Removed/m);
  assert.match(
    render({ succeeded: [removePod], failed: [{ step: fetch, failure }] }),
    /^Removed: pod\/web$/m,
  );
});

test('a container that was stopped for one that was never started, and runs again', () => {
  const stop: Step = {
    id: 'stop/web/app',
    needs: [],
    cause: 'pod web container/app',
    operation: {
      kind: 'stop-containers',
      pod: 'web',
      containers: ['web-app'],
      graceSeconds: 30,
      besideOthers: true,
    },
  };
  const start: Step = {
    ...stop,
    id: 'start/web/app',
    operation: { kind: 'start-container', pod: 'web', container: 'app', isReplacement: true },
  };
  const told = (isUndone: boolean) =>
    render({ succeeded: [stop], skipped: [start], undone: [{ step: stop, isUndone }] });
  assert.match(told(true), /^Brought back as it was before: pod\/web container\/app$/m);
  assert.doesNotMatch(told(true), /Not done/);
  assert.match(told(false), /^Could not be brought back: pod\/web container\/app$/m);
});
