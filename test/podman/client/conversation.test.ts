import assert from 'node:assert/strict';
import { test } from 'node:test';
import { conversationOf, IMAGE_FORMAT, type ServiceAnswer } from '../../../src/podman/client/conversation.ts';

const PS = ['ps', '--all', '--pod', '--no-trunc', '--format', 'json'];

const answer = (status: number, body = ''): ServiceAnswer => ({ status, version: '4.3.1', body });
/** Commands, and what is asked of the service in their place. */
const REQUESTS: readonly (readonly [args: readonly string[], ...requests: string[]])[] = [
  [['--version'], 'GET /_ping'],
  [PS, 'GET /containers/json?all=true&pod=true'],
  [
    ['ps', '--all', '--pod', '--no-trunc', '--filter', 'label=podpose.project=shop', '--format', 'json'],
    'GET /containers/json?all=true&pod=true&filters={"label":["podpose.project=shop"]}',
  ],
  [['volume', 'ls', '--format', 'json'], 'GET /volumes/json'],
  [
    ['image', 'inspect', '--format', IMAGE_FORMAT, 'docker.io/library/nginx:1.27', 'a@sha256:0'],
    'GET /images/docker.io/library/nginx:1.27/json',
    'GET /images/a@sha256:0/json',
  ],
  [
    ['container', 'inspect', 'web-app', 'web-side'],
    'GET /containers/web-app/json',
    'GET /containers/web-side/json',
  ],
  [['rename', 'web-app.new', 'web-app'], 'POST /containers/web-app.new/rename?name=web-app'],
  [['top', 'web-app', 'pid'], 'GET /containers/web-app/json'],
];

for (const [args, ...requests] of REQUESTS)
  test(`podman ${args.join(' ')}`, () => {
    const conversation = conversationOf(args);
    assert.deepEqual(
      conversation?.requests.map(({ method, path }) => `${method} ${decodeURIComponent(path)}`),
      requests,
    );
  });

for (const args of [
  ['run', '--detach', 'busybox'],
  ['create', 'busybox'],
  ['pod', 'rm', '--force', '--time', '5', 'web'],
  ['rm', 'web'],
  ['rm', '--force', '--time', '5', '--volumes', 'web'],
  ['ps', '--all', '--format', 'json'],
  ['volume', 'ls', '--format', '{{.Name}}'],
  ['volume', 'rm', 'web-data'],
  ['image', 'rm', '--format', 'x', 'nginx'],
  ['image', 'inspect', '--format', '{{.Id}}', 'nginx'],
  ['start', 'web'],
  ['stop', '--time', '30', 'web'],
  ['rename', 'web'],
  ['top', 'web'],
])
  test(`podman ${args.join(' ')} is left to podman`, () => {
    assert.equal(conversationOf(args), undefined);
  });

test('what has succeeded prints what the command would', () => {
  const outcome = (args: readonly string[], ...answers: ServiceAnswer[]) =>
    conversationOf(args)?.outcome(answers);
  const printed = (stdout: string) => ({ kind: 'exited', exitCode: 0, stdout, stderr: '' });
  assert.deepEqual(outcome(['--version'], answer(200, 'OK')), printed('podman version 4.3.1'));
  assert.deepEqual(outcome(PS, answer(200, '[]\n')), printed('[]'));
  assert.deepEqual(outcome(['rename', 'a', 'b'], answer(204)), printed(''));
  assert.deepEqual(outcome(['top', 'a', 'pid'], answer(200, '{"State":{"Running":true}}')), printed(''));
});

test('what the service cannot answer the command has to', () => {
  const refused = answer(500, '{"message":"no"}');
  for (const [args] of REQUESTS)
    assert.equal(conversationOf(args)?.outcome([refused, refused]), undefined, args.join(' '));
  assert.equal(conversationOf(['--version'])?.outcome([{ ...answer(200), version: '' }]), undefined);
  for (const state of ['{"State":{"Running":false}}', '{}'])
    assert.equal(conversationOf(['top', 'a', 'pid'])?.outcome([answer(200, state)]), undefined);
});

test('images that are not there do not keep the others from being told of', () => {
  const inspect = conversationOf(['image', 'inspect', '--format', IMAGE_FORMAT, 'a', 'b', 'c']);
  const image = (id: string) =>
    answer(200, JSON.stringify({ Id: id, RepoTags: [`${id}:1`], RepoDigests: null, Size: 7 }));
  const answers = [image('a'), answer(404, '{}'), image('c')];
  const { stdout, stderr } = inspect?.outcome(answers) ?? {};
  assert.equal(
    stdout,
    '{"Id":"a","RepoTags":["a:1"],"RepoDigests":null}\n{"Id":"c","RepoTags":["c:1"],"RepoDigests":null}',
  );
  assert.equal(stderr, 'Error: b: image not known');
});
