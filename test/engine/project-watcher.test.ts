import assert from 'node:assert/strict';
import { test } from 'node:test';
import { success } from '../../src/base/result.ts';
import {
  askStartingWatcher,
  ensureWatcher,
  reportSaver,
  runWatcher,
} from '../../src/engine/project-watcher.ts';
import { WATCH_DEFAULTS } from '../../src/kubelet/watched.ts';
import { testEngine } from '../support/platform.ts';
import { calm, handClock, scriptedRunner } from '../support/scripted-runner.ts';

const report = (more: object) => JSON.stringify({ version: '1', pid: 2, containers: [], ...more });

/** Without containers, and with a clock on which every wait is over at once. */
function idleEngine() {
  let now = 0;
  const clock = {
    now: () => now,
    sleep: (milliseconds: number) => {
      now += milliseconds;
      return Promise.resolve();
    },
  };
  return testEngine(
    { clock },
    scriptedRunner(() => undefined),
  ).engine;
}

/** A watcher of version 1 beside another process that holds the lock and answers so. */
async function beside(answer: (count: number) => string | undefined, isYielding?: true) {
  const requests: string[] = [];
  const engine = idleEngine();
  const platform = {
    ...engine.platform,
    lock: () => Promise.resolve(success({ kind: 'busy' as const, holder: 'another' })),
    sockets: {
      ...engine.platform.sockets,
      ask: (name: string, request: string) => {
        requests.push(`${name} ${request}`);
        return Promise.resolve(answer(requests.length));
      },
    },
  };
  const end = await runWatcher(
    { ...engine, platform },
    {
      ...{ project: 'demo', settings: WATCH_DEFAULTS, version: '1', patience: 1000 },
      ...(isYielding === undefined ? {} : { isYielding }),
      ...{ onNotice: () => undefined, onTrouble: () => undefined, stop: new AbortController().signal },
    },
  );
  return { end, requests };
}

test('a watcher that has just begun and does not listen yet is asked again to quit', async () => {
  const { end, requests } = await beside((count) => (count < 3 ? undefined : report({})));
  assert.deepEqual(end, success('busy'));
  assert.deepEqual(requests, Array(3).fill('demo.watcher quit'));
});

test('a process in the background leaves the watch to one of its version', async () => {
  const { end, requests } = await beside(() => report({}), true);
  assert.deepEqual([end, requests], [success('watched'), ['demo.watcher status']]);
});

test('also to one that holds the lock and does not listen yet', async () => {
  const { end, requests } = await beside((count) => (count < 3 ? undefined : report({})), true);
  assert.deepEqual(end, success('watched'));
  assert.deepEqual(requests, Array(3).fill('demo.watcher status'));
});

for (const [name, other] of Object.entries({
  'of another version': { version: '2' },
  'that ends': { isEnding: true },
}))
  test(`a process in the background replaces a watcher ${name}`, async () => {
    const { requests } = await beside(() => report(other), true);
    assert.deepEqual(requests.slice(0, 2), ['demo.watcher status', 'demo.watcher quit']);
  });

/** What `up -d` does where a process holds the lock of the watcher, or none does. */
async function ensured(isHeld: boolean, answer: (count: number) => string | undefined) {
  let [requests, started] = [0, 0];
  const engine = idleEngine();
  const busy = { kind: 'busy' as const, holder: 'another' };
  const taken = { kind: 'taken' as const, release: () => undefined };
  const error = await ensureWatcher(
    {
      ...engine.platform,
      lock: () => Promise.resolve(success(isHeld ? busy : taken)),
      sockets: { ...engine.platform.sockets, ask: () => Promise.resolve(answer(++requests)) },
      background: {
        ...engine.platform.background,
        start: () => {
          started++;
          return undefined;
        },
      },
    },
    'demo',
    '1',
    [],
  );
  return { error, started };
}

test('up -d reports a watcher that holds its lock and does not answer', async () => {
  const found = await ensured(true, () => undefined);
  assert.deepEqual(found, { error: 'another process watches them and does not answer', started: 0 });
});

test('up -d starts a watcher where there is none, and beside one that has just begun', async () => {
  assert.deepEqual(await ensured(false, () => undefined), { error: undefined, started: 1 });
  const late = await ensured(true, (count) => (count < 4 ? undefined : report({})));
  assert.deepEqual(late, { error: undefined, started: 1 }, 'it leaves the watch to the other one');
});

test('a watcher that has just been started is waited for, and one that has ended is not', async () => {
  const asked = async (age: number, answers: (count: number) => boolean) => {
    let count = 0;
    const { platform } = idleEngine();
    const found = await askStartingWatcher(
      {
        ...platform,
        today: () => 10_000 + platform.clock.now(),
        runtimeFiles: { ...platform.runtimeFiles, read: () => String(10_000 - age) },
        sockets: {
          ...platform.sockets,
          ask: () => Promise.resolve(answers(++count) ? report({}) : undefined),
        },
      },
      'demo',
    );
    return [found?.version, count];
  };
  assert.deepEqual(await asked(100, (count) => count === 4), ['1', 4]);
  assert.deepEqual(await asked(2100, () => false), [undefined, 1]);
  const [, times] = await asked(1000, () => false);
  assert.equal(times, 21, 'a second longer');
  assert.deepEqual(await asked(-3_600_000, () => false), [undefined, 1], 'the clock was set back by an hour');
});

test('what a watcher has seen is saved at once, and then every 5 s at most', async () => {
  const clock = handClock();
  const { platform } = testEngine(
    { clock },
    scriptedRunner(() => undefined),
  ).engine;
  const saved: number[] = [];
  const write = () => saved.push(clock.now());
  const saver = reportSaver(
    { ...platform, runtimeFiles: { ...platform.runtimeFiles, write } },
    'demo',
    () => ({ version: '1', pid: 2, containers: [] }),
  );
  saver.saveSoon();
  saver.saveSoon();
  await clock.advance(100);
  assert.deepEqual(saved, [0], 'two notices at the same time');
  saver.saveSoon();
  await clock.advance(4000);
  saver.saveSoon();
  await clock.advance(1000);
  assert.deepEqual(saved, [0, 5000]);
  await clock.advance(60_000);
  assert.deepEqual(saved, [0, 5000], 'without a notice there is nothing to save');
  saver.saveSoon();
  saver.close();
  await calm();
  assert.deepEqual(saved, [0, 5000, 65_100]);
});
