import assert from 'node:assert/strict';
import type { DiagnosticCode } from '../../src/base/diagnostic-code.ts';
import { suite, test } from 'node:test';
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

test('a successful run has no outcome text', () => {
  assert.equal(render({ status: 'done', succeeded: [pull, createPod] }), '');
});

test('a failed init container, with its last lines, the state and the next command', () => {
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
      '   help: podpose -p shop logs web/setup   shows its full log',
      '',
      'Kept: pod/web, pod/web init/fetch, pod/web init/setup',
      'Skipped: pod/web container/app, pod/web container/log',
      'Fix the error, then run the same command again to continue; podpose -p shop down web removes the new pod.',
      '',
    ].join('\n'),
  );
});

test('volumes of PVCs and host directories are kept, too', () => {
  const claim: Step = {
    id: 'volume/data',
    needs: [],
    operation: { kind: 'create-claim-volume', project: 'shop', claimName: 'data' },
  };
  const directory: Step = {
    id: 'path',
    needs: [],
    operation: { kind: 'make-host-path', path: '/srv/logs', what: 'directory' },
  };
  const failure = { kind: 'init-container', exitCode: 1, attempts: 1, lastLines: [] } as const;
  const text = render({
    succeeded: [claim, directory, createPod],
    failed: [{ step: setup, failure }],
  });
  assert.match(text, /^Kept: volume\/data, \/srv\/logs, pod\/web, pod\/web init\/setup$/m);
  assert.match(text, /down web removes the new pod\.$/m);
});

test('an init container without output', () => {
  const failure = { kind: 'init-container', exitCode: 1, attempts: 1, lastLines: [] } as const;
  assert.match(render({ failed: [{ step: setup, failure }] }), /exit code 1\)\n {3}No output\.\n/);
});

test('a failed command that created nothing', () => {
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
              message: 'cannot pull image nginx:1.27: image not found',
              help: 'Check its name.\npodman reported: manifest unknown',
            },
          },
        },
      ],
      skipped: [createVolume, createPod],
    }),
    [
      'error: cannot pull image nginx:1.27: image not found',
      '   help: Check its name.',
      '         podman reported: manifest unknown',
      '',
      'Skipped: pod/web',
      'Fix the error, then run the same command again to continue.',
      '',
    ].join('\n'),
  );
});

test('interrupted: stopped steps are not errors', () => {
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
      'Kept: pod/web',
      // Twice Ctrl-C kills `podman run`, and perhaps before it has made its container.
      'Interrupted: pod/web init/fetch',
      'Skipped: pod/web init/setup, pod/web container/app',
      'Run the same command again to continue; podpose -p shop down web removes the new pod.',
      '',
    ].join('\n'),
  );
});

test('timed out during a removal', () => {
  assert.equal(
    render({ status: 'timeout', succeeded: [removePod], skipped: [createPod] }),
    [
      'Timed out (--timeout).',
      '',
      'Removed: pod/web',
      'Skipped: pod/web',
      'Run the same command with a longer --timeout to continue.',
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
  assert.match(text, /\nand 7 more failed\n/);
  assert.match(text, /, image i7, and 4 more\n/);
});

test('a recreated object is named once', () => {
  const failure = { kind: 'init-container', exitCode: 1, attempts: 1, lastLines: [] } as const;
  const text = render({ succeeded: [removePod, createPod], failed: [{ step: fetch, failure }] });
  assert.match(text, /^Kept: pod\/web, pod\/web init\/fetch$/m);
  assert.doesNotMatch(text, /^Removed/m);
  assert.match(
    render({ succeeded: [removePod], failed: [{ step: fetch, failure }] }),
    /^Removed: pod\/web$/m,
  );
});

test('existing pods are not suggested for removal', () => {
  const failure = { kind: 'init-container', exitCode: 1, attempts: 1, lastLines: [] } as const;
  const failed = [{ step: fetch, failure }];
  assert.doesNotMatch(render({ succeeded: [app], failed }), / down/);
  assert.doesNotMatch(render({ succeeded: [removePod, createPod], failed }), / down/);
  assert.match(
    render({ succeeded: [createPod], failed }),
    /; podpose -p shop down web removes the new pod\.$/m,
  );
});

test('after a transient error the same command is suggested', () => {
  const why = (code: DiagnosticCode) =>
    render({
      failed: [
        { step: app, failure: { kind: 'command', diagnostic: { code, severity: 'error', message: 'x' } } },
      ],
    });
  assert.match(why('state-changing'), /^Run the same command again to continue\.$/m);
  assert.match(why('stuck-stopping'), /^Fix the error, then run/m);
  assert.match(why('gone'), /^Run the same command again to continue\.$/m);
  assert.match(why('image-not-found'), /^Fix the error, then run the same command again to continue\.$/m);
});

void suite('a container that is replaced', () => {
  const subject = 'pod/web container/app';
  const step = (id: string, operation: Step['operation']): Step => ({
    id,
    needs: [],
    cause: subject,
    operation,
  });
  const ids = { pod: 'web', container: 'app' };
  const old = { containers: ['web-app'], graceSeconds: 6 };
  assert.ok(app.operation.kind === 'run-container');
  const create = step('create/web/app', { ...app.operation, kind: 'create-replacement' });
  const stop = step('stop/web/app', { kind: 'stop-containers', pod: 'web', ...old, besideOthers: false });
  const start = step('start/web/app', { kind: 'start-container', ...ids, isReplacement: true });
  const see = step('see/web/app', { kind: 'verify-running', ...ids });
  const remove = step('remove/web/app', { kind: 'remove-containers', ...old });
  const rename = step(subject, { kind: 'rename-container', ...ids, from: 'web-app_new' });
  const stopped = { kind: 'stopped', because: 'interrupted' } as const;

  /** What is said between "Interrupted." and the next command. */
  const told = (outcome: Partial<Outcome>) => {
    const lines = render({ status: 'interrupted', ...outcome })
      .trimEnd()
      .split('\n');
    assert.deepEqual(lines.slice(0, 2), ['Interrupted.', '']);
    assert.equal(lines.at(-1), 'Run the same command again to continue.');
    return lines.slice(2, -1);
  };

  test('is skipped while the old one still runs', () => {
    const outcome = { succeeded: [create], skipped: [stop, start, see, remove, rename] };
    assert.deepEqual(told(outcome), [`Skipped: ${subject}`]);
  });

  test('is restored if the old one was stopped and the new one never started', () => {
    const skipped = [start, see, remove, rename];
    const outcome = (isUndone: boolean) =>
      told({ succeeded: [create, stop], skipped, undone: [{ step: stop, isUndone }] });
    assert.deepEqual(outcome(true), [`Restored: ${subject}`]);
    assert.deepEqual(outcome(false), [`Could not be restored: ${subject}`]);
  });

  test('is restored if its stop was killed', () => {
    const failed = [{ step: stop, failure: { ...stopped, undone: true } }];
    assert.deepEqual(told({ succeeded: [create], failed, skipped: [start, see, remove, rename] }), [
      `Restored: ${subject}`,
    ]);
  });

  test('is kept once the new one runs', () => {
    const outcome = { succeeded: [create, stop, start], skipped: [see, remove, rename] };
    assert.deepEqual(told(outcome), [`Kept: ${subject}`]);
  });

  test('is listed as stopped if it was to be removed', () => {
    assert.deepEqual(told({ succeeded: [stop], skipped: [remove] }), [
      `Stopped: ${subject}`,
      `Skipped: ${subject}`,
    ]);
    assert.deepEqual(told({ succeeded: [stop, remove] }), [`Removed: ${subject}`]);
  });
});

test('a pod that was stopped is not listed when one of its containers was started again', () => {
  const stop: Step = {
    id: 'stop/web',
    needs: [],
    operation: { kind: 'stop-pod', pod: 'web', containers: 2, graceSeconds: 5 },
  };
  const states = (succeeded: readonly Step[]) =>
    render({ status: 'interrupted', succeeded, skipped: [log] })
      .split('\n')
      .slice(2, -2);
  assert.deepEqual(states([stop]), ['Stopped: pod/web', 'Skipped: pod/web container/log']);
  assert.deepEqual(states([stop, app]), ['Kept: pod/web container/app', 'Skipped: pod/web container/log']);
});
