import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { ApiResponse } from '../../../src/platform/service.ts';
import type { Query } from '../../../src/podman/client/client.ts';
import type { ApiCall } from '../../../src/podman/client/api-call.ts';
import {
  ASK_VERSION,
  inspectContainers,
  inspectImages,
  LIST_VOLUMES,
  listContainers,
  askRunning,
  askSandboxes,
} from '../../../src/podman/client/queries.ts';

const response = (status: number, body = ''): ApiResponse => ({ status, version: '4.3.1', body });
function callOf({ api }: Query): ApiCall {
  assert.ok(api);
  return api;
}

const printed = (stdout: string) => ({ kind: 'exited', exitCode: 0, stdout, stderr: '' });

/** Calls by their results, and their requests. */
const CALLS: readonly (readonly [name: string, call: ApiCall, ...requests: string[]])[] = [
  ['the version', callOf(ASK_VERSION), 'GET /_ping'],
  ['all containers', callOf(listContainers()), 'GET /containers/json?all=true&pod=true'],
  [
    'the containers with a label',
    callOf(listContainers('podpose.project=shop')),
    'GET /containers/json?all=true&pod=true&filters={"label":["podpose.project=shop"]}',
  ],
  [
    'the infra containers of some pods, without a question about their status',
    callOf(askSandboxes('podpose.project=shop', ['web-1', 'web-svc'])),
    'GET /containers/json?pod=true&filters={"label":["podpose.project=shop"],"pod":["web-1","web-svc"]}',
  ],
  ['all volumes', callOf(LIST_VOLUMES), 'GET /volumes/json'],
  [
    'images by their names',
    callOf(inspectImages(['docker.io/library/nginx:1.27', 'a@sha256:0'])),
    'GET /images/docker.io/library/nginx:1.27/json',
    'GET /images/a@sha256:0/json',
  ],
  [
    'containers by their names',
    callOf(inspectContainers(['web-app', 'web-side'])),
    'GET /containers/web-app/json',
    'GET /containers/web-side/json',
  ],
  ['whether a container runs', askRunning('web-app').api, 'GET /containers/web-app/json'],
];

for (const [name, call, ...requests] of CALLS)
  test(`${name}: the requests, and the command if they are rejected`, () => {
    assert.deepEqual(
      call.requests.map(({ method, path }) => `${method} ${decodeURIComponent(path)}`),
      requests,
    );
    const refused = response(500, '{"message":"no"}');
    assert.equal(call.outcome([refused, refused]), undefined);
  });

test('a successful request gives the output of the command', () => {
  assert.deepEqual(ASK_VERSION.api?.outcome([response(200, 'OK')]), printed('podman version 4.3.1'));
  assert.deepEqual(listContainers().api?.outcome([response(200, '[]\n')]), printed('[]'));
  assert.deepEqual(askRunning('a').api.outcome([response(200, '{"State":{"Running":true}}')]), printed(''));
});

test('the command runs if the service cannot answer', () => {
  assert.equal(ASK_VERSION.api?.outcome([{ ...response(200), version: '' }]), undefined);
  for (const state of ['{"State":{"Running":false}}', '{}'])
    assert.equal(askRunning('a').api.outcome([response(200, state)]), undefined);
});

test('missing images do not hide the others', () => {
  const image = (id: string) =>
    response(200, JSON.stringify({ Id: id, RepoTags: [`${id}:1`], RepoDigests: null, Size: 7 }));
  const responses = [image('a'), response(404, '{}'), image('c')];
  const { stdout, stderr } = inspectImages(['a', 'b', 'c']).api?.outcome(responses) ?? {};
  assert.equal(
    stdout,
    '{"Id":"a","RepoTags":["a:1"],"RepoDigests":null}\n{"Id":"c","RepoTags":["c:1"],"RepoDigests":null}',
  );
  assert.equal(stderr, 'Error: b: image not known');
});
