import assert from 'node:assert/strict';
import { test } from 'node:test';
import { joinEvents, podEvent } from '../../src/engine/pod-events.ts';
import { decodeEvent, type ContainerEvent } from '../../src/podman/inspect/events.ts';

const EVENT: ContainerEvent = {
  at: 100,
  status: 'start',
  project: 'shop',
  pod: 'web',
  role: 'container',
  container: 'app',
  id: 'a',
  image: 'nginx',
  exitCode: 0,
};

const ROWS: readonly (readonly [Partial<ContainerEvent>, string | undefined])[] = [
  [{ status: 'create' }, 'Normal Created Created container app'],
  [{ status: 'start' }, 'Normal Started Started container app'],
  [{ status: 'kill' }, undefined],
  [{ status: 'stop' }, 'Normal Killing Stopping container app'],
  [{ status: 'died' }, 'Normal Completed Container app has completed'],
  [{ status: 'died', exitCode: 3 }, 'Warning Failed Container app failed with exit code 3'],
  [{ status: 'died', exitCode: 137 }, 'Normal Killing Container app was ended by SIGKILL (exit code 137)'],
  [{ status: 'died', exitCode: 143 }, 'Normal Killing Container app was ended by SIGTERM (exit code 143)'],
  [{ status: 'cleanup' }, undefined],
  [{ status: 'init' }, undefined],
  [{ status: 'remove' }, undefined],
  [{ status: 'exec_died' }, undefined],
  [{ role: 'pod', container: '' }, undefined],
  [{ role: 'note' }, undefined],
];

for (const [overrides, words] of ROWS)
  test(`the event of ${JSON.stringify(overrides)}`, () => {
    const event = podEvent({ ...EVENT, ...overrides });
    assert.equal(event && `${event.type} ${event.reason} ${event.message}`, words);
  });

test('the field path names the container', () => {
  assert.equal(podEvent(EVENT)?.fieldPath, 'spec.containers{app}');
  assert.equal(podEvent({ ...EVENT, role: 'init' })?.fieldPath, 'spec.initContainers{app}');
});

test('equal events are joined, in the order of the last ones, and one reported twice counts once', () => {
  const died: ContainerEvent = { ...EVENT, status: 'died', exitCode: 1, at: 110 };
  const joined = joinEvents([
    EVENT,
    died,
    { ...EVENT, at: 120 },
    { ...EVENT, at: 120 },
    { ...died, at: 130 },
  ]);
  assert.deepEqual(
    joined.map(({ reason, count, first, last }) => [reason, count, first, last]),
    [
      ['Started', 2, 100, 120],
      ['Failed', 2, 110, 130],
    ],
  );
});

const ATTRIBUTES = {
  'podpose.project': 'shop',
  'podpose.pod': 'web',
  'podpose.role': 'init',
  'podpose.container': 'setup',
};

/** Lines of `podman events --format '{{json .}}'`. */
const LINES: readonly (readonly [version: string, line: object, expected: object | undefined])[] = [
  [
    '4.3.1',
    {
      ContainerExitCode: 3,
      ID: 'x',
      Image: 'i',
      Name: 'web-setup',
      Status: 'died',
      Time: '2026-11-28T18:20:50.886Z',
      Type: 'container',
      Attributes: ATTRIBUTES,
    },
    { status: 'died', exitCode: 3, at: 1795890050.886 },
  ],
  [
    '5.4.2',
    {
      ContainerExitCode: 0,
      ID: 'x',
      Image: 'i',
      Name: 'web-setup',
      Status: 'died',
      time: 1795890050,
      timeNano: 1795890050886000000,
      Type: 'container',
      Attributes: ATTRIBUTES,
    },
    { status: 'died', exitCode: 0, at: 1795890050.886 },
  ],
  [
    '5.4.2, a pod',
    { ID: 'x', Name: 'web', Status: 'stop', time: 1, Type: 'pod', Attributes: null },
    undefined,
  ],
  [
    'a container of another program',
    { ID: 'x', Status: 'start', time: 1, Attributes: { a: 'b' } },
    undefined,
  ],
];

for (const [version, line, expected] of LINES)
  test(`podman ${version}: an event is decoded`, () => {
    const event = decodeEvent(JSON.stringify(line));
    assert.deepEqual(event && { status: event.status, exitCode: event.exitCode, at: event.at }, expected);
    if (event !== undefined)
      assert.deepEqual([event.pod, event.container, event.role], ['web', 'setup', 'init']);
  });

test('other lines are no events', () => {
  assert.equal(decodeEvent(''), undefined);
  assert.equal(decodeEvent('time="..." level=warning msg="..."'), undefined);
});

test('a signal that ends a container stops it, and one that does not is no event', () => {
  const of = (status: string, at: number, id = 'a'): ContainerEvent => ({ ...EVENT, status, at, id });
  const joined = joinEvents([of('kill', 101), of('kill', 102), of('died', 103, 'b'), of('died', 104)]);
  assert.deepEqual(
    joined.map(({ reason, message, count, last }) => [reason, message, count, last]),
    [
      ['Killing', 'Stopping container app', 1, 102],
      ['Completed', 'Container app has completed', 2, 104],
    ],
  );
});
