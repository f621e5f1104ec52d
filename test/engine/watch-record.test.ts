import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { watcherRecordOf } from '../../src/engine/watch-record.ts';
import { pastOf } from '../../src/engine/watch-past.ts';
import { nextRestart } from '../../src/kubelet/watched-restarts.ts';
import type { Member, RecordOrder, Run, Sighting, Watcher, WatchEvent } from '../../src/kubelet/watched.ts';
import { advanceWatcher, NEW_WATCHER } from '../../src/kubelet/watcher.ts';
import type { ContainerEvent } from '../../src/podman/inspect/container-events.ts';
import {
  decodeWatcherRecord,
  encodeWatcherRecord,
  type WatcherRecord,
} from '../../src/podman/watcher-record.ts';

const SECOND = 1000;
const HOUR = 3600 * SECOND;
/** The wall clock when the monotonic clock is 0. */
const EPOCH = 1_700_000_000_000;
const FAST = { firstBackOffSeconds: 1, startsAtOnce: 2 };

/** One container on a podman, and watchers of it, one after the other: each has a clock that begins anew. */
function machine() {
  let watcher: Watcher = NEW_WATCHER;
  let wall = EPOCH;
  let offset = -EPOCH;
  let run: Run = { kind: 'running', startedAt: 0 };
  let starts = 1;
  const records: WatcherRecord[] = [];
  const step = (event: WatchEvent) => {
    const next = advanceWatcher(watcher, event, wall + offset, FAST);
    ({ watcher } = next);
    for (const order of next.records) records.push(written(order, wall, offset));
    return next;
  };
  const look = (past?: Sighting['past']) =>
    step({
      kind: 'looked',
      sightings: [
        {
          container: {
            ...{ id: 'app', pod: 'web', container: 'app', role: 'container', restartPolicy: 'Always' },
            ...{ lifecycle: {}, terminationGracePeriodSeconds: 1, beforeStart: [] },
          },
          ...{ run, startKey: starts.toString(), key: `${starts} ${run.kind}`, sandbox: '', podIsUp: true },
          ...{ position: 0, isPodWhole: true, isStoppedOnPurpose: false },
          ...(past === undefined ? {} : { past }),
        },
      ],
    });
  return {
    look,
    step,
    records,
    member: (): Member | undefined => watcher.members.get('app'),
    wait: (milliseconds: number) => {
      wall += milliseconds;
      return step({ kind: 'time' });
    },
    end: () => {
      run = { kind: 'ended', startedAt: 0, finishedAt: wall + offset, exitCode: 3, reason: 'Error' };
      return look();
    },
    start: () => {
      starts++;
      run = { kind: 'running', startedAt: wall + offset };
      look();
      return step({ kind: 'start-returned', id: 'app' });
    },
    failStart: () => step({ kind: 'start-returned', id: 'app', error: 'no such file' }),
    /** Killed with -9, and another one begins 3 s later. */
    replaceWatcher: (events: readonly ContainerEvent[]) => {
      wall += 3 * SECOND;
      const shift = 1234 - (wall + offset);
      offset += shift;
      if (run.kind === 'ended') run = { ...run, finishedAt: run.finishedAt + shift };
      watcher = NEW_WATCHER;
      const [record] = records.slice(-1);
      look(pastOf(events, offset, FAST, new Map(record === undefined ? [] : [['app', record]])).get('app'));
      return shift;
    },
  };
}

/** As it comes back from the label. */
function written(order: RecordOrder, at: number, offset: number): WatcherRecord {
  const record = decodeWatcherRecord(
    encodeWatcherRecord(watcherRecordOf(order, { at, offset, settings: FAST })),
  );
  assert.ok(record !== undefined);
  return record;
}

suite('what the watcher records', () => {
  test('failed starts: the next watcher goes on with their number, the error and the back-off', () => {
    const { look, end, failStart, wait, member, records, replaceWatcher } = machine();
    look();
    end();
    failStart();
    wait(SECOND);
    failStart();
    assert.equal(records.length, 2);
    const before = member();
    assert.ok(before !== undefined);
    const due = nextRestart(before, FAST);
    assert.equal(due?.waitSeconds, 2);
    const shift = replaceWatcher([]);
    const after = member();
    assert.ok(after !== undefined);
    assert.equal(after.restarts, 2);
    assert.deepEqual(after.run.kind === 'ended' && [after.run.reason, after.run.message], [
      'StartError',
      'no such file',
    ]);
    assert.deepEqual(nextRestart(after, FAST), { at: due.at + shift, waitSeconds: 2 });
    assert.deepEqual(after.backOff?.seconds, before.backOff?.seconds);
  });

  test('a crash is not recorded, as podman has its events; once an hour a restart is', () => {
    const { look, end, start, wait, records, member, replaceWatcher } = machine();
    look();
    for (let crash = 0; crash < 10; crash++) {
      wait(SECOND);
      end();
      wait(30 * SECOND);
      start();
    }
    assert.deepEqual(records, []);
    wait(HOUR);
    end();
    start();
    assert.deepEqual(
      records.map(({ restarts, failedStart }) => ({ restarts, failedStart })),
      [{ restarts: 11, failedStart: undefined }],
    );
    replaceWatcher([]);
    assert.equal(member()?.restarts, 11, 'although podman has lost all events');
  });

  test('events before the record are in it, those after it are added', () => {
    const record: WatcherRecord = { at: EPOCH, restarts: 40, startedAt: EPOCH - SECOND };
    const event = (status: string, at: number): ContainerEvent => ({
      ...{ id: 'app', pod: 'web', status, at: EPOCH + at },
    });
    const events = [
      event('start', -9 * SECOND),
      event('died', -2 * SECOND),
      event('start', -1 * SECOND),
      event('died', SECOND),
      event('start', 2 * SECOND),
    ];
    const past = pastOf(events, -EPOCH, FAST, new Map([['app', record]])).get('app');
    assert.equal(past?.restarts, 41);
    assert.equal(past.lastEnd?.finishedAt, SECOND);
    assert.equal(past.recordedAt, 0);
    assert.equal(pastOf(events, -EPOCH, FAST).get('app')?.recordedAt, -9 * SECOND);
  });

  test('a start after the pod was stopped is a restart, and does not count for the back-off', () => {
    const event = (status: string, at: number, id = 'app'): ContainerEvent => ({
      ...{ id, pod: 'web', status, at: EPOCH + at * SECOND },
      ...(id === 'infra' ? { isInfra: true } : { exitCode: 0 }),
    });
    const byUser = (at: number) => [
      event('died', at, 'infra'),
      event('died', at + 1),
      event('start', at + 2, 'infra'),
      event('start', at + 3),
    ];
    const past = (events: readonly ContainerEvent[]) => pastOf(events, -EPOCH, FAST).get('app');
    const started = [event('start', 0, 'infra'), event('start', 1)];
    const twice = past([...started, ...byUser(10), ...byUser(20)]);
    assert.deepEqual([twice?.restarts, twice?.backOff], [2, undefined]);
    const crash = [event('died', 30), event('start', 31)];
    const once = past([...started, ...crash]);
    const after = past([...started, ...byUser(10), ...byUser(20), ...crash]);
    assert.deepEqual([after?.restarts, after?.backOff?.seconds], [3, once?.backOff?.seconds]);
  });

  test('a failed start is over when a later start has succeeded', () => {
    const record: WatcherRecord = {
      ...{ at: EPOCH, restarts: 4 },
      failedStart: { finishedAt: EPOCH - 1, message: 'no such file' },
    };
    const start: ContainerEvent = { id: 'app', pod: 'web', status: 'start', at: EPOCH + SECOND };
    const past = pastOf([start], -EPOCH, FAST, new Map([['app', record]])).get('app');
    assert.equal(past?.restarts, 5);
    assert.equal(past.failedStart, undefined);
  });

  test('any other text is no record', () => {
    for (const text of ['', 'true', '{}', '{"at":1}', '{"at":1,"restarts":"2"}', '{"at":1,"restarts":-2}'])
      assert.equal(decodeWatcherRecord(text), undefined, text);
    assert.deepEqual(decodeWatcherRecord('{"at":1,"restarts":2,"backOff":7,"lastEnd":{},"more":1}'), {
      at: 1,
      restarts: 2,
    });
  });
});
