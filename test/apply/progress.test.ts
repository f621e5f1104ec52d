import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { progressOf, type Progress } from '../../src/apply/await-end.ts';
import { follow, type FollowContext } from '../../src/apply/follow.ts';
import { settle } from '../../src/apply/settle.ts';
import type { RestartPolicy } from '../../src/pod/desired.ts';
import type { ContainerState, ObservedContainer } from '../../src/podman/observed.ts';
import { observedContainer, podOf } from '../support/desired.ts';
import { calm, handClock, scriptedRunner } from '../support/scripted-runner.ts';

suite('how far pods have come', () => {
  type Row = readonly [
    policy: RestartPolicy,
    state: ContainerState | 'absent',
    exitCode: number,
    Progress['kind'],
  ];
  const rows: readonly Row[] = [
    ['Always', 'running', 0, 'settled'],
    ['Always', 'created', 0, 'running'],
    ['Always', 'absent', 0, 'running'],
    ['Always', 'exited', 0, 'failed'],
    ['Always', 'exited', 1, 'failed'],
    ['Always', 'stopped', 0, 'failed'],
    ['Always', 'unknown', 0, 'running'],
    ['OnFailure', 'running', 0, 'running'],
    ['OnFailure', 'exited', 0, 'settled'],
    ['OnFailure', 'exited', 1, 'failed'],
    ['Never', 'running', 0, 'running'],
    ['Never', 'created', 0, 'running'],
    ['Never', 'exited', 0, 'settled'],
    ['Never', 'exited', 137, 'failed'],
  ];
  for (const [policy, state, exitCode, kind] of rows)
    test(`${policy}: ${state}${exitCode === 0 ? '' : ` with code ${exitCode}`} is ${kind}`, () => {
      const there = state === 'absent' ? [] : [observedContainer('web-app', state, exitCode)];
      assert.equal(progressOf([podOf('web', policy, 'app')], there).kind, kind);
    });

  test('all containers of all pods count, and those of others do not', () => {
    const pods = [podOf('web', 'Always', 'app', 'logs'), podOf('job', 'Never', 'work')];
    const progress = progressOf(pods, [
      observedContainer('web-app', 'running'),
      observedContainer('web-logs', 'created'),
      observedContainer('job-work', 'running'),
      observedContainer('other-app', 'exited', 1),
    ]);
    assert.deepEqual(progress, { kind: 'running', containers: 2 });
  });

  test('one that failed is named, also while others are on their way', () => {
    const progress = progressOf(
      [podOf('web', 'Always', 'app'), podOf('job', 'Never', 'work')],
      [observedContainer('job-work', 'exited', 3)],
    );
    assert.deepEqual(progress, {
      kind: 'failed',
      containers: [{ pod: 'job', container: 'work', exitCode: 3 }],
    });
  });

  test('no pods have nothing to wait for', () => {
    assert.deepEqual(progressOf([], []), { kind: 'settled', running: 0 });
  });
});

suite('settling', () => {
  /** Gives one look after another, and the last one for ever. */
  function looks(
    ...states: readonly (readonly ObservedContainer[])[]
  ): () => Promise<readonly ObservedContainer[]> {
    let next = 0;
    return () => Promise.resolve(states[Math.min(next++, states.length - 1)] ?? []);
  }
  const pods = [podOf('web', 'Always', 'app')];

  test('looks every half second until all is well', async () => {
    const clock = handClock();
    const settled = settle(
      pods,
      looks([], [observedContainer('web-app', 'created')], [observedContainer('web-app', 'running')]),
      clock,
      new AbortController().signal,
    );
    await calm();
    await clock.advance(500);
    await clock.advance(500);
    assert.deepEqual(await settled, { kind: 'settled', running: 1 });
    assert.equal(clock.now(), 1000);
  });

  test('ends as soon as one has failed', async () => {
    const progress = await settle(
      pods,
      looks([observedContainer('web-app', 'exited', 2)]),
      handClock(),
      new AbortController().signal,
    );
    assert.equal(progress.kind, 'failed');
  });

  test('ends when it is told to stop, with how far it is', async () => {
    const stop = new AbortController();
    const settled = settle(pods, looks([]), handClock(), stop.signal);
    await calm();
    stop.abort();
    assert.deepEqual(await settled, { kind: 'running', containers: 1 });
  });

  test('looks once where there is no time at all', async () => {
    const progress = await settle(
      pods,
      looks([observedContainer('web-app', 'running')]),
      handClock(),
      AbortSignal.abort(),
    );
    assert.equal(progress.kind, 'settled');
  });
});

suite('following', () => {
  const TODAY = Date.parse('2026-01-02T03:04:05.000Z');

  function start(
    fresh: readonly string[],
    states: Record<string, ObservedContainer>,
    policy: RestartPolicy = 'Never',
  ) {
    const podman = scriptedRunner(() => undefined);
    const clock = handClock();
    const stop = new AbortController();
    const lines: string[] = [];
    const context: FollowContext = {
      run: podman,
      podman: 'podman',
      clock,
      begun: TODAY,
      look: () => Promise.resolve(Object.values(states)),
      onLine: ({ pod, container }, line, stream) => lines.push(`${pod}/${container} ${stream}: ${line}`),
      stop: stop.signal,
    };
    const pods = [podOf('web', policy, 'app', 'logs')];
    return { podman, clock, stop, lines, ended: follow(pods, new Set(fresh), context) };
  }

  const RUNNING = {
    app: observedContainer('web-app', 'running'),
    logs: observedContainer('web-logs', 'running'),
  };
  const ENDED = {
    app: observedContainer('web-app', 'exited'),
    logs: observedContainer('web-logs', 'exited'),
  };

  test('shows all that a new container prints, and of others what is new', () => {
    const { podman } = start(['web-app'], RUNNING);
    assert.deepEqual(
      podman.commands.map(({ line }) => line),
      [
        'podman logs --follow --timestamps web-app',
        'podman logs --follow --timestamps --since 2026-01-02T03:04:05.000Z web-logs',
      ],
    );
  });

  test('hands on each line with where it comes from', () => {
    const { podman, lines } = start(['web-app', 'web-logs'], RUNNING);
    podman.find('web-app').print('2026-01-02T03:04:05.1Z hello');
    podman.find('web-logs').print('2026-01-02T03:04:05Z oh', 'stderr');
    podman.find('web-logs').print('Error: podman has something to say', 'stderr');
    assert.deepEqual(lines, ['web/app stdout: hello', 'web/logs stderr: oh']);
  });

  test('ends when all containers have, and says how they ended', async () => {
    const { podman, clock, ended } = start(['web-app', 'web-logs'], {
      ...ENDED,
      logs: observedContainer('web-logs', 'exited', 9),
    });
    for (const command of podman.running()) command.exit(0);
    await calm();
    await clock.advance(300);
    assert.deepEqual(await ended, {
      kind: 'failed',
      containers: [{ pod: 'web', container: 'logs', exitCode: 9 }],
    });
  });

  test('goes on with a container that was started again, from its last line', async () => {
    const states: Record<string, ObservedContainer> = { ...RUNNING };
    const { podman, clock, lines, ended } = start(['web-app', 'web-logs'], states);
    podman.find('web-app').print('2026-01-02T03:04:06.12Z once');
    podman.find('web-app').exit(0);
    await calm();
    await clock.advance(300);
    const again = podman.find('web-app');
    assert.equal(again.line, 'podman logs --follow --timestamps --since 2026-01-02T03:04:06.12Z web-app');
    // A podman that counts in coarser times has the last line once more.
    again.print('2026-01-02T03:04:06.12Z once');
    again.print('2026-01-02T03:04:06.123Z twice');
    assert.deepEqual(lines, ['web/app stdout: once', 'web/app stdout: twice']);
    Object.assign(states, ENDED);
    for (const command of podman.running()) command.exit(0);
    await calm();
    await clock.advance(300);
    assert.equal((await ended).kind, 'settled');
  });

  test('is patient with a container that podman starts again, and reads what it missed', async () => {
    const states: Record<string, ObservedContainer> = {
      app: observedContainer('web-app', 'exited', 1),
      logs: observedContainer('web-logs', 'exited', 0),
    };
    const { podman, clock, lines, ended } = start(['web-app', 'web-logs'], states, 'OnFailure');
    for (const command of podman.running()) command.exit(0);
    await calm();
    await clock.advance(300);
    states['app'] = observedContainer('web-app', 'running');
    await clock.advance(700);
    assert.match(podman.find('web-app').line, /--follow/);
    states['app'] = observedContainer('web-app', 'exited', 0);
    for (const command of podman.running()) command.exit(0);
    await calm();
    await clock.advance(300);
    const last = podman.find('web-app');
    assert.equal(last.line, 'podman logs --timestamps web-app');
    last.print('2026-01-02T03:04:07Z the last run was short');
    for (const command of podman.running()) command.exit(0);
    assert.equal((await ended).kind, 'settled');
    assert.deepEqual(lines, ['web/app stdout: the last run was short']);
  });

  test('ends at once when it is told to stop', async () => {
    const { podman, stop, ended } = start(['web-app', 'web-logs'], RUNNING);
    stop.abort();
    assert.equal((await ended).kind, 'running');
    assert.deepEqual(
      podman.commands.map(({ signals }) => signals),
      [['SIGTERM'], ['SIGTERM']],
    );
  });
});
