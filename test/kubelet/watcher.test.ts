import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import type { ContainerLifecycle } from '../../src/kube/spec/probe.ts';
import { containerProbes, probeStatus } from '../../src/kubelet/container-probes.ts';
import {
  WATCH_DEFAULTS,
  type Run,
  type Sighting,
  type WatchedContainer,
  type Watcher,
  type WatchEvent,
  type WatchStep,
} from '../../src/kubelet/watched.ts';
import { statusesOf } from '../../src/engine/watch-report.ts';
import { isWork } from '../../src/kubelet/watched-restarts.ts';
import { advanceWatcher, NEW_WATCHER } from '../../src/kubelet/watcher.ts';

const SECOND = 1000;

function container(name: string, lifecycle: ContainerLifecycle = {}): WatchedContainer {
  return {
    ...{ id: name, pod: 'web', container: name, role: 'container', restartPolicy: 'Always', lifecycle },
    terminationGracePeriodSeconds: 30,
    beforeStart: [],
  };
}

/** A podman with one container, and the watcher of it. Its clock only moves by `after`. */
function machine(watched: WatchedContainer, more: Partial<Sighting> = {}) {
  let watcher: Watcher = NEW_WATCHER;
  let now = 0;
  let starts = 1;
  let run: Run = { kind: 'running', startedAt: 0 };
  const step = (event: WatchEvent): WatchStep => {
    const next = advanceWatcher(watcher, event, now);
    ({ watcher } = next);
    return next;
  };
  const look = () =>
    step({
      kind: 'looked',
      sightings: [
        {
          container: watched,
          run,
          startKey: starts.toString(),
          key: `${starts} ${run.kind}`,
          sandbox: 'one',
          podIsUp: true,
          position: 0,
          isPodWhole: true,
          isStoppedOnPurpose: false,
          ...more,
        },
      ],
    });
  return {
    look,
    step,
    member: () => watcher.members.get(watched.id),
    report: () => statusesOf(watcher, 0, WATCH_DEFAULTS)[0],
    after: (milliseconds: number) => {
      now += milliseconds;
      return step({ kind: 'time' });
    },
    end: (exitCode: number) => {
      run = { kind: 'ended', finishedAt: now, exitCode, reason: exitCode === 0 ? 'Completed' : 'Error' };
      return look();
    },
    /** The start that the watcher has ordered takes place. */
    start: () => {
      step({ kind: 'start-begun', id: watched.id });
      starts++;
      run = { kind: 'running', startedAt: now };
      const seen = look();
      return [seen, step({ kind: 'start-returned', id: watched.id })];
    },
    see: (found: Run) => {
      run = found;
      return look();
    },
    /** A run begins and ends between two looks. */
    runAtOnce: (exitCode: number) => {
      starts++;
      run = { kind: 'ended', startedAt: now, finishedAt: now, exitCode, reason: 'Error' };
      return look();
    },
    startByUser: () => {
      starts++;
      run = { kind: 'running', startedAt: now };
      return look();
    },
  };
}

test('restarts at once, then after 10 s, doubled up to 5 min', () => {
  const { look, end, start, after, member } = machine(container('app'));
  look();
  const waits: number[] = [];
  for (let restart = 1; restart <= 8; restart++) {
    after(SECOND);
    const ended = end(1);
    const [notice] = ended.notices;
    assert.equal(notice?.kind, 'ended');
    const wait = notice.waitSeconds ?? -1;
    waits.push(wait);
    if (wait > 0) {
      assert.deepEqual(ended.starts, [], 'not before the wait');
      assert.deepEqual(after(wait * SECOND - 1).starts, []);
      assert.equal(after(1).starts.length, 1);
    } else assert.equal(ended.starts.length, 1);
    start();
    assert.equal(member()?.restarts, restart);
    assert.equal(member()?.lastEnd?.exitCode, 1);
  }
  assert.deepEqual(waits, [0, 10, 20, 40, 80, 160, 300, 300]);
});

test('a restart is reported also if the run ends before the next look; the first run is none', () => {
  const { look, end, step, after, runAtOnce } = machine(container('app'));
  const words = ({ notices }: WatchStep) =>
    notices.map(({ kind, restarts, waitSeconds }) => [kind, restarts, waitSeconds]);
  look();
  assert.deepEqual(words(end(1)), [['ended', 0, 0]]);
  step({ kind: 'start-begun', id: 'app' });
  assert.deepEqual(words(runAtOnce(1)), [
    ['restarted', 1, undefined],
    ['ended', 1, 10],
  ]);
  assert.deepEqual(words(step({ kind: 'start-returned', id: 'app' })), []);
  after(SECOND);
  assert.deepEqual(words(runAtOnce(2)), [
    ['restarted', 2, undefined],
    ['ended', 2, 10],
  ]);

  const created = machine(container('app'));
  created.see({ kind: 'other' });
  assert.deepEqual(words(created.startByUser()), []);
});

test('a start by a user, while that of the watcher waits for the lock, does not count for the back-off', () => {
  const { look, end, step, startByUser, member } = machine(container('app'));
  look();
  for (const restarts of [1, 2]) {
    assert.equal(end(143).starts.length, 1);
    startByUser();
    step({ kind: 'start-postponed', id: 'app' });
    assert.equal(member()?.restarts, restarts);
  }
  assert.equal(end(143).starts.length, 1);
  assert.equal(step({ kind: 'start-postponed', id: 'app' }).starts.length, 1, 'ordered again');
  startByUser();
  assert.equal(end(1).notices[0]?.waitSeconds, 0);
});

test('a start by a user is not a restart of the watcher', () => {
  const { look, end, start, startByUser, after, member } = machine(container('app'));
  look();
  assert.equal(member()?.isRestart, false, 'its first run');
  end(1);
  start();
  assert.equal(member()?.isRestart, true, 'a restart at once');
  after(SECOND);
  end(1);
  assert.equal(member()?.isRestart, false, 'it waits');
  startByUser();
  assert.deepEqual([member()?.isRestart, member()?.restarts], [false, 2]);
  after(SECOND);
  assert.equal(end(1).notices[0]?.waitSeconds, 10, 'it is no crash');
});

test('a run that a failed postStart hook has ended is no restart, although podman still shows it', () => {
  const { look, end, step, startByUser: begin, member } = machine(container('app'));
  look();
  end(1);
  step({ kind: 'start-begun', id: 'app' });
  begin();
  step({ kind: 'start-returned', id: 'app', wasKilled: true });
  assert.equal(member()?.isRestart, false);
  assert.equal(end(143).notices[0]?.waitSeconds, 10);
});

test('ten minutes of running reset the back-off', () => {
  const { look, end, start, after } = machine(container('app'));
  look();
  end(1);
  start();
  after(601 * SECOND);
  assert.equal(end(1).notices[0]?.waitSeconds, 0);
});

/** What keeps a container that has ended from being started. */
const KEPT: readonly (readonly [
  what: string,
  watched: WatchedContainer,
  more: Partial<Sighting>,
  exitCode: number,
])[] = [
  ['its pod was stopped', container('app'), { podIsUp: false }, 1],
  ['podman stop', container('app'), { isStoppedOnPurpose: true }, 137],
  ['the policy Never', { ...container('app'), restartPolicy: 'Never' }, {}, 1],
  ['OnFailure, and a success', { ...container('app'), restartPolicy: 'OnFailure' }, {}, 0],
];

for (const [what, watched, more, exitCode] of KEPT)
  test(`a container is not restarted: ${what}`, () => {
    const { look, end, after } = machine(watched, more);
    look();
    const ended = end(exitCode);
    assert.deepEqual([ended.starts, after(1000 * SECOND).starts], [[], []]);
    assert.equal(ended.notices[0]?.waitSeconds, undefined);
  });

test('a wall clock that jumps moves no restart', () => {
  for (const jump of [3600 * SECOND, -3600 * SECOND]) {
    const { look, end, start, after, step } = machine(container('app'));
    look();
    end(1);
    start();
    after(SECOND);
    end(1);
    // podman's times are on the wall clock: the next look converts them with another offset.
    const shifted: Run = { kind: 'ended', finishedAt: SECOND + jump, exitCode: 1, reason: 'Error' };
    const seen = step({
      kind: 'looked',
      sightings: [
        {
          ...{ container: container('app'), run: shifted, startKey: '2', key: '2 ended' },
          ...{ sandbox: 'one', podIsUp: true, isPodWhole: true, position: 0, isStoppedOnPurpose: false },
        },
      ],
    });
    assert.deepEqual(seen.starts, []);
    assert.deepEqual(after(10 * SECOND - 1).starts, []);
    assert.equal(after(1).starts.length, 1);
  }
});

const ON_FAILURE: WatchedContainer = { ...container('app'), restartPolicy: 'OnFailure' };

test('one that the watcher before has killed for a probe is restarted, although podman shows that it was stopped', () => {
  const lost = machine(ON_FAILURE, { isStoppedOnPurpose: true });
  assert.deepEqual(lost.end(0).starts, [], 'a user has stopped it');
  const killedBy = { probe: 'liveness', message: 'exit code 1' } as const;
  const past = { restarts: 2, killedBy };
  const { end, member } = machine(ON_FAILURE, { isStoppedOnPurpose: true, past });
  assert.equal(end(0).starts.length, 1);
  const [status] = statusesOf({ members: new Map([['app', member() ?? assert.fail()]]) }, 0, WATCH_DEFAULTS);
  assert.deepEqual(status?.killedBy, killedBy, 'for the watcher after it');
});

test('a hundred crash-looping containers are a start each three seconds, and nothing between', () => {
  const HUNDRED = 100;
  const PERIOD = 300 * SECOND;
  const ended = (index: number, finishedAt: number): Sighting => ({
    ...{ container: container(`app-${index}`), startKey: `${index}`, key: `${index} ${finishedAt}` },
    run: { kind: 'ended', finishedAt, exitCode: 1, reason: 'Error' },
    ...{ sandbox: 'one', podIsUp: true, isPodWhole: true, position: 0, isStoppedOnPurpose: false },
    past: { restarts: 9, backOff: { seconds: 300, restartedAt: finishedAt - SECOND } },
  });
  const finished = Array.from({ length: HUNDRED }, (_, index) => (index * PERIOD) / HUNDRED);
  const sightings = finished.map((at, index) => ended(index, at));
  let now = PERIOD - SECOND;
  let { watcher, nextAt, starts } = advanceWatcher(NEW_WATCHER, { kind: 'looked', sightings }, now);
  assert.deepEqual(starts, []);
  const wakes: number[] = [];
  for (let index = 0; index < HUNDRED; index++) {
    now = nextAt;
    wakes.push(now);
    ({ watcher, nextAt, starts } = advanceWatcher(watcher, { kind: 'time' }, now));
    assert.deepEqual(
      starts.map(({ id }) => id),
      [`app-${index}`],
    );
    const failed = { kind: 'start-returned', id: `app-${index}`, error: 'no' } as const;
    ({ watcher, nextAt } = advanceWatcher(watcher, failed, now));
  }
  assert.deepEqual(
    wakes,
    finished.map((at) => at + PERIOD),
  );
});

test('a failed start counts as an end with code 128, and is tried again', () => {
  const { look, end, step, after, member } = machine(container('app'));
  look();
  assert.equal(end(1).starts.length, 1);
  const failed = step({ kind: 'start-returned', id: 'app', error: 'no such file' });
  assert.deepEqual(
    failed.notices.map(({ kind, exitCode, waitSeconds, restarts }) => ({
      kind,
      exitCode,
      waitSeconds,
      restarts,
    })),
    [{ kind: 'start-failed', exitCode: 128, waitSeconds: 10, restarts: 1 }],
  );
  // podman shows the end before it.
  assert.deepEqual(look().starts, []);
  assert.equal(member()?.run.kind === 'ended' && member()?.restarts, 1);
  assert.equal(after(10 * SECOND).starts.length, 1);
});

test('a postponed start is due again', () => {
  const { look, end, step } = machine(container('app'));
  look();
  assert.equal(end(1).starts.length, 1);
  assert.equal(step({ kind: 'time' }).starts.length, 0, 'it was ordered');
  assert.equal(step({ kind: 'start-postponed', id: 'app' }).starts.length, 1);
});

test('at most two containers start at the same time, the one that has waited longest first', () => {
  const sightings = Array.from({ length: 5 }, (_, index): Sighting => ({
    container: { ...container(`c${index}`), pod: `web-${index}` },
    run: { kind: 'ended', finishedAt: -index, exitCode: 1, reason: 'Error' },
    ...{ startKey: '1', key: '1', sandbox: 'one', podIsUp: true, isStoppedOnPurpose: false },
    ...{ position: 0, isPodWhole: true },
  }));
  const first = advanceWatcher(NEW_WATCHER, { kind: 'looked', sightings }, 0);
  assert.deepEqual(
    first.starts.map(({ id }) => id),
    ['c4', 'c3'],
  );
  const next = advanceWatcher(first.watcher, { kind: 'start-returned', id: 'c4', error: 'no' }, 0);
  assert.deepEqual(
    next.starts.map(({ id }) => id),
    ['c2'],
  );
});

test('the containers of a pod start in turn, each after the postStart hook of the one before', () => {
  const postStart = { sleep: { seconds: 5 } };
  const sightings = ['late', 'early', 'other'].map((name, index): Sighting => ({
    container: { ...container(name, { postStart }), pod: name === 'other' ? 'db' : 'web' },
    run: { kind: 'ended', finishedAt: -index, exitCode: 1, reason: 'Error' },
    ...{ startKey: '1', key: '1', sandbox: 'one', podIsUp: true, isStoppedOnPurpose: false },
    ...{ position: name === 'early' ? 0 : 1, isPodWhole: true },
  }));
  const ids = (starts: readonly WatchedContainer[]) => starts.map(({ id }) => id).sort();
  const first = advanceWatcher(NEW_WATCHER, { kind: 'looked', sightings }, 0);
  assert.deepEqual(ids(first.starts), ['early', 'other']);
  const hooked = advanceWatcher(first.watcher, { kind: 'post-start-begun', id: 'early' }, 0);
  assert.deepEqual(ids(hooked.starts), []);
  const done = advanceWatcher(hooked.watcher, { kind: 'start-returned', id: 'early', error: 'no' }, 0);
  assert.deepEqual(ids(done.starts), ['late']);
});

test('containers that crash again and again hold up no other: each has its turn', () => {
  const settings = { firstBackOffSeconds: 0.1, startsAtOnce: 2 };
  const runs = new Map<string, { starts: number; run: Run }>();
  for (const pod of ['a', 'b', 'c'])
    for (const position of [0, 1, 2, 3])
      runs.set(`${pod}${position}`, {
        starts: 1,
        run: { kind: 'ended', startedAt: 0, finishedAt: position, exitCode: 1, reason: 'Error' },
      });
  const sightings = () =>
    [...runs].map(([id, { starts, run }]): Sighting => ({
      container: { ...container(id), pod: id.charAt(0) },
      run,
      ...{ startKey: `${starts}`, key: `${starts}`, sandbox: 'one', podIsUp: true, isPodWhole: true },
      ...{ position: Number(id.charAt(1)), isStoppedOnPurpose: false },
    }));
  let watcher = NEW_WATCHER;
  let ordered: readonly string[] = [];
  const order: string[] = [];
  const apply = (event: WatchEvent, now: number) => {
    const step = advanceWatcher(watcher, event, now, settings);
    ({ watcher } = step);
    ordered = [...ordered, ...step.starts.map(({ id }) => id)];
  };
  apply({ kind: 'looked', sightings: sightings() }, 10_000);
  for (let now = 11_000; now < 130_000; now += 1000) {
    const begun = ordered;
    ordered = [];
    order.push(...begun);
    for (const id of begun) {
      const starts = (runs.get(id)?.starts ?? 0) + 1;
      const ended = { kind: 'ended', exitCode: 1, reason: 'Error' } as const;
      runs.set(id, { starts, run: { ...ended, startedAt: now, finishedAt: now + 100 } });
    }
    apply({ kind: 'looked', sightings: sightings() }, now + 200);
    for (const id of begun) apply({ kind: 'start-returned', id }, now + 200);
  }
  const counts = [...runs.values()].map(({ starts }) => starts);
  assert.ok(Math.max(...counts) - Math.min(...counts) <= 2, order.join(' '));
  const ofPod = order.filter((id) => id.startsWith('a')).slice(0, 4);
  assert.deepEqual(ofPod, ['a0', 'a1', 'a2', 'a3']);
});

const EVERY_SECOND = { periodSeconds: 1, initialDelaySeconds: 0, timeoutSeconds: 1, successThreshold: 1 };
const tcpSocket = { port: 80 };
const result = (outcome: 'success' | 'failure') => ({ outcome, message: outcome });

test('a liveness probe that fails too often stops the container, which then restarts', () => {
  const livenessProbe = { tcpSocket, ...EVERY_SECOND, failureThreshold: 2 };
  const { look, end, step, after } = machine(container('app', { livenessProbe }), {
    isStoppedOnPurpose: true,
  });
  const first = look();
  const [order] = first.probes;
  assert.equal(order?.kind, 'liveness');
  const returned = { kind: 'probe-returned', id: 'app', probe: 'liveness', run: order.run } as const;
  assert.deepEqual(step({ ...returned, result: result('failure') }).kills, []);
  assert.equal(after(SECOND).probes.length, 1);
  const killed = step({ ...returned, result: result('failure') });
  assert.deepEqual(
    killed.kills.map(({ container: { id }, kill: { probe } }) => [id, probe]),
    [['app', 'liveness']],
  );
  assert.deepEqual(after(SECOND).kills, [], 'once');
  // podman says that it was stopped on purpose: by the watcher.
  assert.equal(end(137).starts.length, 1);
});

test('a container is probed when its postStart hook has ended, which holds up no other start', () => {
  const postStart = { sleep: { seconds: 5 } };
  const readinessProbe = { tcpSocket, ...EVERY_SECOND, failureThreshold: 1 };
  const { look, end, start, step, after, member } = machine(container('app', { postStart, readinessProbe }));
  look();
  end(1);
  assert.equal(member()?.isStarting, true);
  step({ kind: 'post-start-begun', id: 'app' });
  assert.equal(member()?.isInPostStart, true);
  const [seen, returned] = start();
  assert.deepEqual([seen?.probes, returned?.probes.map(({ kind }) => kind)], [[], ['readiness']]);
  assert.deepEqual([member()?.isStarting, member()?.isInPostStart], [false, undefined]);
  assert.equal(after(2 * SECOND).starts.length, 0);
});

test('a container that runs is reported as in its postStart hook before the hook has begun', () => {
  const {
    look,
    end,
    step,
    startByUser: begin,
    report,
  } = machine(container('app', { postStart: { sleep: { seconds: 5 } } }));
  look();
  end(1);
  step({ kind: 'start-begun', id: 'app' });
  begin();
  assert.equal(report()?.isInPostStart, true);
  step({ kind: 'start-returned', id: 'app' });
  assert.equal(report()?.isInPostStart, undefined);
});

test('the result of a probe of an earlier run does not count', () => {
  const readinessProbe = { tcpSocket, ...EVERY_SECOND, failureThreshold: 1 };
  const { look, end, start, step, member } = machine(container('app', { readinessProbe }));
  const [order] = look().probes;
  end(1);
  start();
  step({
    kind: 'probe-returned',
    id: 'app',
    probe: 'readiness',
    run: order?.run ?? 0,
    result: result('success'),
  });
  assert.equal(member()?.probes?.workers[0]?.state, 'failure');
});

test('whatever happens, starts are ordered only for containers that have ended, at most two at a time', () => {
  let seed = 7;
  const random = (below: number) => {
    seed = (Math.imul(seed, 1_103_515_245) + 12_345) & 0x7fffffff;
    return seed % below;
  };
  const ids = ['a', 'b', 'c', 'd'];
  let watcher = NEW_WATCHER;
  let now = 0;
  const running = new Map(ids.map((id) => [id, { isRunning: true, starts: 1, startedAt: 0, finishedAt: 0 }]));
  const ordered = new Set<string>();
  for (let round = 0; round < 5000; round++) {
    now += random(20_000);
    const id = ids[random(ids.length)] ?? '';
    const state = running.get(id);
    assert.ok(state);
    const look: WatchEvent = {
      kind: 'looked',
      sightings: [...running].map(([name, { isRunning, starts, startedAt, finishedAt }]): Sighting => ({
        container: container(name),
        run: isRunning
          ? { kind: 'running', startedAt }
          : { kind: 'ended', startedAt, finishedAt, exitCode: 1, reason: 'Error' },
        startKey: starts.toString(),
        key: `${starts} ${isRunning}`,
        ...{ sandbox: 'one', podIsUp: true, isPodWhole: true, position: 0, isStoppedOnPurpose: false },
        ...{ position: 0, isPodWhole: true },
      })),
    };
    let events: readonly WatchEvent[] = [{ kind: 'time' }];
    switch (random(4)) {
      case 0:
        if (state.isRunning) running.set(id, { ...state, isRunning: false, finishedAt: now });
        break;
      case 1:
        events = [look];
        break;
      case 2:
        if (!ordered.delete(id)) break;
        events = [{ kind: 'start-returned', id, error: 'failed' }];
        break;
      case 3:
        if (!ordered.delete(id)) break;
        running.set(id, { ...state, isRunning: true, starts: state.starts + 1, startedAt: now });
        events = [look, { kind: 'start-returned', id }];
    }
    for (const event of events) {
      const step = advanceWatcher(watcher, event, now);
      ({ watcher } = step);
      for (const start of step.starts) {
        assert.equal(running.get(start.id)?.isRunning, false, `${start.id} runs`);
        assert.ok(!ordered.has(start.id), `${start.id} was ordered before`);
        ordered.add(start.id);
      }
      assert.ok(ordered.size <= 2);
      assert.ok(step.nextAt > now);
    }
  }
});

/** A pod with sidecars `a` and `b` and an app container, as a look finds it. */
function podWithSidecars(
  app: Pick<WatchedContainer, 'restartPolicy' | 'lifecycle'>,
  runs: { readonly app: Run; readonly a?: Run; readonly b?: Run },
  more: Partial<Sighting> = {},
): readonly Sighting[] {
  const running: Run = { kind: 'running', startedAt: 0 };
  return (['a', 'b', 'app'] as const).map((name, position) => {
    const run = runs[name] ?? running;
    const ofRole =
      name === 'app' ? { ...container(name), ...app } : { ...container(name), role: 'init' as const };
    return {
      ...{ container: ofRole, run, startKey: '1', key: `1 ${run.kind}`, sandbox: 'one', position },
      ...{ podIsUp: true, isPodWhole: true, isStoppedOnPurpose: false, ...more },
    };
  });
}

const ENDED: Run = { kind: 'ended', finishedAt: 0, exitCode: 0, reason: 'Completed' };
const FAILED: Run = { ...ENDED, exitCode: 42, reason: 'Error' };
const NEVER = { restartPolicy: 'Never', lifecycle: {} } as const;
const ON_42 = {
  restartPolicy: 'Never',
  lifecycle: {
    restartPolicyRules: [{ action: 'Restart', exitCodes: { operator: 'In', values: [42] } }],
  },
} as const;

const KILL = { probe: 'liveness', message: 'no answer' } as const;

/** The pods whose sidecars are to be stopped, and the containers to start. */
const podEnds: readonly (readonly [string, readonly Sighting[], string, string])[] = [
  ['an app container runs', podWithSidecars(NEVER, { app: { kind: 'running', startedAt: 0 } }), '', ''],
  ['it has completed', podWithSidecars(NEVER, { app: ENDED }), 'web', ''],
  ['then one of the sidecars has ended', podWithSidecars(NEVER, { app: ENDED, b: FAILED }), 'web', ''],
  ['all have ended', podWithSidecars(NEVER, { app: ENDED, a: ENDED, b: FAILED }), '', ''],
  ['it has failed for good', podWithSidecars(NEVER, { app: FAILED }), 'web', ''],
  ['a rule restarts it', podWithSidecars(ON_42, { app: FAILED }), '', 'app'],
  ['no rule restarts it', podWithSidecars(ON_42, { app: ENDED }), 'web', ''],
  [
    'a sidecar has ended before',
    podWithSidecars(NEVER, { app: { kind: 'running', startedAt: 0 }, a: ENDED }),
    '',
    'a',
  ],
  [
    'an init container has failed for good',
    podWithSidecars(NEVER, { app: { kind: 'other' } }, { isPodWhole: false, hasFailedInit: true }),
    'web',
    '',
  ],
  [
    'then one of the sidecars has ended, and none is restarted',
    podWithSidecars(NEVER, { app: { kind: 'other' }, b: FAILED }, { isPodWhole: false, hasFailedInit: true }),
    'web',
    '',
  ],
  ['not all app containers exist yet', podWithSidecars(NEVER, { app: ENDED }, { isPodWhole: false }), '', ''],
  ['the pod was stopped', podWithSidecars(NEVER, { app: ENDED }, { podIsUp: false }), '', ''],
  ['it was stopped on purpose', podWithSidecars(NEVER, { app: ENDED }, { isStoppedOnPurpose: true }), '', ''],
  [
    'a probe has killed it, which podman shows as stopped on purpose',
    podWithSidecars(
      NEVER,
      { app: ENDED },
      { isStoppedOnPurpose: true, past: { restarts: 0, killedBy: KILL } },
    ),
    'web',
    '',
  ],
];

for (const [what, sightings, stops, starts] of podEnds)
  test(`sidecars: ${what}`, () => {
    const step = advanceWatcher(NEW_WATCHER, { kind: 'looked', sightings }, 0);
    assert.equal(step.sidecarStops.join(), stops);
    assert.equal(step.starts.map(({ id }) => id).join(), starts);
  });

test('a pod is stopped at its deadline, and nothing in it is restarted after', () => {
  const { look, after, end, member } = machine(container('app'), { deadlineAt: 30 * SECOND });
  assert.equal(look().nextAt, 30 * SECOND);
  assert.deepEqual(after(29 * SECOND).podStops, []);
  assert.deepEqual(after(SECOND).podStops, ['web']);
  assert.deepEqual(after(SECOND).podStops, ['web'], 'until it has stopped');
  assert.deepEqual(end(1).starts, []);
  assert.deepEqual(after(3600 * SECOND).starts, []);
  assert.equal(member()?.isPastDeadline, true);
});

test('while containers are stopped at the deadline or the end of their pod, no liveness probe kills them', () => {
  const livenessProbe = { tcpSocket, ...EVERY_SECOND, failureThreshold: 1 };
  const failure = (id: string) =>
    ({ kind: 'probe-returned', id, probe: 'liveness', run: 1, result: result('failure') }) as const;
  const late = machine(container('app', { livenessProbe }), { deadlineAt: 30 * SECOND });
  assert.equal(late.look().probes.length, 1);
  assert.deepEqual(late.after(30 * SECOND).podStops, ['web']);
  assert.deepEqual(late.step(failure('app')).kills, []);
  assert.deepEqual(late.after(60 * SECOND).probes, []);

  const looked = (watcher: Watcher, app: Run, now: number) => {
    const sightings = podWithSidecars(NEVER, { app }).map((one) =>
      one.container.id === 'a'
        ? { ...one, container: { ...one.container, lifecycle: { livenessProbe } } }
        : one,
    );
    return advanceWatcher(watcher, { kind: 'looked', sightings }, now);
  };
  const begun = looked(NEW_WATCHER, { kind: 'running', startedAt: 0 }, 0);
  assert.deepEqual(
    begun.probes.map(({ container: { id } }) => id),
    ['a'],
  );
  const over = looked(begun.watcher, ENDED, SECOND);
  const failed = advanceWatcher(over.watcher, failure('a'), 2 * SECOND);
  assert.deepEqual([failed.kills, failed.probes], [[], []]);
  const later = advanceWatcher(failed.watcher, { kind: 'time' }, 30 * SECOND);
  assert.deepEqual([later.probes, later.kills], [[], []]);
  const again = looked(later.watcher, { kind: 'running', startedAt: 31 * SECOND }, 31 * SECOND);
  assert.deepEqual(
    again.probes.map(({ container: { id } }) => id),
    ['a'],
    'the pod was started again',
  );
});

test('a pod that waits for a restart is stopped at its deadline', () => {
  const { look, end, start, after } = machine(container('app'), { deadlineAt: 5 * SECOND });
  look();
  assert.equal(end(1).starts.length, 1);
  start();
  assert.deepEqual(end(1).starts, []);
  const over = after(5 * SECOND);
  assert.deepEqual([over.podStops, over.starts], [['web'], []]);
});

suite('the deadline of a pod with restartPolicy Never', () => {
  const app = { ...container('app'), restartPolicy: 'Never' } as const;
  for (const [what, exitCode] of [
    ['succeeded', 0],
    ['failed', 3],
  ] as const)
    test(`is none after the pod has ${what}`, () => {
      const { look, end, after } = machine(app, { deadlineAt: 5 * SECOND });
      look();
      end(exitCode);
      assert.deepEqual(after(6 * SECOND).podStops, []);
    });

  test('ends the pod, also when its container ends within the grace period', () => {
    const { look, end, after, member } = machine(app, { deadlineAt: 5 * SECOND });
    look();
    assert.deepEqual(after(5 * SECOND).podStops, ['web']);
    assert.deepEqual(end(0).podStops, ['web']);
    assert.equal(member()?.isPastDeadline, true);
  });

  test('restarts nothing that ends then, and says so', () => {
    const { look, end, after } = machine(container('app'), { deadlineAt: 5 * SECOND });
    look();
    after(5 * SECOND);
    const [notice] = end(0).notices;
    assert.deepEqual([notice?.kind, notice?.waitSeconds], ['ended', undefined]);
  });

  test('is work for a watcher while the pod runs', () => {
    const { look, end, member } = machine(app, { deadlineAt: 5 * SECOND });
    look();
    const isNeeded = () => {
      const found = member();
      return found !== undefined && isWork(found, WATCH_DEFAULTS);
    };
    assert.equal(isNeeded(), true);
    end(0);
    assert.equal(isNeeded(), false);
  });
});

test('a deadline is over with its pod, and the clock of the machine does not move it', () => {
  const seen = (deadlineAt: number, more: Partial<Sighting> = {}): Sighting => ({
    ...{ container: container('app'), run: { kind: 'running', startedAt: 0 }, startKey: '1', key: '1' },
    ...{ sandbox: 'one', podIsUp: true, position: 0, isPodWhole: true, isStoppedOnPurpose: false },
    ...{ deadlineAt, ...more },
  });
  const look = (watcher: Watcher, sighting: Sighting, now: number) =>
    advanceWatcher(watcher, { kind: 'looked', sightings: [sighting] }, now);
  const first = look(NEW_WATCHER, seen(10 * SECOND), 0);
  const jumped = look(first.watcher, seen(-3600 * SECOND), SECOND);
  assert.deepEqual([jumped.podStops, jumped.nextAt], [[], 10 * SECOND]);
  const stopped = look(jumped.watcher, seen(10 * SECOND, { podIsUp: false }), 11 * SECOND);
  assert.deepEqual(stopped.podStops, []);
  const again = look(stopped.watcher, seen(60 * SECOND, { sandbox: 'two' }), 12 * SECOND);
  assert.deepEqual([again.podStops, again.nextAt], [[], 60 * SECOND]);
});

suite('a rule that restarts all containers of the pod', () => {
  const ALL = {
    restartPolicy: 'Never',
    lifecycle: {
      restartPolicyRules: [{ action: 'RestartAllContainers', exitCodes: { operator: 'In', values: [42] } }],
    },
  } as const;
  const look = (watcher: Watcher, sightings: readonly Sighting[], now = 0) =>
    advanceWatcher(watcher, { kind: 'looked', sightings }, now);
  const idsOf = (step: WatchStep) => [
    step.podRestarts,
    step.starts.map(({ id }) => id),
    step.sidecarStops.length,
  ];

  test('it is ordered once, and meanwhile nothing else is started or stopped', () => {
    const first = look(NEW_WATCHER, podWithSidecars(ALL, { app: FAILED }));
    assert.deepEqual(idsOf(first), [['web'], [], 0]);
    const stopped = look(first.watcher, podWithSidecars(ALL, { app: FAILED, a: ENDED, b: ENDED }));
    assert.deepEqual(idsOf(stopped), [[], [], 0]);
  });

  test('afterwards each container has one restart more, and no back-off', () => {
    const first = look(NEW_WATCHER, podWithSidecars(ALL, { app: FAILED }));
    const again = podWithSidecars(
      ALL,
      { app: { kind: 'running', startedAt: 5 } },
      { startKey: '2', key: '2' },
    );
    const { watcher } = look(first.watcher, again, 10);
    const done = advanceWatcher(watcher, { kind: 'pod-restarted', pod: 'web' }, 10);
    const app = done.watcher.members.get('app');
    assert.deepEqual([app?.restarts, app?.backOff, app?.lastEnd?.exitCode], [1, undefined, 42]);
    assert.equal(app?.isResetting, undefined);
    const end: Run = { ...FAILED, finishedAt: 20 };
    const next = look(
      done.watcher,
      podWithSidecars(ALL, { app: end }, { startKey: '2', key: '2 ended' }),
      20,
    );
    assert.deepEqual(next.podRestarts, ['web'], 'another end is another reason');
  });

  test('one that was not carried out is ordered again, one that has failed is not', () => {
    const sightings = podWithSidecars(ALL, { app: FAILED });
    const first = look(NEW_WATCHER, sightings);
    const postponed = advanceWatcher(first.watcher, { kind: 'pod-restart-postponed', pod: 'web' }, 0);
    assert.deepEqual(postponed.podRestarts, ['web']);
    const failed = advanceWatcher(postponed.watcher, { kind: 'pod-restarted', pod: 'web' }, 0);
    assert.deepEqual(idsOf(failed), [[], [], 1], 'the pod is over: its sidecars are stopped');
  });

  test('another exit code ends the pod', () => {
    const step = look(NEW_WATCHER, podWithSidecars(ALL, { app: { ...FAILED, exitCode: 1 } }));
    assert.deepEqual(idsOf(step), [[], [], 1]);
  });
});

test('a container of which nothing is known is probed from the beginning, however long it has run', () => {
  const startupProbe = { tcpSocket, ...EVERY_SECOND, failureThreshold: 4 };
  const { look, after, member } = machine(container('app', { startupProbe }));
  after(3600 * SECOND);
  assert.deepEqual(
    look().probes.map(({ kind }) => kind),
    ['startup'],
  );
  assert.deepEqual(probeStatus(member()?.probes ?? containerProbes({})), { started: false, ready: false });
});
