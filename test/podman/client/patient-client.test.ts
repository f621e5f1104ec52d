import { commandClient } from '../../../src/podman/client/client.ts';
import assert from 'node:assert/strict';
import { setImmediate } from 'node:timers/promises';
import { test } from 'node:test';
import { observePods } from '../../../src/podman/inspect/observe.ts';
import { patientClient } from '../../../src/podman/client/patient-client.ts';
import type { ProcessEnd, ProcessOutput, ProcessRunner } from '../../../src/platform/process.ts';

type Answer = ProcessEnd & ProcessOutput;

/** A podman that answers on demand, or on cancellation. */
function slowPodman(): {
  readonly run: ProcessRunner;
  readonly asked: string[];
  answer: (end: Answer) => void;
} {
  const slow = {
    asked: Array<string>(),
    answer: (_: Answer): void => undefined,
    run: {
      query: (_program: string, args: readonly string[], cancel?: AbortSignal) => {
        slow.asked.push(args.join(' '));
        return new Promise<Answer>((resolve) => {
          slow.answer = resolve;
          const cancelled: Answer = { kind: 'signalled', signal: 'SIGTERM', stdout: '', stderr: '' };
          if (cancel?.aborted === true) resolve(cancelled);
          cancel?.addEventListener('abort', () => {
            resolve(cancelled);
          });
        });
      },
      execute: () => assert.fail('not a question'),
      start: () => assert.fail('not a question'),
      read: () => assert.fail('not a question'),
      attach: () => assert.fail('not a question'),
    },
  };
  return slow;
}

/** A clock under the control of a test. */
function testClock() {
  let now = 0;
  const sleepers: { readonly until: number; readonly wake: () => void }[] = [];
  return {
    sleep: (milliseconds: number, signal: AbortSignal) =>
      new Promise<void>((resolve) => {
        sleepers.push({ until: now + milliseconds, wake: resolve });
        signal.addEventListener('abort', () => {
          resolve();
        });
      }),
    pass: async (seconds: number) => {
      now += seconds * 1000;
      for (const { until, wake } of sleepers) if (until <= now) wake();
      await setImmediate();
    },
  };
}

void test('an answer in time is returned without a report', async () => {
  const podman = slowPodman();
  const clock = testClock();
  const waits: string[] = [];
  const run = patientClient(commandClient(podman.run, 'podman'), {
    sleep: clock.sleep,
    onWaiting: (...told) => waits.push(told.join(' ')),
  });
  const asking = run.query({ args: ['ps'] });
  await clock.pass(4);
  podman.answer({ kind: 'exited', exitCode: 0, stdout: '[]', stderr: '' });
  assert.deepEqual(await asking, { kind: 'exited', exitCode: 0, stdout: '[]', stderr: '' });
  await clock.pass(200);
  assert.deepEqual(waits, []);
});

void test('a slow query is reported after 5 s, once for all queries', async () => {
  const podman = slowPodman();
  const clock = testClock();
  const waits: string[] = [];
  const run = patientClient(commandClient(podman.run, 'podman'), {
    sleep: clock.sleep,
    onWaiting: (program, args) => waits.push([program, ...args].join(' ')),
  });
  void run.query({ args: ['ps', '--all'] });
  void run.query({ args: ['volume', 'ls'] });
  await clock.pass(5);
  assert.deepEqual(waits, ['podman ps --all']);
});

void test('a query without an answer ends at its time limit, with a diagnostic that says what to do', async () => {
  const podman = slowPodman();
  const clock = testClock();
  const run = patientClient(commandClient(podman.run, 'podman'), {
    sleep: clock.sleep,
    onWaiting: () => undefined,
  });
  const asking = observePods(run);
  await clock.pass(120);
  const found = await asking;
  assert.ok(!found.ok);
  assert.deepEqual(
    found.error.map(({ code, message }) => [code, message]),
    [
      [
        'podman-silent',
        "podman did not answer 'podman ps --all --pod --no-trunc --format json' within 120 s",
      ],
    ],
  );
  assert.equal(podman.asked.length, 1, 'podman is not asked for its version as well');
});

void test('a cancelled query ends, and the next one does not wait', async () => {
  const podman = slowPodman();
  const clock = testClock();
  const cancel = new AbortController();
  const run = patientClient(commandClient(podman.run, 'podman'), {
    sleep: clock.sleep,
    onWaiting: () => assert.fail('nobody waits'),
    cancel: cancel.signal,
  });
  const asking = run.query({ args: ['ps'] });
  cancel.abort('interrupted');
  assert.equal((await asking).kind, 'signalled');
  assert.equal((await run.query({ args: ['ps'] })).kind, 'signalled');
  await clock.pass(5);
});
