import assert from 'node:assert/strict';
import { test } from 'node:test';
import { success } from '../../src/base/result.ts';
import { watchLock } from '../../src/engine/watch-lock.ts';
import { testEngine } from '../support/platform.ts';
import { handClock, scriptedRunner } from '../support/scripted-runner.ts';

/** A lock of a watcher, with the times at which it was taken and released. */
function lockOf(isTaken: () => boolean = () => false) {
  const { engine } = testEngine(
    {},
    scriptedRunner(() => undefined),
  );
  const clock = handClock();
  const log: string[] = [];
  const take = () => {
    if (isTaken())
      return Promise.resolve(success({ kind: 'busy' as const, holder: 'podpose down, process 7' }));
    log.push(`taken ${clock.now()}`);
    const release = () => log.push(`released ${clock.now()}`);
    return Promise.resolve(success({ kind: 'taken' as const, release }));
  };
  const platform = { ...engine.platform, clock, lock: take };
  return { lock: watchLock({ platform }, 'demo', new AbortController().signal), clock, log };
}

test('starts share the lock, and the last one releases it', async () => {
  const { lock, log } = lockOf();
  const [first, second] = [await lock.take(), await lock.take()];
  first?.();
  assert.deepEqual(log, ['taken 0']);
  second?.();
  assert.deepEqual(log, ['taken 0', 'released 0']);
});

test('starts that overlap do not keep it from another podpose', async () => {
  const { lock, clock, log } = lockOf();
  let last = await lock.take();
  for (let now = 0; now < 2000; now += 500) {
    await clock.advance(500);
    const next = await lock.take();
    assert.ok(next !== undefined, `at ${clock.now()}`);
    last?.();
    last = next;
  }
  await clock.advance(500);
  assert.equal(await lock.take(), undefined);
  last?.();
  assert.deepEqual(log, ['taken 0', 'released 2500']);
  const again = lock.take();
  await clock.advance(250);
  assert.ok((await again) !== undefined);
  assert.equal(log.at(-1), 'taken 2750');
});

test('nothing is taken while another podpose holds it', async () => {
  let isTaken = true;
  const { lock, clock } = lockOf(() => isTaken);
  assert.equal(await lock.take(), undefined);
  isTaken = false;
  const later = lock.take();
  await clock.advance(250);
  assert.ok((await later) !== undefined);
});
