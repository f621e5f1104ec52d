import assert from 'node:assert/strict';
import { test } from 'node:test';
import { success } from '../../src/base/result.ts';
import { runWatcher } from '../../src/engine/project-watcher.ts';
import { WATCH_DEFAULTS } from '../../src/kubelet/watched.ts';
import { testEngine } from '../support/platform.ts';
import { scriptedRunner } from '../support/scripted-runner.ts';

test('a watcher that has just begun and does not listen yet is asked again to quit', async () => {
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
        const report = { version: '1', pid: 2, containers: [] };
        return Promise.resolve(requests.length < 3 ? undefined : JSON.stringify(report));
      },
    },
  };
  const end = await runWatcher(
    { ...engine, platform },
    {
      ...{ project: 'demo', settings: WATCH_DEFAULTS, version: '1', patience: 1000 },
      ...{ onNotice: () => undefined, onTrouble: () => undefined, stop: new AbortController().signal },
    },
  );
  assert.deepEqual(end, success('busy'));
  assert.deepEqual(requests, Array(3).fill('demo.watcher quit'));
});
