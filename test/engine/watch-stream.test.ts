import assert from 'node:assert/strict';
import { test } from 'node:test';
import { eventStream } from '../../src/engine/watch-stream.ts';
import { commandClient } from '../../src/podman/client/client.ts';
import { calm, handClock, scriptedRunner } from '../support/scripted-runner.ts';

/** A podman whose events arrive when the test says so. */
function following() {
  const clock = handClock();
  const ending = new AbortController();
  const silent = commandClient(
    scriptedRunner(() => undefined),
    'podman',
  );
  const state = {
    opened: 0,
    reopened: 0,
    heard: [] as string[],
    print: (line: string): void => assert.fail(line),
  };
  const stream = eventStream({
    ...{ project: 'demo', clock, ending: ending.signal, renew: () => Promise.resolve() },
    podman: () => ({
      ...silent,
      follow: (_, onLine, stop) => {
        state.opened++;
        state.print = onLine;
        return new Promise((resolve) => {
          stop.addEventListener('abort', () => {
            resolve();
          });
        });
      },
    }),
    onEvent: (id) => state.heard.push(id),
    onReopened: () => {
      state.reopened++;
    },
  });
  const running = stream.run();
  const end = async () => {
    ending.abort();
    await running;
  };
  return { clock, state, stream, end };
}

test('an event stream that misses an event is opened again', async () => {
  const { clock, state, stream, end } = following();
  stream.expect('app');
  await clock.advance(1000);
  assert.deepEqual([state.opened, stream.arrive()], [1, true]);
  await clock.advance(1000);
  assert.deepEqual([state.opened, state.reopened, stream.arrive()], [2, 1, false]);
  state.print('{"ID":"app","Status":"died"}');
  assert.equal(stream.arrive(), true);
  assert.deepEqual(state.heard, ['app']);
  await clock.advance(10_000);
  assert.equal(state.opened, 2);
  await end();
});

test('an event before or soon after the change is the one that was expected', async () => {
  const { clock, state, stream, end } = following();
  state.print('{"ID":"before","Status":"start"}');
  stream.expect('before');
  stream.expect('after');
  await clock.advance(1000);
  state.print('{"ID":"after","Status":"start"}');
  await clock.advance(10_000);
  await calm();
  assert.deepEqual([state.opened, stream.arrive()], [1, true]);
  await end();
});
