import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path/posix';
import { test } from 'node:test';
import {
  decodeContainersAndPods,
  decodeImages,
  decodeVolumes,
  parseList,
} from '../../src/podman/inspect/decode.ts';

/** Output of podman 4.3.1 on Debian 12. */
function printed(name: 'ps.json' | 'images.jsonl' | 'volumes.json'): string {
  return readFileSync(join(import.meta.dirname, 'fixtures', name.replace('.', '-4.3.1.')), 'utf8');
}

const POD_ID = '2d0feccbd1a5d597facba4fdc4518b5aeb2ddd9f046721636a82aa742e25e4d9';

test('a pod is decoded from its infra container', () => {
  const { pods } = decodeContainersAndPods(printed('ps.json'));
  assert.deepEqual(
    pods.map(({ name, infra, owner }) => ({ name, infra, owner })),
    [
      { name: 'web', infra: 'running', owner: { project: 'demo', pod: 'web', role: 'pod' } },
      { name: 'theirs', infra: 'created', owner: undefined },
    ],
  );
  assert.equal(pods[0]?.id, POD_ID);
  assert.equal(pods[0].labels['app'], 'web');
});

test('containers are decoded with and without a pod, without infra containers', () => {
  const { containers } = decodeContainersAndPods(printed('ps.json'));
  assert.deepEqual(
    containers.map(({ name, podName, state, exitCode, owner }) => [
      name,
      podName,
      state,
      exitCode,
      owner?.role,
      owner?.name,
    ]),
    [
      ['web-setup', 'web', 'exited', 3, 'init', 'setup'],
      ['web-app', 'web', 'running', 0, 'container', 'app'],
      ['web-late', 'web', 'created', 0, 'container', 'late'],
      ['lonely', undefined, 'running', 0, undefined, undefined],
    ],
  );
});

test('times are seconds since 1970, and 0 for never', () => {
  const { containers } = decodeContainersAndPods(printed('ps.json'));
  const [setup, app, late] = containers;
  assert.deepEqual(
    [setup?.startedAt, setup?.exitedAt, setup?.createdAt],
    [1795257621, 1795257621, 1795257621],
  );
  assert.deepEqual([app?.startedAt, app?.exitedAt], [1795257622, 0]);
  assert.deepEqual([late?.startedAt, late?.exitedAt, late?.createdAt], [0, 0, 1795257622]);
});

test('another podman with RFC 3339 times, a single name, no labels and restarts gives the same', () => {
  const rows = parseList(printed('ps.json')).map((row) => ({
    ...row,
    Created: rfc3339(row['Created']),
    StartedAt: rfc3339(row['StartedAt']),
    ExitedAt: rfc3339(row['ExitedAt']),
    Names: row['IsInfra'] === true ? row['Names'] : [row['Names']].flat()[0],
    Labels: row['Pod'] === '' ? null : row['Labels'],
    Restarts: 2,
    SomethingNew: { nested: true },
  }));
  const old = decodeContainersAndPods(printed('ps.json'));
  const now = decodeContainersAndPods(JSON.stringify(rows));
  assert.deepEqual(now.pods, old.pods);
  assert.deepEqual(
    now.containers,
    old.containers.map((container) => ({
      ...container,
      restarts: 2,
      labels: container.podName === undefined ? {} : container.labels,
    })),
  );
});

function rfc3339(seconds: unknown): string {
  return new Date(Number(seconds) * 1000).toISOString();
}

test('a pod without its infra container is recognised by its other containers', () => {
  const rows = parseList(printed('ps.json')).filter((row) => row['IsInfra'] !== true);
  const { pods } = decodeContainersAndPods(JSON.stringify(rows));
  assert.deepEqual(pods, [{ id: POD_ID, name: 'web', labels: {}, infra: 'absent', infraStartedAt: 0 }]);
});

test('a new state is unknown, and an empty row is no failure', () => {
  const { containers } = decodeContainersAndPods('[{"Names":["new"],"State":"hibernating"},{}]');
  assert.deepEqual(
    containers.map(({ name, state }) => [name, state]),
    [
      ['new', 'unknown'],
      ['', 'unknown'],
    ],
  );
});

test('every form of an empty list is accepted', () => {
  for (const text of ['', '\n', '[]', '[\n\n]', 'null']) {
    assert.deepEqual(decodeContainersAndPods(text), { pods: [], containers: [] });
    assert.deepEqual(decodeVolumes(text), []);
  }
  for (const text of ['', '\n']) assert.deepEqual(decodeImages(text), []);
});

test('volumes', () => {
  const [volume, ...others] = decodeVolumes(printed('volumes.json'));
  assert.deepEqual(others, []);
  assert.equal(volume?.name, 'web-data');
  assert.equal(volume.mountCount, 2);
  assert.deepEqual(volume.owner, { project: 'demo', pod: 'web', role: 'emptyDir', name: 'data' });
});

test('an image appears once with all its names, even if queried by several', () => {
  const images = decodeImages(printed('images.jsonl'));
  assert.deepEqual(
    images.map(({ id, names }) => [
      id.slice(0, 4),
      ...names.map((name) => name.replace(/(@sha256:.{4}).*/, '$1')),
    ]),
    [
      [
        '83e4',
        'localhost/podpose-test:1',
        'localhost/testhttpd:latest',
        'localhost/podpose-test@sha256:ad22',
        'localhost/podpose-test@sha256:e548',
        'localhost/testhttpd@sha256:ad22',
        'localhost/testhttpd@sha256:e548',
      ],
      ['c1f5', 'docker.io/library/busybox:1.36', 'docker.io/library/busybox@sha256:aba0'],
      // Another image has taken its name.
      ['e647'],
    ],
  );
});

test('an image without names is recognised by its ID', () => {
  assert.deepEqual(decodeImages('{"Id":"abc","RepoTags":null,"RepoDigests":null}'), [
    { id: 'abc', names: [] },
  ]);
});

void test('labels of podpose that come from an image are ignored', () => {
  const labels = (role: string, container = 'app') => ({
    'podpose.project': 'demo',
    'podpose.pod': 'web',
    'podpose.role': role,
    'podpose.container': container,
  });
  const row = (Names: string, PodName: string, Labels: object, rest: object = {}) => ({
    Id: `${Names} ${PodName}`,
    Names: [Names],
    Pod: PodName,
    PodName,
    Labels,
    ...rest,
  });
  const pod = (name: string, own: object) => row(`${name}-infra`, name, own, { IsInfra: true });
  const owned = (...rows: readonly object[]) => {
    const { pods, containers } = decodeContainersAndPods(JSON.stringify(rows));
    return [...pods, ...containers].filter(({ owner }) => owner !== undefined).map(({ name }) => name);
  };
  const own = pod('web', { ...labels('pod'), 'podpose.container': '' });
  const image = labels('container');
  // Run by hand from an image with such labels: outside of a pod, or in another pod, whatever its name.
  assert.deepEqual(owned(row('by-hand', '', image)), []);
  assert.deepEqual(owned(own, row('by-hand', '', image)), ['web']);
  assert.deepEqual(owned(row('by-hand', 'theirs', image), pod('theirs', {})), []);
  assert.deepEqual(owned(row('by-hand', 'web', image), pod('web', {})), []);
  assert.deepEqual(
    owned(row('by-hand', 'web', image), pod('web', { ...labels('pod'), 'podpose.project': 'x' })),
    ['web'],
  );
  assert.deepEqual(owned(pod('theirs', labels('pod')), row('by-hand', 'theirs', image)), []);
  assert.deepEqual(owned(pod('web', labels('container'))), []);
  // With a name that podpose gives, or in its pod, whatever its name.
  for (const name of ['web-app', 'web-app_new', 'web-app_updated'])
    assert.deepEqual(owned(row(name, '', image)), [name]);
  for (const name of ['web_files', 'web_files_0123'])
    assert.deepEqual(owned(row(name, '', { ...labels('note'), 'podpose.container': '' })), [name]);
  assert.deepEqual(owned(own, row('renamed-by-hand', 'web', image)), ['web', 'renamed-by-hand']);
});

void test('an empty label of podpose counts as missing', () => {
  const [container] = decodeContainersAndPods(
    JSON.stringify([
      { Id: '1', Names: ['x'], Labels: { 'podpose.init-chain': '', 'podpose.spec': '', theirs: '' } },
    ]),
  ).containers;
  assert.deepEqual(container?.labels, { theirs: '' });
});
