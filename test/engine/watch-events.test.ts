import assert from 'node:assert/strict';
import { test } from 'node:test';
import { joinEvents } from '../../src/engine/pod-events.ts';
import { addCommandEvent, commandEvents, savedReport, saveReport } from '../../src/engine/saved-reports.ts';
import { decodeEvents, eventKeeper, noticeEvent } from '../../src/engine/watch-events.ts';
import type { WatchNotice } from '../../src/kubelet/watched.ts';
import type { ContainerEvent } from '../../src/podman/inspect/events.ts';

const APP = { pod: 'web', container: 'app', role: 'container', restarts: 1 } as const;

/** Notices of a watcher, with the type, reason and message of the kubelet's event. */
const ROWS: readonly (readonly [Partial<WatchNotice> & Pick<WatchNotice, 'kind'>, string | undefined])[] = [
  [{ kind: 'restarted' }, undefined],
  [{ kind: 'ended', exitCode: 1, waitSeconds: 0 }, undefined],
  [{ kind: 'ended', exitCode: 1 }, undefined],
  [
    { kind: 'ended', exitCode: 1, waitSeconds: 20 },
    'Warning BackOff Back-off restarting failed container app in pod web',
  ],
  [{ kind: 'start-failed', message: 'no such file' }, 'Warning Failed Error: no such file'],
  [{ kind: 'probed', message: 'readiness GET :80/ -> 200' }, undefined],
  [
    { kind: 'unhealthy', message: 'Readiness probe failed: GET :80/ -> 503' },
    'Warning Unhealthy Readiness probe failed: GET :80/ -> 503',
  ],
  [
    { kind: 'probe-warning', message: 'Liveness probe warning: 302' },
    'Warning ProbeWarning Liveness probe warning: 302',
  ],
  [
    { kind: 'killed', message: 'liveness TCP :80 -> connection refused' },
    'Normal Killing Container app failed a probe, will be restarted: liveness TCP :80 -> connection refused',
  ],
  [{ kind: 'post-start-failed', message: 'exit code 1' }, 'Warning FailedPostStartHook exit code 1'],
  [{ kind: 'pre-stop-failed', message: 'exit code 1' }, 'Warning FailedPreStopHook exit code 1'],
];

test('notices of a watcher as events of Kubernetes', () => {
  for (const [notice, expected] of ROWS) {
    const event = noticeEvent({ ...APP, ...notice }, 100);
    assert.equal(event && `${event.type} ${event.reason} ${event.message}`, expected);
    if (event !== undefined) assert.equal(event.fieldPath, 'spec.containers{app}');
  }
  assert.equal(
    noticeEvent({ ...APP, role: 'init', kind: 'start-failed' }, 1)?.fieldPath,
    'spec.initContainers{app}',
  );
});

test('events are kept for an hour, at most a thousand, and handed over', () => {
  let now = 0;
  const clock = { today: () => now };
  const keeper = eventKeeper(clock);
  keeper.add({ ...APP, kind: 'start-failed', message: 'first' });
  now = 3_600_000;
  assert.equal(keeper.events().length, 1);
  const next = eventKeeper(clock, keeper.events());
  now = 3_601_000;
  assert.deepEqual([keeper.events(), next.events()], [[], []]);
  for (let index = 0; index < 20; index++) next.add({ ...APP, kind: 'unhealthy', message: 'failed' });
  assert.deepEqual(
    next.events().map(({ count }) => count),
    [20],
    'equal ones are counted',
  );
  for (let index = 0; index < 1100; index++) next.add({ ...APP, kind: 'start-failed', message: `${index}` });
  assert.deepEqual([next.events().length, next.events().at(-1)?.message], [1000, 'Error: 1099']);
});

test('equal events of podman and of the watcher are joined', () => {
  const backOff = (at: number) => {
    const event = noticeEvent({ ...APP, kind: 'ended', waitSeconds: 10 }, at);
    assert.ok(event !== undefined);
    return event;
  };
  const start: ContainerEvent = {
    ...{ at: 15, status: 'start', project: 'demo', pod: 'web', container: 'app', id: 'a' },
    ...{ role: 'container', image: 'app', exitCode: 0 },
  };
  const joined = joinEvents([start, start], [backOff(10), backOff(20)]);
  assert.deepEqual(
    joined.map(({ reason, first, last, count }) => [reason, first, last, count]),
    [
      ['Started', 15, 15, 1],
      ['BackOff', 10, 20, 2],
    ],
  );
  assert.deepEqual(decodeEvents(JSON.parse(JSON.stringify([...joined, { type: 1 }, 'x']))), joined);
  assert.deepEqual(decodeEvents(undefined), []);
});

test('events in files are those of the last hour, and a damaged file has none', () => {
  let now = 0;
  const texts = new Map<string, string>();
  const platform = {
    today: () => now,
    runtimeFiles: {
      read: (name: string) => texts.get(name),
      write: (name: string, text: string) => void texts.set(name, text),
    },
  };
  addCommandEvent(platform, 'demo', { ...APP, kind: 'restarted' });
  assert.deepEqual(commandEvents(platform, 'demo'), []);
  addCommandEvent(platform, 'demo', { ...APP, kind: 'pre-stop-failed', message: 'exit code 1' });
  now = 3_000_000;
  addCommandEvent(platform, 'demo', { ...APP, kind: 'pre-stop-failed', message: 'exit code 1' });
  const events = commandEvents(platform, 'demo');
  saveReport(platform, 'demo', { version: '1', pid: 1, containers: [], events });
  const counts = () =>
    [commandEvents(platform, 'demo'), savedReport(platform, 'demo')?.events ?? []].map((kept) =>
      kept.map(({ count }) => count),
    );
  assert.deepEqual(counts(), [[2], [2]]);
  now = 6_601_000;
  assert.deepEqual(counts(), [[], []]);
  for (const name of texts.keys()) texts.set(name, '{');
  assert.equal(savedReport(platform, 'demo'), undefined);
  assert.deepEqual(commandEvents(platform, 'demo'), []);
});
