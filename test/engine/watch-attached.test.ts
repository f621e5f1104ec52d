import assert from 'node:assert/strict';
import { test } from 'node:test';
import { willRestart, willRestartBy } from '../../src/engine/watch-attached.ts';
import type { WatchedStatus } from '../../src/engine/watch-report.ts';

const status: WatchedStatus = { id: 'a', pod: 'web', container: 'app', restarts: 0 };
const end = { exitCode: 3, reason: 'Error' };

const CASES: Readonly<Record<string, readonly [Partial<WatchedStatus>, boolean | undefined]>> = {
  'the watch has not seen the end': [{}, undefined],
  'a container that nothing restarts, before the watch has seen its end': [{ isNeverRestarted: true }, false],
  'an end for good': [{ end }, false],
  'an end with a time of the next start': [{ end, restartAt: 1 }, true],
  'a restart at once': [{ end, waitSeconds: 0 }, true],
  'all containers of its pod restart': [{ end, isNeverRestarted: true, isResetting: true }, true],
};

for (const [name, [more, expected]] of Object.entries(CASES))
  test(name, () => {
    assert.equal(willRestart({ ...status, ...more }), expected);
  });

test('what another process that watches will restart', () => {
  const report = { version: '1', pid: 2, containers: [{ ...status, end, restartAt: 1 }] };
  assert.equal(willRestartBy(report, 'a'), true);
  assert.equal(willRestartBy(report, 'b'), false, 'it does not watch that one');
  assert.equal(willRestartBy({ ...report, containers: [] }, 'a'), undefined, 'it has not looked yet');
  assert.equal(willRestartBy({ ...report, isEnding: true }, 'a'), false, 'it stops the pods');
});
