import assert from 'node:assert/strict';
import { commandClient } from '../../src/podman/client/client.ts';
import { readFileSync } from 'node:fs';
import { join } from 'node:path/posix';
import { test } from 'node:test';
import { observe, observeImages } from '../../src/podman/inspect/observe.ts';
import { observeContainers } from '../../src/podman/inspect/observe-containers.ts';
import { scriptedRunner, type ScriptedCommand, type ScriptedRunner } from '../support/scripted-runner.ts';

/** A podman that prints these lines, by words of the query, and fails if they contain `Error:`. */
function podmanThatSays(answers: Readonly<Record<string, readonly string[]>>): ScriptedRunner {
  return scriptedRunner((command: ScriptedCommand) => {
    const [, lines = []] = Object.entries(answers).find(([words]) => command.line.includes(words)) ?? [];
    const hasFailed = lines.some((line) => line.startsWith('Error:'));
    for (const line of lines) command.print(line, hasFailed ? 'stderr' : 'stdout');
    command.exit(hasFailed ? 125 : 0);
  });
}

function fixture(name: string): readonly string[] {
  return [readFileSync(join(import.meta.dirname, 'fixtures', name), 'utf8')];
}

/** The names of the images in manifests, in the order of the fixture: one line for each, even for the same image. */
const NAMES = [
  'podpose-test:1',
  'docker.io/library/busybox:9@sha256:aba033f0b99c0aa81171bbdccdf7dcf5098034e804da30de38958416ec517d79',
  'localhost/testhttpd',
  'e647acab8b7b',
];

const WELL = {
  'podman ps': fixture('ps-4.3.1.json'),
  'podman image inspect': fixture('images-4.3.1.jsonl'),
  'podman volume ls': fixture('volumes-4.3.1.json'),
  'podman --version': ['podman version 4.3.1'],
};

async function failureOf(answers: Readonly<Record<string, readonly string[]>>) {
  const observed = await observe(commandClient(podmanThatSays({ ...WELL, ...answers }), 'podman'), NAMES);
  assert.ok(!observed.ok);
  const [diagnostic, ...others] = observed.error;
  assert.ok(diagnostic !== undefined && others.length === 0);
  return diagnostic;
}

test('observing takes a few read-only commands', async () => {
  const podman = podmanThatSays(WELL);
  const observed = await observe(commandClient(podman, 'podman'), NAMES);
  assert.ok(observed.ok);
  const { pods, containers, volumes, images } = observed.value;
  assert.deepEqual([pods.length, containers.length, volumes.length, images.length], [2, 4, 1, 3]);
  assert.deepEqual(
    podman.commands.map(({ line }) => line),
    [
      'podman ps --all --pod --no-trunc --format json',
      'podman volume ls --format json',
      `podman image inspect --format {"Id":"{{.Id}}","RepoTags":{{json .RepoTags}},"RepoDigests":{{json .RepoDigests}}} ${NAMES.join(' ')}`,
    ],
  );
});

test('an object removed during a query causes a retry', async () => {
  const gone = 'Error: could not find container 646d pod (id af94) in state: no such pod';
  const failing = (words: string, times: number) => {
    let failures = 0;
    const well = podmanThatSays(WELL);
    return {
      ...well,
      query: (program: string, args: readonly string[]) =>
        args.join(' ').includes(words) && ++failures <= times
          ? Promise.resolve({ kind: 'exited', exitCode: 125, stdout: '', stderr: gone } as const)
          : well.query(program, args),
    };
  };
  const observed = await observe(commandClient(failing('ps --all', 2), 'podman'));
  assert.ok(observed.ok);
  assert.equal(observed.value.containers.length, 4);
  const containers = await observeContainers(commandClient(failing('ps --all', 2), 'podman'), 'demo');
  assert.ok(containers.ok);
  // The number of retries is limited.
  const never = await observe(commandClient(failing('ps --all', Infinity), 'podman'));
  assert.match(
    never.ok ? '' : (never.error[0]?.message ?? ''),
    /a pod or container was removed at the same time/,
  );
});

test('an empty podman', async () => {
  const observed = await observe(commandClient(podmanThatSays({}), 'podman'));
  assert.deepEqual(observed, { ok: true, value: { pods: [], containers: [], volumes: [], images: [] } });
});

test('a missing image is no failure and does not hide the others', async () => {
  const [first = ''] = WELL['podman image inspect'];
  const missing = [
    'error inspecting object: localhost/none:1: image not known',
    'Error: inspecting object: localhost/none:2: image not known',
  ];
  const answering = (stderr: readonly string[]) =>
    scriptedRunner((command) => {
      command.print(first, 'stdout');
      for (const line of stderr) command.print(line, 'stderr');
      command.exit(125);
    });
  const names = ['localhost/none:2', ...NAMES, 'localhost/none:1'];
  const images = await observeImages(commandClient(answering(missing), 'podman'), names);
  assert.equal(images.ok && images.value.length, 3);
  const broken = await observeImages(
    commandClient(answering([...missing, 'Error: database is locked']), 'podman'),
    names,
  );
  assert.ok(!broken.ok);
  // Without relevant names, there is no query.
  const podman = podmanThatSays({});
  assert.deepEqual(await observeImages(commandClient(podman, 'podman'), []), { ok: true, value: [] });
  assert.deepEqual(podman.commands, []);
});

test("an image has the queried names, whatever podman's name", async () => {
  const [first = ''] = WELL['podman image inspect'];
  const digest = `sha256:${'a'.repeat(64)}`;
  // Like podman 5.4.2: only the first line begins with `Error:`, and a digest has no tag.
  const missing = [`quay.io/none@${digest}: image not known`, 'Error: none: image not known'];
  const podman = scriptedRunner((command) => {
    command.print(first, 'stdout');
    for (const line of missing) command.print(line, 'stderr');
    command.exit(125);
  });
  const images = await observeImages(commandClient(podman, 'podman'), [
    'none',
    `quay.io/none:1@${digest}`,
    ...NAMES,
  ]);
  assert.ok(images.ok);
  const idOf = (name: string) => images.value.find(({ names }) => names.includes(name))?.id.slice(0, 4);
  assert.deepEqual(NAMES.map(idOf), ['83e4', 'c1f5', '83e4', 'e647']);
  assert.equal(idOf('none'), undefined);
});

test('ambiguous names are queried one by one', async () => {
  const podman = scriptedRunner((command) => {
    const names = NAMES.filter((name) => command.line.includes(name));
    for (const name of names.slice(0, 1)) command.print(`{"Id":"id of ${name}"}`, 'stdout');
    command.exit(0);
  });
  const images = await observeImages(commandClient(podman, 'podman'), NAMES);
  assert.deepEqual(images, {
    ok: true,
    value: NAMES.map((name) => ({ id: `id of ${name}`, names: [name] })),
  });
});

test('a podman that is too old is reported with its version', async () => {
  const tooOld = await failureOf({
    'podman ps': ['Error: unknown flag: --pod'],
    'podman --version': ['podman version 3.4.4'],
  });
  assert.equal(tooOld.code, 'podman-too-old');
  assert.match(tooOld.message, /podman 3\.4\.4 is too old: podpose needs 4\.3 or newer/);
});

test('a program that is not podman is reported', async () => {
  for (const program of [
    { 'podman ps': ['ps --all --pod'], 'podman --version': ['--version'] },
    { 'podman ps': ['CONTAINER ID   IMAGE'], 'podman --version': ['docker version 27.0.1'] },
    { 'podman image inspect': ['Error: what?'], 'podman --version': [] },
  ])
    assert.equal((await failureOf(program)).code, 'podman-unknown');
});

test('a missing podman', async () => {
  const podman = scriptedRunner((command) => {
    command.end({ kind: 'not-started', reason: 'not-found', message: 'spawn podman ENOENT' });
  });
  const observed = await observe(commandClient(podman, 'podman'));
  assert.ok(!observed.ok);
  assert.equal(observed.error[0]?.code, 'podman-not-found');
});

test('a failing podman is reported with its message', async () => {
  const broken = await failureOf({ 'podman volume ls': ['Error: database is locked'] });
  assert.equal(broken.message, "'podman volume ls --format json' failed: database is locked");
});

test('a truncated answer is a failure and no exception', async () => {
  assert.equal((await failureOf({ 'podman ps': ['[{"Id":"abc","Na'] })).code, 'podman-garbled');
});

test('the containers of one project are queried by its label', async () => {
  const podman = podmanThatSays(WELL);
  const observed = await observeContainers(commandClient(podman, '/opt/podman'), 'demo');
  assert.ok(observed.ok);
  assert.equal(
    podman.commands[0]?.line,
    '/opt/podman ps --all --pod --no-trunc --filter label=podpose.project=demo --format json',
  );
});
