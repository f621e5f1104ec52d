import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { readdir, readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { nodeService } from '../../src/platform/node/podman-service.ts';
import { decodeContainersAndPods, decodeVolumes } from '../../src/podman/inspect/decode.ts';
import { nodeRunner } from '../../src/platform/node/process-runner.ts';
import { observeContainers } from '../../src/podman/inspect/observe-containers.ts';
import { askVersion } from '../../src/podman/inspect/ask-version.ts';
import { observeImages } from '../../src/podman/inspect/observe.ts';
import {
  commandClient,
  podmanCommand,
  type PodmanClient,
  type RunnableCommand,
} from '../../src/podman/client/client.ts';
import { askRunning, LIST_VOLUMES, listContainers } from '../../src/podman/client/queries.ts';
import { servedClient } from '../../src/podman/client/served-client.ts';
import { renameChange, startChange } from '../../src/podman/operations/requests/container.ts';
import { eventually } from './support/eventually.ts';
import { BUSYBOX, TEST_IMAGE, TEST_IMAGE_2 } from './support/images.ts';
import { assertChanged, livePod } from './support/live-pod.ts';
import { completeNetwork, PODMAN, podman } from './support/podman.ts';
import { assertNothingLeft, assertRefused, scenario, type Scenario } from './support/scenario.ts';
import { suspend } from './support/watchers.ts';

const TWO = `
  containers:
    - { name: app, image: ${TEST_IMAGE}, volumeMounts: [{ name: data, mountPath: /data }] }
    - { name: aside, image: ${BUSYBOX}, command: [sh, -c, "trap 'exit 0' TERM; sleep 3600 & wait"] }
  volumes: [{ name: data, emptyDir: {} }]`;

/** Where a user has no folder of the login, podman is no service: that is then what is to be seen. */
async function isNone({ step, pod, ok }: Scenario): Promise<boolean> {
  if ((process.env['XDG_RUNTIME_DIR'] ?? '') !== '') return false;
  await pod(TWO);
  await step('there is none without XDG_RUNTIME_DIR', async () => {
    assert.doesNotMatch((await ok('plan', '-v')).stderr, /system service/);
  });
  return true;
}

scenario('podman as a service answers what its commands print', async (story) => {
  const { id, step, pod, ok, after } = story;
  if (await isNone(story)) return;
  const settings = { env: process.env };
  const processes = nodeRunner(settings);
  const direct = commandClient(processes, PODMAN);
  const service = await nodeService(PODMAN, settings.env, 30);
  after(service.abandon);
  /** Does everything by the service, and fails where that is not there. */
  let lost: string | undefined;
  const notServed = ({ args }: { readonly args: readonly string[] }) =>
    Promise.reject(new Error(`not served: ${args.join(' ')} (${lost ?? 'refused'})`));
  const silent: PodmanClient = {
    ...direct,
    query: notServed,
    run: (command) => ({ end: notServed(command), kill: () => undefined }),
  };
  const served = servedClient(silent, service, {
    silent,
    onCommand: () => undefined,
    onLost: (reason) => {
      lost = reason;
    },
  });
  await pod(TWO);
  await ok('up', '-d');
  const both = async <T>(ask: (client: PodmanClient) => Promise<T>) => {
    const [command, answer] = [await ask(direct), await ask(served)];
    assert.deepEqual(answer, command);
    return answer;
  };

  await step('containers and pods', async () => {
    const found = await both(async (client) => {
      const { stdout } = await client.query(listContainers(`podpose.project=${id}`));
      const { pods, containers } = decodeContainersAndPods(stdout);
      // The command prints whole seconds.
      const inSeconds = <T extends { readonly createdAt?: number }>(one: T) => ({
        ...one,
        ...(one.createdAt === undefined ? {} : { createdAt: Math.floor(one.createdAt) }),
      });
      return { pods: pods.map(inSeconds), containers: containers.map(inSeconds) };
    });
    assert.deepEqual(
      found.containers.map(({ name, state }) => [name, state]).sort(),
      [`${id}-app`, `${id}-aside`].map((name) => [name, 'running']),
    );
    assert.equal(found.pods[0]?.infra, 'running');
  });
  await step('volumes', async () => {
    const found = await both(async (client) => {
      const { stdout } = await client.query(LIST_VOLUMES);
      return decodeVolumes(stdout).filter(({ name }) => name.startsWith(id));
    });
    assert.deepEqual(
      found.map(({ name }) => name),
      [`${id}-data`],
    );
  });
  await step('images, by full names and by those that are none', async () => {
    const found = await both((client) => observeImages(client, [TEST_IMAGE, 'nowhere/nothing:1', BUSYBOX]));
    assert.ok(found.ok);
    assert.equal(found.value.length, 2);
    const digests = found.value.flatMap(({ names }) => names.filter((name) => name.includes('@')));
    await both((client) => observeImages(client, digests));
  });
  await step('which podman it is', () => both((client) => askVersion(client)));

  const app = `${id}-app`;
  const execute = async (command: RunnableCommand) => {
    const lines: string[] = [];
    const end = await served.run(command, (line, stream) => {
      if (stream === 'stderr') lines.push(line);
    }).end;
    return { succeeded: end.kind === 'exited' && end.exitCode === 0, lines };
  };
  const rename = (from: string, to: string): RunnableCommand => ({
    ...podmanCommand('rename', from, to),
    stages: [[renameChange(from, to)]],
  });
  const isRunning = (name: string): RunnableCommand => ({
    ...podmanCommand('top', name, 'pid'),
    api: askRunning(name).api,
  });
  const done = { succeeded: true, lines: [] };
  const state = async (called: string) => {
    const found = await observeContainers(direct, id);
    return found.ok ? found.value.find(({ name }) => name === called)?.state : undefined;
  };
  await step('what runs is seen, and what is renamed has its name', async () => {
    assert.deepEqual(await execute(isRunning(app)), done);
    assert.deepEqual(await execute(rename(app, `${app}-2`)), done);
    assert.equal(await state(`${app}-2`), 'running');
    await podman('stop', '--time', '5', `${app}-2`);
  });
  await step("a change that it refuses fails with podman's error", async () => {
    const name = `${app}-none`;
    const start = podmanCommand('start', name);
    const { succeeded, lines } = await execute({ ...start, stages: [[startChange(name, start, PODMAN)]] });
    assert.equal(succeeded, false);
    assert.match(lines.join('\n'), /^Error: .*no such container/);
  });
  await step('what it cannot do is left to the command', async () => {
    for (const command of [rename(app, `${app}-3`), isRunning(`${app}-2`)])
      await assert.rejects(execute(command), /not served/, command.args.join(' '));
  });
});

/** The processes of podman that listen at that socket, or are about to. */
async function servicesAt(socket: string): Promise<readonly number[]> {
  const processes = (await readdir('/proc')).filter((name) => /^\d+$/.test(name));
  const commands = processes.map(async (pid) => {
    const words = (await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '')).split('\0');
    return words.some((word) => word === `unix://${socket}`) ? [Number(pid)] : [];
  });
  return (await Promise.all(commands)).flat();
}

/** Where the service listens that a run says it has started; undefined where it has started none. */
function socketOf(output: string): string | undefined {
  return /system service --time \d+ unix:\/\/(\S+)/.exec(output)?.[1];
}

scenario('podman as a service serves several runs, and ends by itself', async (story) => {
  const { id, step, pod, podpose, start } = story;
  if (await isNone(story)) return;
  await pod(TWO);
  // Nobody else's, whom it would be taken from.
  // A watcher would use it, too, and keep it.
  const env = { PODPOSE_SERVICE: '6', PODPOSE_TEST: id, PODPOSE_WATCH: 'off' };
  const ok = async (...args: readonly string[]) => {
    const ended = await podpose(args, { env });
    assert.equal(ended.code, 0, ended.story);
    return ended.stderr;
  };
  const socket = await step('the first run starts it', async () => {
    const found = socketOf(await ok('up', '-d', '-v')) ?? assert.fail('it was not started');
    assert.equal((await servicesAt(found)).length, 1);
    assert.equal((await stat(found)).mode & 0o077, 0, 'nobody else may speak to it');
    return found;
  });
  await step('the next one uses it', async () => {
    const before = await servicesAt(socket);
    assert.equal(socketOf(await ok('plan', '-v')), undefined);
    assert.deepEqual(await servicesAt(socket), before);
  });
  await step('several that begin at once, each of which may start it, are all served', async () => {
    for (const pid of await servicesAt(socket)) process.kill(pid, 'SIGKILL');
    await Promise.all([ok('plan'), ok('plan'), ok('plan')]);
    // Each of two would remove the socket of the other at its end.
    assert.equal((await servicesAt(socket)).length, 1);
    assert.equal(socketOf(await ok('plan', '-v')), undefined);
  });
  await step('another environment has another one', async () => {
    const ended = await podpose(['plan', '-v'], { env: { ...env, CONTAINERS_CONF_OVERRIDE: '/nowhere' } });
    assert.notEqual(socketOf(ended.stderr) ?? socket, socket);
  });
  await step('nobody asks, and it ends', () =>
    eventually('the end of the service', async () => {
      const isThere = (await servicesAt(socket)).length > 0 || existsSync(socket);
      return isThere ? undefined : true;
    }),
  );
  await step('a service that hangs is done without', async () => {
    await ok('plan');
    const hanging = await servicesAt(socket);
    assert.equal(hanging.length, 1);
    await suspend(hanging);
    const ended = await podpose(['plan', '--detailed-exitcode'], { env });
    for (const pid of hanging) process.kill(pid, 'SIGKILL');
    assert.equal(ended.code, 0, ended.story);
    assert.ok(ended.milliseconds < 30_000, ended.story);
  });
  await step('where it is killed, podpose goes on with commands', async () => {
    const before = await livePod(id);
    await pod(TWO.replace(TEST_IMAGE, TEST_IMAGE_2));
    const up = start(['up', '-d', '-v', '--progress', 'json'], { env });
    await eventually('the first step', () =>
      Promise.resolve(/"type":"step-started"/.test(up.output()) ? true : undefined),
    );
    for (const pid of await servicesAt(socket)) process.kill(pid, 'SIGKILL');
    const ended = await up.end;
    // Where the kill damages what podman starts, the old container is back, and the next up replaces it.
    if (ended.code !== 0) await ok('up', '-d');
    assertChanged(before, await livePod(id), { replaced: ['app'] });
    assert.equal((await podpose(['plan', '--detailed-exitcode'], { env })).code, 0);
  });
  for (const steps of [1, 3, 5])
    await step(
      `killed after ${steps} steps of a new pod, commands or the next up create the rest`,
      async () => {
        await ok('down');
        const up = start(['up', '-d', '--progress', 'json'], { env });
        await eventually(`step ${steps}`, () =>
          Promise.resolve(up.output().split('"type":"step-started"').length > steps ? true : undefined),
        );
        for (const pid of await servicesAt(socket)) process.kill(pid, 'SIGKILL');
        const ended = await up.end;
        await completeNetwork();
        // podman crashes on what is left of an infra container whose start was killed: it is then created anew.
        if (ended.code !== 0) await ok('up', '-d');
        assert.equal((await podpose(['plan', '--detailed-exitcode'], { env })).code, 0);
      },
    );
  await ok('down');
  await assertNothingLeft(story);
});

scenario('Where podman is no service, all is done by commands', async (story) => {
  const { id, directory, step, pod, podpose } = story;
  const wrapper = join(directory, 'podman-without-service');
  const refusal = 'if [ "$1" = system ]; then echo "Error: unrecognized command" >&2; exit 125; fi';
  await writeFile(wrapper, `#!/bin/sh\n${refusal}\nexec ${PODMAN} "$@"\n`, { mode: 0o755 });
  const ways: readonly (readonly [what: string, args: readonly string[], env: NodeJS.ProcessEnv])[] = [
    ['podman knows of none', ['--podman', wrapper], {}],
    ['it is not wanted', [], { PODPOSE_SERVICE: 'off' }],
  ];
  for (const [what, args, env] of ways)
    await step(what, async () => {
      const ok = async (...words: readonly string[]) => {
        const ended = await podpose([...args, ...words], { env });
        assert.equal(ended.code, 0, ended.story);
        return ended.stderr;
      };
      await pod(TWO);
      const isTried = args.length > 0 && (process.env['XDG_RUNTIME_DIR'] ?? '') !== '';
      assert.equal(/system service/.test(await ok('up', '-d', '-v')), isTried);
      const before = await livePod(id);
      await pod(TWO.replace(TEST_IMAGE, TEST_IMAGE_2));
      await ok('up', '-d');
      assertChanged(before, await livePod(id), { replaced: ['app'] });
      await ok('down');
      await assertNothingLeft(story);
    });
});

scenario('With the runtime directory of another user podpose says so', async ({ id, pod, step, podpose }) => {
  await pod(TWO);
  // As after `su`: it is root's, and podman answers nothing, in other words in each version.
  for (const args of [['up', '-d'], ['ps', '-p', id], ['down']])
    await step(args.join(' '), async () => {
      const ended = await podpose(args, { env: { XDG_RUNTIME_DIR: '/root' } });
      const words = /^error: podman cannot use XDG_RUNTIME_DIR: \/root belongs to another user \(uid 0\)/m;
      assertRefused(ended, 1, words, /export XDG_RUNTIME_DIR=\/run\/user\/\d+/);
    });
});
