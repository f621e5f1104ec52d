import assert from 'node:assert/strict';
import { test } from 'node:test';
import { success } from '../../src/base/result.ts';
import { runWatcher } from '../../src/engine/project-watcher.ts';
import { WATCH_DEFAULTS } from '../../src/kubelet/watched.ts';
import { testEngine } from '../support/platform.ts';
import { scriptedRunner } from '../support/scripted-runner.ts';

const report = (more: object) => JSON.stringify({ version: '1', pid: 2, containers: [], ...more });

/** A watcher of version 1 beside another process that holds the lock and answers so. */
async function beside(answer: (count: number) => string | undefined, isYielding?: true) {
  const requests: string[] = [];
  let now = 0;
  const clock = {
    now: () => now,
    sleep: (milliseconds: number) => {
      now += milliseconds;
      return Promise.resolve();
    },
  };
  const { engine } = testEngine(
    { clock },
    scriptedRunner(() => undefined),
  );
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
