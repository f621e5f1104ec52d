import assert from 'node:assert/strict';
import { existsSync, rmSync, writeFileSync } from 'node:fs';
import { chown } from 'node:fs/promises';
import { createServer } from 'node:http';
import { describe, test } from 'node:test';
import { fakePodman } from '../fake-podman/control.ts';
import type { Rule } from '../fake-podman/model.ts';
import { start } from '../e2e/support/program.ts';
import { assertEnded, HAS_IMAGE, IMAGE, pod, SIDE_BY_SIDE, story, until, type Desk } from './support.ts';

/*
 * podman as a service fails in every way that it can: podpose goes on with commands, says so once with -v, and does nothing
 * twice. All other stories of the command line go by requests as well.
 */

const ONE = pod('one', `  containers: [{name: app, image: '${IMAGE}', env: [{name: A, value: '1'}]}]`);
const TWO = ONE.replace("value: '1'", "value: '2'");

/** What is reported with -v where requests are given up, each with its reason. */
function reportsOf(stderr: string): readonly string[] {
  return [...stderr.matchAll(/^Running commands instead of requests: (.*)\.$/gm)].map(([, why = '']) => why);
}

/** Replaces the container of a pod; gives what is reported of the service. */
async function replace(desk: Desk): Promise<readonly string[]> {
  desk.file('pod.yaml', TWO);
  desk.fake.forgetCommands();
  const ended = await desk.podpose('up', '-d', '-v');
  assertEnded(ended, 0);
  assert.deepEqual(desk.fake.things(), { pods: ['one'], containers: ['one-app'], volumes: [] });
  assert.deepEqual(desk.fake.container('one-app')?.flags['env'], ['A=2']);
  assert.equal(desk.fake.container('one-app')?.state, 'running');
  const done = (command: string) =>
    desk.fake.commands().filter(({ args, exitCode }) => args[0] === command && exitCode === 0);
  for (const command of ['create', 'stop', 'start']) assert.ok(done(command).length <= 1, ended.story);
  const renames = done('rename').map(({ line }) => line);
  assert.equal(new Set(renames).size, renames.length, ended.story);
  desk.fake.set({ rules: [] });
  assertEnded(await desk.podpose('plan', '--detailed-exitcode'), 0);
  return reportsOf(ended.stderr);
}

const LIST = { match: '^ps', by: 'request' } as const;
const RENAME = { match: '^rename', by: 'request' } as const;
const GONE = /did not answer .*\((?:socket hang up|aborted|.*ECONN.*|.*ENOENT.*|.*EPIPE.*)\)$/;

const FAILURES: readonly (readonly [what: string, rule: Rule, reason: RegExp])[] = [
  ['breaks off in the middle of an answer', { ...LIST, breaks: 'answer' }, GONE],
  ['ends before an answer', { ...LIST, breaks: 'service' }, GONE],
  [
    'ends between the requests of one look',
    { match: '^volume ls', by: 'request', delayMs: 100, breaks: 'service' },
    GONE,
  ],
  [
    'answers one of the requests with 500',
    { match: '^volume ls', by: 'request', exitCode: 125, stderr: 'Error: database is locked\n' },
    /answered GET \/volumes\/json with status 500$/,
  ],
  [
    'answers what is no JSON',
    { ...LIST, exitCode: 0, stdout: '[{"Id": ' },
    /answered GET \/containers\/json with unexpected JSON$/,
  ],
  [
    'answers with JSON of another form',
    { ...LIST, exitCode: 0, stdout: '{"containers": []}' },
    /answered GET \/containers\/json with unexpected JSON$/,
  ],
  ['ends before it renames', { ...RENAME, breaks: 'service' }, GONE],
  ['ends after it has renamed', { ...RENAME, when: 'after', breaks: 'service' }, GONE],
  ['breaks off after it has renamed', { ...RENAME, when: 'after', breaks: 'answer' }, GONE],
];

void describe('a service that fails', SIDE_BY_SIDE, () => {
  for (const [what, rule, reason] of FAILURES)
    story(
      `a service that ${what}: commands replace it, and no change is repeated`,
      HAS_IMAGE,
      async (desk) => {
        desk.file('pod.yaml', ONE);
        assertEnded(await desk.podpose('up', '-d'), 0);
        desk.fake.set({ rules: [rule] });
        const reports = await replace(desk);
        assert.equal(reports.length, 1, reports.join('\n'));
        assert.match(reports[0] ?? '', reason);
      },
    );

  story(
    'a service that fails after it has renamed: the command explains, and podpose plans again',
    HAS_IMAGE,
    async (desk) => {
      desk.file('pod.yaml', ONE);
      assertEnded(await desk.podpose('up', '-d'), 0);
      const rule = { ...RENAME, when: 'after', exitCode: 125, stderr: 'Error: something broke\n' } as const;
      desk.fake.set({ rules: [rule] });
      assert.deepEqual(await replace(desk), []);
    },
  );

  story('a podman that cannot be a service', HAS_IMAGE, async (desk) => {
    const refuses = { match: '^system service', exitCode: 125, stderr: 'Error: unrecognized command\n' };
    desk.fake.set({ rules: [refuses] });
    desk.file('pod.yaml', ONE);
    assertEnded(await desk.podpose('up', '-d'), 0);
    desk.fake.set({ rules: [refuses] });
    assert.deepEqual(await replace(desk), ["podman's service is not running"]);
  });

  story('something else listens on the socket', HAS_IMAGE, async (desk, t) => {
    desk.file('pod.yaml', ONE);
    assertEnded(await desk.podpose('up', '-d'), 0);
    const [service] = desk.fake.services();
    assert.ok(service !== undefined);
    const { socket, pid } = service;
    const plan = async () => {
      const ended = await desk.podpose('plan', '-v', '--detailed-exitcode');
      assertEnded(ended, 0);
      return reportsOf(ended.stderr);
    };
    process.kill(pid, 'SIGKILL');
    await until('the service has ended', () => !service.isAlive());
    rmSync(socket, { force: true });

    writeFileSync(socket, '');
    assert.deepEqual(await plan(), [`${socket} has the wrong file type`]);
    rmSync(socket);

    const foreign = createServer((_, response) => response.end('hello'));
    await new Promise<void>((resolve) => foreign.listen(socket, resolve));
    t.after(() => foreign.close());
    const [other = ''] = await plan();
    assert.match(other, /^podman's service answered GET \/\S+ unlike podman$/);
    // Only root can give a socket away.
    if (process.getuid?.() === 0) {
      await chown(socket, 12345, 12345);
      assert.deepEqual(await plan(), [`${socket} belongs to another user (uid 12345)`]);
    }
    assert.equal(desk.fake.services().length, 1, 'another one was started');
  });
});

void describe('the service of the fake podman', SIDE_BY_SIDE, () => {
  story('-v shows the equivalent command of each request once', HAS_IMAGE, async (desk) => {
    desk.file('pod.yaml', ONE);
    for (const text of [ONE, TWO]) {
      desk.file('pod.yaml', text);
      desk.fake.forgetCommands();
      const { stderr } = await desk.podpose('up', '-d', '-v');
      const shown = [...stderr.matchAll(/^\$ podman (.*)$/gm)].map(([, line = '']) => line);
      const count = (lines: readonly string[]) =>
        ['--version', 'ps ', 'volume ls ', 'image inspect ', 'rename '].map(
          (verb) => lines.filter((line) => line.startsWith(verb)).length,
        );
      const requests = desk.fake.commands().filter(({ asked }) => asked !== undefined);
      assert.ok(requests.length >= 4, stderr);
      assert.deepEqual(count(shown), count(desk.fake.commands().map(({ line }) => line)), stderr);
    }
  });

  story('it serves the next run, ends when idle, and leaves no socket', HAS_IMAGE, async (desk) => {
    desk.file('pod.yaml', ONE);
    // Longer than a busy machine may take from one run to the next.
    const env = { PODPOSE_SERVICE: '8' };
    assertEnded(await desk.run(['up', '-d'], { env }), 0);
    assertEnded(await desk.run(['plan', '--detailed-exitcode'], { env }), 0);
    const [service, ...others] = desk.fake.services();
    assert.ok(service !== undefined);
    assert.deepEqual(others, []);
    await until('its end', () => !service.isAlive());
    assert.ok(!existsSync(service.socket));
  });

  void test('the fake podman leaves no processes', async () => {
    const fake = await fakePodman({ rules: [{ match: '^ps', delayMs: 60_000 }] });
    const env = { ...process.env, ...fake.env };
    const socket = `${fake.env.FAKE_PODMAN_DIR}/s`;
    const program = `${fake.bin}/podman`;
    const service = start(program, ['system', 'service', '--time', '60', `unix://${socket}`], { env });
    const ps = start(program, ['ps', '--all', '--format', 'json'], { env });
    await until('both are at work', () => existsSync(socket) && fake.commands().length === 1);
    fake.remove();
    assert.deepEqual([(await service.end).signal, (await ps.end).signal], ['SIGKILL', 'SIGKILL']);
  });
});
