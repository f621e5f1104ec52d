import assert from 'node:assert/strict';
import { test } from 'node:test';
import { success } from '../../src/base/result.ts';
import { watchProject } from '../../src/engine/watch.ts';
import { WATCH_DEFAULTS, type WatchNotice } from '../../src/kubelet/watched.ts';
import type { ReadProcess } from '../../src/platform/process.ts';
import { testEngine } from '../support/platform.ts';
import { calm, handClock, scriptedRunner, type ScriptedCommand } from '../support/scripted-runner.ts';

const SECOND = 1000;
/** Where the clock of the test begins, in milliseconds since 1970. */
const BEGIN = Date.parse('2026-01-01T00:00:00Z');

const LABELS = { 'podpose.project': 'demo', 'podpose.pod': 'web', 'podpose.format': '1' };

/** A podman with one container, `web-app`, which can end, and which answers when the test wants. */
function machine(onLock: (infra: (state: string) => void) => void = () => undefined) {
  const clock = handClock();
  const state = {
    status: 'running',
    starts: 1,
    since: 0,
    exitCode: 0,
    infra: 'running',
    isStoppedByUser: false,
    events: [] as readonly string[],
    silent: new Set<string>(),
  };
  const waiting: ScriptedCommand[] = [];
  const at = (milliseconds: number) => new Date(BEGIN + milliseconds).toISOString();
  const list = () => {
    const seconds = (BEGIN + state.since) / SECOND;
    const [startedAt, exited] = [seconds, state.status === 'exited' ? seconds : -62135596800];
    const pod = { Pod: 'pod-web', PodName: 'web', Created: BEGIN / SECOND };
    return JSON.stringify([
      {
        ...{
          ...pod,
          Id: 'infra',
          Names: ['web-infra'],
          IsInfra: true,
          State: state.infra,
          StartedAt: startedAt,
        },
        Labels: { ...LABELS, 'podpose.role': 'pod', 'podpose.spec': '{}' },
      },
      {
        ...{ ...pod, Id: 'app', Names: ['web-app'], State: state.status, ExitCode: state.exitCode },
        ...{ StartedAt: startedAt, ExitedAt: exited },
        Labels: {
          ...LABELS,
          ...{ 'podpose.role': 'container', 'podpose.container': 'app', 'podpose.watched': 'true' },
          'podpose.spec': JSON.stringify({ restartPolicy: 'Always' }),
        },
      },
    ]);
  };
  const inspect = () =>
    JSON.stringify([
      {
        Id: 'app',
        State: {
          ...{ Status: state.status, ExitCode: state.exitCode, StartedAt: at(state.starts) },
          StoppedByUser: state.isStoppedByUser,
          FinishedAt: state.status === 'exited' ? at(state.since) : '0001-01-01T00:00:00Z',
        },
        HostConfig: { RestartPolicy: { Name: 'no' } },
      },
    ]);
  const answer = (command: ScriptedCommand) => {
    const [verb = ''] = command.args;
    if (verb === '--version') command.print('podman version 5.4.2');
    if (verb === 'ps') command.print(list());
    if (verb === 'container' && command.args[1] === 'inspect') command.print(inspect());
    if (verb === 'events')
      for (const Status of state.events) command.print(JSON.stringify({ ID: 'app', Status, Time: at(0) }));
    if (verb === 'start') {
      state.starts++;
      Object.assign(state, { status: 'running', since: clock.now() });
    }
    command.exit(0);
  };
  const runner = scriptedRunner((command) => {
    if (state.silent.has(command.args[0] ?? '')) waiting.push(command);
    else answer(command);
  });
  const events = (): ReadProcess => ({
    output: (async function* () {
      await new Promise(() => undefined);
      yield Buffer.alloc(0);
    })(),
    end: new Promise(() => undefined),
    stop: () => undefined,
  });
  const { engine } = testEngine({ clock }, { ...runner, read: events });
  return {
    clock,
    runner,
    state,
    /** podman answers what it was asked meanwhile. */
    awake: () => {
      state.silent.clear();
      for (const command of waiting.splice(0)) if (command.isRunning()) answer(command);
    },
    end: (exitCode: number) => Object.assign(state, { status: 'exited', exitCode, since: clock.now() }),
    starts: () => runner.commands.filter(({ args }) => args[0] === 'start').length,
    engine: {
      ...engine,
      platform: {
        ...engine.platform,
        today: () => BEGIN + clock.now(),
        lock: () => {
          onLock((infra) => {
            state.infra = infra;
          });
          return Promise.resolve(success({ kind: 'taken' as const, release: () => undefined }));
        },
      },
    },
  };
}

function watching(podman: ReturnType<typeof machine>) {
  const [stop, notices, troubles] = [new AbortController(), [] as WatchNotice[], [] as string[]];
  const watch = watchProject(podman.engine, {
    ...{ project: 'demo', settings: WATCH_DEFAULTS, stop: stop.signal },
    onNotice: (notice) => notices.push(notice),
    onTrouble: (message) => troubles.push(message),
  });
  return { watch, stop, troubles, kinds: () => notices.map(({ kind }) => kind) };
}

test('podman hangs for a minute: nothing is lost but the time', async () => {
  const podman = machine();
  const { watch, stop, troubles, kinds } = watching(podman);
  await calm();
  await podman.clock.advance(SECOND);
  assert.equal(watch.statuses()?.[0]?.restarts, 0);

  podman.state.silent.add('ps').add('container');
  await podman.clock.advance(10 * SECOND);
  podman.end(3);
  await podman.clock.advance(60 * SECOND);
  assert.equal(podman.runner.running().length, 1, 'queries do not pile up');
  assert.deepEqual(troubles, ['podman has not answered for 5 s']);
  assert.equal(watch.statuses()?.[0]?.restarts, 0, 'it still answers what it knows');

  podman.awake();
  await calm();
  await podman.clock.advance(SECOND);
  assert.equal(podman.starts(), 1);
  assert.deepEqual(kinds(), ['ended', 'restarted']);
  assert.equal(watch.statuses()?.[0]?.restarts, 1);
  stop.abort();
  assert.deepEqual(await watch.ended, { ok: true, value: 'stopped' });
});

test('a look that finds an end that podman has not recorded is followed by another soon, without an event', async () => {
  const podman = machine();
  const { watch, stop, kinds } = watching(podman);
  await calm();
  await podman.clock.advance(9 * SECOND);
  podman.state.status = 'stopped';
  await podman.clock.advance(SECOND);
  assert.deepEqual(kinds(), []);
  podman.end(3);
  await podman.clock.advance(SECOND);
  assert.deepEqual(kinds(), ['ended', 'restarted']);
  stop.abort();
  await watch.ended;
});

test('podman never records the end: the looks become rare', async () => {
  const podman = machine();
  const { watch, stop } = watching(podman);
  await calm();
  podman.state.status = 'stopped';
  await podman.clock.advance(60 * SECOND);
  const looks = podman.runner.commands.filter(({ args }) => args[0] === 'ps').length;
  // One a second, since no event arrives, and not five.
  assert.ok(looks <= 75, `${looks} looks`);
  stop.abort();
  await watch.ended;
});

test('a query that podman never answers is given up after two minutes', async () => {
  const podman = machine();
  const { watch, stop } = watching(podman);
  await calm();
  await podman.clock.advance(SECOND);
  podman.state.silent.add('ps');
  await podman.clock.advance(10 * SECOND);
  podman.end(3);
  const hanging = podman.runner.find('ps');
  podman.state.silent.clear();
  await podman.clock.advance(121 * SECOND);
  assert.deepEqual(hanging.signals, ['SIGTERM']);
  assert.equal(podman.starts(), 1);
  stop.abort();
  await watch.ended;
});

test('a start that podman does not answer is waited for, and is not made twice', async () => {
  const podman = machine();
  const { watch, stop } = watching(podman);
  await calm();
  await podman.clock.advance(SECOND);
  podman.state.silent.add('start');
  podman.end(3);
  await podman.clock.advance(60 * SECOND);
  assert.equal(podman.starts(), 1);
  podman.awake();
  await calm();
  await podman.clock.advance(SECOND);
  assert.equal(watch.statuses()?.[0]?.restarts, 1);
  stop.abort();
  await watch.ended;
});

test('a pod that was stopped between a look and the lock of a start is not started', async () => {
  let locks = 0;
  const podman = machine((setInfra) => {
    locks++;
    // `podpose stop` has released the lock just before.
    setInfra('exited');
  });
  const { watch, stop } = watching(podman);
  await calm();
  await podman.clock.advance(SECOND);
  podman.end(0);
  await podman.clock.advance(20 * SECOND);
  assert.deepEqual([locks, podman.starts()], [1, 0]);
  stop.abort();
  await watch.ended;
});

/** Passes time in small steps, in each of which podman answers. */
async function pass({ clock }: ReturnType<typeof machine>, milliseconds: number): Promise<void> {
  for (let passed = 0; passed < milliseconds; passed += 50) {
    await calm();
    await clock.advance(50);
  }
  await calm();
}

test('a watch ends after a second without work', async () => {
  const podman = machine();
  const { watch } = watching(podman);
  await pass(podman, SECOND);
  podman.state.infra = 'exited';
  watch.look();
  await pass(podman, 600);
  assert.equal(watch.isEnding(), false, 'pods may be about to be replaced');
  podman.state.infra = 'running';
  await pass(podman, 5 * SECOND);
  assert.equal(watch.isEnding(), false, 'they were');
  podman.state.infra = 'exited';
  await pass(podman, 12 * SECOND);
  assert.equal(watch.isEnding(), true);
  assert.deepEqual(await watch.ended, { ok: true, value: 'nothing-left' });
});

test('a watch that is asked to look does not end before it has', async () => {
  const podman = machine();
  const { watch, stop } = watching(podman);
  await pass(podman, SECOND);
  podman.state.infra = 'exited';
  watch.look();
  await pass(podman, 900);
  // An `up` that starts the pod again asks whether someone watches.
  watch.look();
  await pass(podman, 700);
  assert.equal(watch.isEnding(), false);
  podman.state.infra = 'running';
  await pass(podman, 30 * SECOND);
  assert.equal(watch.isEnding(), false);
  stop.abort();
  assert.deepEqual(await watch.ended, { ok: true, value: 'stopped' });
});

test('a container is restarted that a user has killed, of which podman tells late', async () => {
  for (const [event, starts] of [
    ['kill', 1],
    ['stop', 0],
  ] as const) {
    const podman = machine();
    const { stop, watch } = watching(podman);
    await calm();
    await podman.clock.advance(9 * SECOND);
    podman.end(137);
    Object.assign(podman.state, { isStoppedByUser: true });
    await podman.clock.advance(SECOND);
    assert.equal(podman.starts(), 0);
    Object.assign(podman.state, { events: [event] });
    await podman.clock.advance(2 * SECOND);
    assert.equal(podman.starts(), starts, event);
    stop.abort();
    await watch.ended;
  }
});
