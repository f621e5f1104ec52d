import assert from 'node:assert/strict';
import { test } from 'node:test';
import { stepLock, type StartingPod } from '../../src/engine/step-lock.ts';
import { handClock } from '../support/scripted-runner.ts';

const RUNNING: StartingPod = { infra: 'running', infraStartedAt: 0, isRunning: true };

/** A lock that is held, and another podpose that may hold it in between. */
function heldLock(pod: StartingPod | undefined) {
  const clock = handClock();
  const state = { isHeld: true, isElsewhere: false, pod };
  const release = () => {
    state.isHeld = false;
  };
  const lock = stepLock(
    {
      platform: { clock, today: () => clock.now() },
      lock: {
        isShared: true,
        take: () => {
          if (state.isElsewhere) return Promise.resolve(undefined);
          state.isHeld = true;
          return Promise.resolve(release);
        },
      },
      observePod: () => Promise.resolve(state.pod),
      stop: new AbortController().signal,
    },
    release,
  );
  return { lock, clock, state };
}

test('the lock stays held while an init container is short', async () => {
  const { lock, clock, state } = heldLock(undefined);
  lock.pause();
  await clock.advance(400);
  assert.equal(state.isHeld, true);
  assert.equal(await lock.resume(), true);
  await clock.advance(1000);
  assert.equal(state.isHeld, true);
});

test('it is given up for a long one, and taken again', async () => {
  const { lock, clock, state } = heldLock(RUNNING);
  lock.pause();
  await clock.advance(600);
  assert.equal(state.isHeld, false);
  state.isElsewhere = true;
  const resumed = lock.resume();
  await clock.advance(1000);
  assert.equal(state.isHeld, false);
  state.isElsewhere = false;
  await clock.advance(1000);
  assert.equal(await resumed, true);
  assert.equal(state.isHeld, true);
  lock.release();
  assert.equal(state.isHeld, false);
});

test('it is held until the init container runs', async () => {
  const { lock, clock, state } = heldLock({ ...RUNNING, isRunning: false });
  lock.pause();
  await clock.advance(2000);
  assert.equal(state.isHeld, true);
  state.pod = RUNNING;
  await clock.advance(600);
  assert.equal(state.isHeld, false);
});

const CHANGES: readonly (readonly [string, StartingPod | undefined])[] = [
  ['removed', undefined],
  ['stopped', { infra: 'exited', infraStartedAt: 0, isRunning: false }],
  ['stopped and started', { infra: 'running', infraStartedAt: 2, isRunning: true }],
];

for (const [what, pod] of CHANGES)
  test(`nothing goes on in a pod that was ${what} meanwhile`, async () => {
    const { lock, clock, state } = heldLock(RUNNING);
    lock.pause();
    await clock.advance(600);
    state.pod = pod;
    assert.equal(await lock.resume(), false);
  });
