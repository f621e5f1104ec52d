import assert from 'node:assert/strict';
import { test } from 'node:test';
import { followEvents } from '../../src/engine/read-events.ts';
import { calm, handClock, scriptedRunner } from '../support/scripted-runner.ts';
import { testEngine } from '../support/platform.ts';

/** The time at the start of the tests, in seconds since 1970. */
const START = 1_800_000_000;

function eventText(status: string, second: number): string {
  const labels = { 'podpose.project': 'demo', 'podpose.pod': 'web', 'podpose.role': 'container' };
  return JSON.stringify({
    ...{ ID: 'f00', Image: 'app', Name: 'web-app', Status: status, Type: 'container' },
    timeNano: (START + second) * 1e9,
    Attributes: { ...labels, 'podpose.container': 'app' },
  });
}

/** `events -f` of a podman whose stream and list of events are those of the test. */
function following() {
  const clock = handClock();
  const podman = { events: [] as string[], listed: 0 };
  const runner = scriptedRunner((command) => {
    if (!command.line.includes('--stream=false')) return;
    podman.listed++;
    podman.events.forEach((line) => {
      command.print(line);
    });
    command.exit(0);
  });
  const { engine } = testEngine({ clock }, runner);
  const platform = { ...engine.platform, today: () => START * 1000 + clock.now() };
  const stop = new AbortController();
  const seen: string[] = [];
  const end = followEvents({ ...engine, platform }, { project: 'demo' }, stop.signal, ({ status }) => {
    seen.push(status);
  });
  const streams = () => runner.commands.filter(({ line }) => !line.includes('--stream=false'));
  const print = (line: string) => {
    podman.events.push(line);
    streams().at(-1)?.print(line);
  };
  return { clock, podman, seen, streams, print, stop, end };
}

test('events are passed on once, even if podman repeats them', async () => {
  const { clock, podman, seen, streams, print, stop, end } = following();
  print(eventText('create', 0));
  print(eventText('start', 1));
  print(eventText('start', 1));
  await clock.advance(12_000);
  assert.deepEqual([seen, streams().length, podman.listed], [['create', 'start'], 1, 2]);
  stop.abort();
  assert.deepEqual(await end, { ok: true, value: 'stopped' });
});

test('a stream that has missed an event is opened again, and nothing is lost', async () => {
  const { clock, podman, seen, streams, print, stop, end } = following();
  print(eventText('create', 0));
  podman.events.push(eventText('start', 1));
  await clock.advance(4000);
  assert.deepEqual(seen, ['create']);
  await clock.advance(1000);
  await calm();
  assert.deepEqual([seen, streams().length], [['create', 'start'], 2]);
  assert.deepEqual(streams()[0]?.signals, ['SIGTERM']);
  // The stream may just not have reported it yet.
  podman.events.push(eventText('died', 9));
  await clock.advance(5000);
  assert.deepEqual([seen, streams().length], [['create', 'start'], 2]);
  print(eventText('died', 9));
  await clock.advance(10_000);
  assert.deepEqual([seen, streams().length], [['create', 'start', 'died'], 2]);
  stop.abort();
  await end;
});

test('a stream that ends by itself is an error', async () => {
  const { streams, end } = following();
  streams()[0]?.print('Error: something happened', 'stderr');
  streams()[0]?.exit(125);
  const ended = await end;
  assert.equal(ended.ok, false);
});
