import assert from 'node:assert/strict';
import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { nodeService } from '../../src/cli/node-service.ts';
import { decodeContainersAndPods, decodeImages, decodeVolumes } from '../../src/podman/decode.ts';
import { nodeRunner } from '../../src/podman/node-runner.ts';
import { observeContainers } from '../../src/podman/observe-containers.ts';
import { askVersion, observeImages } from '../../src/podman/observe.ts';
import type { ProcessRunner } from '../../src/podman/process.ts';
import { servedRunner } from '../../src/podman/service/served-runner.ts';
import { eventually } from './support/eventually.ts';
import { BUSYBOX, TEST_IMAGE, TEST_IMAGE_2 } from './support/images.ts';
import { assertChanged, livePod } from './support/live-pod.ts';
import { PODMAN } from './support/podman.ts';
import type { Running } from './support/program.ts';
import { assertNothingLeft, scenario } from './support/scenario.ts';

const TWO = `
  containers:
    - { name: app, image: ${TEST_IMAGE}, volumeMounts: [{ name: data, mountPath: /data }] }
    - { name: aside, image: ${BUSYBOX}, command: [sh, -c, "trap 'exit 0' TERM; sleep 3600 & wait"] }
  volumes: [{ name: data, emptyDir: {} }]`;

scenario('podman as a service answers what its commands print', async (story) => {
  const { id, step, pod, ok, after } = story;
  const settings = { env: process.env };
  const direct = nodeRunner(settings);
  const service = await nodeService({ podman: PODMAN, ...settings });
  after(service.end);
  /** Does everything by the service, and fails where that is not there. */
  const served = servedRunner(
    {
      query: (_, args) => Promise.reject(new Error(`not served: ${args.join(' ')}`)),
      execute: (_, args) => {
        throw new Error(`not served: ${args.join(' ')}`);
      },
      start: direct.start,
    },
    PODMAN,
    service,
    undefined,
  );
  await pod(TWO);
  await ok('up', '-d');
  const both = async <T>(ask: (run: ProcessRunner) => Promise<T>) => {
    const [command, answer] = [await ask(direct), await ask(served)];
    assert.deepEqual(answer, command);
    return answer;
  };

  await step('containers and pods', async () => {
    const found = await both(async (run) => {
      const label = `label=podpose.project=${id}`;
      const { stdout } = await run.query(PODMAN, [
        ...['ps', '--all', '--pod', '--no-trunc', '--filter', label, '--format', 'json'],
      ]);
      const { pods, containers } = decodeContainersAndPods(stdout);
      // The command prints whole seconds.
      return {
        pods,
        containers: containers.map((one) => ({ ...one, createdAt: Math.floor(one.createdAt) })),
      };
    });
    assert.deepEqual(
      found.containers.map(({ name, state }) => [name, state]).sort(),
      [`${id}-app`, `${id}-aside`].map((name) => [name, 'running']),
    );
    assert.equal(found.pods[0]?.infra, 'running');
  });
  await step('volumes', async () => {
    const found = await both(async (run) => {
      const { stdout } = await run.query(PODMAN, ['volume', 'ls', '--format', 'json']);
      return decodeVolumes(stdout).filter(({ name }) => name.startsWith(id));
    });
    assert.deepEqual(
      found.map(({ name }) => name),
      [`${id}-data`],
    );
  });
  await step('images, by full names and by those that are none', async () => {
    const found = await both((run) => observeImages(run, PODMAN, [TEST_IMAGE, 'nowhere/nothing:1', BUSYBOX]));
    assert.ok(found.ok);
    assert.equal(found.value.length, 2);
    const digest = found.value[0]?.names.find((name) => name.includes('@'));
    if (digest !== undefined)
      await both(async (run) =>
        decodeImages(
          (await run.query(PODMAN, ['image', 'inspect', '--format', '{{.Id}}', digest])).stdout
            .split('\n')
            .map((line) => (line.startsWith('{') ? line : JSON.stringify({ Id: line })))
            .join('\n'),
        ).map((image) => image.id),
      );
  });
  await step('which podman it is', () => both((run) => askVersion(run, PODMAN)));

  const app = `${id}-app`;
  const execute = async (runner: ProcessRunner, ...args: readonly string[]) => {
    const lines: string[] = [];
    const end = await runner.execute(PODMAN, args, (line, stream) => {
      if (stream === 'stderr') lines.push(line);
    }).end;
    return { succeeded: end.kind === 'exited' && end.exitCode === 0, lines };
  };
  const done = { succeeded: true, lines: [] };
  const state = async () => {
    const found = await observeContainers(direct, PODMAN, id);
    return found.ok ? found.value.find(({ name }) => name.startsWith(app))?.state : undefined;
  };
  await step('what it does is done', async () => {
    assert.deepEqual(await execute(served, 'top', app, 'pid'), done);
    assert.deepEqual(await execute(served, 'stop', '--time', '5', app), done);
    assert.equal(await state(), 'exited');
    assert.deepEqual(
      await execute(served, 'stop', '--time', '5', app),
      done,
      'what is stopped can be stopped',
    );
    assert.equal((await execute(served, 'top', app, 'pid')).succeeded, false);
    assert.deepEqual(await execute(served, 'start', app), done);
    assert.equal(await state(), 'running');
    assert.deepEqual(await execute(served, 'start', app), done, 'what runs can be started');
    assert.deepEqual(await execute(served, 'rename', app, `${app}-2`), done);
    assert.deepEqual(await execute(served, 'rm', '--force', '--time', '5', `${app}-2`), done);
    assert.equal(await state(), undefined);
  });
  await step('what it cannot do it says in the words of the command', async () => {
    for (const command of [
      ['start', app],
      ['stop', '--time', '1', app],
      ['rename', app, `${app}-2`],
      ['rename', `${id}-aside`, `${id}-aside`],
    ]) {
      const [said, answered] = [await execute(direct, ...command), await execute(served, ...command)];
      assert.equal(answered.succeeded, said.succeeded, command.join(' '));
      // What podman has to say besides stands in its log.
      assert.deepEqual(
        answered.lines,
        said.lines.filter((line) => line.startsWith('Error:')),
        command.join(' '),
      );
    }
  });
});

/** The processes of podman that listen at that socket, or are about to. */
async function servicesAt(socket: string): Promise<readonly number[]> {
  const processes = (await readdir('/proc')).filter((name) => /^\d+$/.test(name));
  const commands = processes.map(async (pid) => {
    const words = (await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '')).split('\0');
    return words.some((word) => word.startsWith('unix://') && word.endsWith(`/${socket}`))
      ? [Number(pid)]
      : [];
  });
  return (await Promise.all(commands)).flat();
}

scenario('podman as a service is there for no longer than podpose', async (story) => {
  const { id, step, pod, ok, start } = story;
  const folder = process.env['XDG_RUNTIME_DIR'] ?? '';
  const socketOf = (output: string) => /unix:\/\/\S+\/(\S+\.sock)/.exec(output)?.[1] ?? assert.fail(output);
  const isGone = (socket: string) =>
    eventually(`the end of the service at ${socket}`, async () => {
      const isThere = (await servicesAt(socket)).length > 0 || (await readdir(folder)).includes(socket);
      return isThere ? undefined : true;
    });
  const said = (up: Running, words: RegExp) =>
    eventually(words.source, () => Promise.resolve(words.test(up.output()) ? true : undefined));

  await pod(TWO);
  await step('it ends with it', async () => {
    await isGone(socketOf((await ok('up', '-d', '-v')).stderr));
  });
  await step('it ends soon after a podpose that is killed', async () => {
    const up = start(['up', '-v']);
    await said(up, /Following the logs/);
    up.kill('SIGKILL');
    await isGone(socketOf((await up.end).stderr));
  });
  await step('where it is killed, podpose goes on with commands', async () => {
    const before = await livePod(id);
    await pod(TWO.replace(TEST_IMAGE, TEST_IMAGE_2));
    const up = start(['up', '-d', '-v', '--progress', 'json']);
    await said(up, /"type":"step-started"/);
    for (const pid of await servicesAt(socketOf(up.output()))) process.kill(pid, 'SIGKILL');
    const ended = await up.end;
    assert.equal(ended.code, 0, ended.story);
    assertChanged(before, await livePod(id), { replaced: ['app'] });
    await ok('plan', '--detailed-exitcode');
  });
  await ok('down');
  await assertNothingLeft(story);
});

scenario('Where podman is no service, all is done by commands', async (story) => {
  const { id, folder, step, pod, podpose } = story;
  const wrapper = join(folder, 'podman-without-service');
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
      assert.equal(/system service/.test(await ok('up', '-d', '-v')), args.length > 0);
      const before = await livePod(id);
      await pod(TWO.replace(TEST_IMAGE, TEST_IMAGE_2));
      await ok('up', '-d');
      assertChanged(before, await livePod(id), { replaced: ['app'] });
      await ok('down');
      await assertNothingLeft(story);
    });
});
