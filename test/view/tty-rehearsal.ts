/**
 * Draws the progress of a run on the terminal that it is started on, with events that are made up: one init
 * container fails once and then completes, another one fails for good when asked to. Not a test by itself;
 * `progress-tty.test.ts` runs it in a pseudo-terminal.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import type { ApplyEvent, StepFailure } from '../../src/apply/events.ts';
import { openProgress } from '../../src/view/progress/progress.ts';
import { terminalPaint } from '../../src/view/terminal/colour.ts';
import { app, createPod, createVolume, fetch, log, pull, setup, up } from './steps.ts';

const ending = process.argv[2];
let drawn = '';
const progress = await openProgress('tty', {
  terminal: {
    write: (text) => {
      drawn += text;
      process.stderr.write(text);
    },
    get columns() {
      return process.stderr.columns;
    },
    get rows() {
      return process.stderr.rows;
    },
  },
  paint: terminalPaint(false),
  verbose: false,
  clock: {
    now: () => performance.now(),
    sleep: (milliseconds, signal) => sleep(milliseconds, undefined, { signal }).catch(() => undefined),
  },
});

const never: StepFailure = { kind: 'init-container', exitCode: 3, attempts: 2, lastLines: ['no such file'] };
const untilSetup: readonly ApplyEvent[] = [
  { kind: 'plan-started', plan: up },
  { kind: 'step-started', step: pull, attempt: 1 },
  { kind: 'step-output', step: pull, stream: 'stderr', line: 'Copying blob sha256:0123' },
  { kind: 'step-succeeded', step: pull, seconds: 3.21 },
  { kind: 'step-started', step: createVolume, attempt: 1 },
  { kind: 'step-succeeded', step: createVolume, seconds: 0.1 },
  { kind: 'step-started', step: createPod, attempt: 1 },
  { kind: 'step-succeeded', step: createPod, seconds: 0.4 },
  { kind: 'step-started', step: fetch, attempt: 1 },
  ...Array.from({ length: 200 }, (_, index): ApplyEvent => ({
    kind: 'step-output',
    step: fetch,
    stream: 'stdout',
    line: `\u001B[2J\u001B[31mfetched ${index.toString()} of 200\u001B[0m ${'and on and on '.repeat(20)}`,
  })),
  { kind: 'step-waiting', step: fetch, attempt: 1, exitCode: 1, seconds: 10 },
  { kind: 'step-started', step: fetch, attempt: 2 },
  { kind: 'step-succeeded', step: fetch, seconds: 12.3 },
  { kind: 'step-started', step: setup, attempt: 1 },
];
const good: readonly ApplyEvent[] = [
  { kind: 'step-succeeded', step: setup, seconds: 61 },
  { kind: 'step-started', step: app, attempt: 1 },
  { kind: 'step-started', step: log, attempt: 1 },
  { kind: 'step-succeeded', step: log, seconds: 0.2 },
  { kind: 'step-succeeded', step: app, seconds: 0.3 },
];
const bad: readonly ApplyEvent[] = [
  { kind: 'step-failed', step: setup, seconds: 14, failure: never },
  { kind: 'step-skipped', step: app, because: 'needs-failed' },
  { kind: 'step-skipped', step: log, because: 'needs-failed' },
];

const because = 'interrupted';
/** Ctrl-C while the image is pulled: nothing of the pod is done. */
const cut: readonly ApplyEvent[] = [
  { kind: 'plan-started', plan: up },
  { kind: 'step-started', step: pull, attempt: 1 },
  { kind: 'step-output', step: pull, stream: 'stderr', line: 'Copying blob sha256:0123' },
  { kind: 'stopping', because },
  { kind: 'step-failed', step: pull, seconds: 5, failure: { kind: 'stopped', because } },
  ...[createVolume, createPod, fetch, setup, app, log].map((step): ApplyEvent => ({
    kind: 'step-skipped',
    step,
    because,
  })),
];
const stopped: readonly ApplyEvent[] = [{ kind: 'stopping', because: 'interrupted' }];
const finished: ApplyEvent = {
  kind: 'plan-finished',
  outcome: { status: 'done', succeeded: [], failed: [], skipped: [], undone: [] },
};
const events = [
  ...(ending === 'cut' ? cut : untilSetup),
  ...(ending === 'cut'
    ? [finished]
    : ending === 'good'
      ? [...good, finished]
      : ending === 'bad'
        ? [...bad, finished]
        : stopped),
];
for (const event of events) {
  progress.emit(event);
  // Where there is something to be seen, it is waited for.
  if (event.kind === 'step-waiting') await isDrawn(/failed with exit code/);
  if (event.kind === 'step-started' && event.step === setup) await isDrawn(/setup +running/);
}
await progress.close();
process.stdout.write('the end\n');

async function isDrawn(words: RegExp): Promise<void> {
  for (let look = 0; look < 200 && !words.test(drawn); look++) await sleep(100);
}
