import assert from 'node:assert/strict';
import { chmod, mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { BUSYBOX, TEST_IMAGE, TEST_IMAGE_2 } from './support/images.ts';
import { assertChanged, livePod, of } from './support/live-pod.ts';
import { fetchText, freePort, getUntil } from './support/network.ts';
import { containerState, exec, podman, thingsOf } from './support/podman.ts';
import { withoutWatcher } from './support/watchers.ts';
import { assertNothingLeft, assertRefused, podText, scenario } from './support/scenario.ts';

const podWith = (port: number, app: string) => `
  containers:
    - { name: web, image: ${TEST_IMAGE}, ports: [{ containerPort: 8080, hostPort: ${port} }] }
    - { name: app, ${app} }
  volumes: [{ name: tools, hostPath: { path: tools } }]`;

scenario('Where the new container does not start, the old one is back', async (story) => {
  const { id, directory, step, pod, podpose, ok } = story;
  const port = await freePort();
  const tools = join(directory, 'tools');
  await mkdir(tools);
  const wait = `image: ${BUSYBOX}, command: [sh, -c, "trap 'exit 0' TERM; sleep 3600 & wait"]`;
  await pod(podWith(port, wait));
  await ok('up', '-d');
  let before = await livePod(id);
  const isBack = async () => {
    const now = await livePod(id);
    assertChanged(before, now, { restarted: ['app'] });
    await fetchText(`http://127.0.0.1:${port}/`);
    before = now;
  };

  const failures = [
    {
      what: 'a program that is missing',
      app: `image: ${BUSYBOX}, command: [/no/such/program]`,
      said: [/container[ \/]app/, /\/no\/such\/program/],
    },
    {
      what: 'another image, which does not have the program',
      app: `image: ${TEST_IMAGE}, command: [busybox-of-another-image, sh]`,
      said: [/container[ \/]app/, /busybox-of-another-image/],
    },
    {
      what: 'a folder that it cannot work in',
      app: `image: ${BUSYBOX}, workingDir: /bin/sh, command: [sh]`,
      said: [/container[ \/]app/],
    },
  ];
  for (const { what, app, said } of failures)
    await step(`${what}: up says so, and the old one runs again with nothing beside it`, async () => {
      await pod(podWith(port, app));
      assertRefused(await podpose(['up', '-d']), 1, ...said, /^Restored: .*container\/app$/m);
      await isBack();
    });

  await step('an image that cannot be had: nothing has been touched', async () => {
    await pod(podWith(port, 'image: "localhost/no-such-image:1"'));
    assertRefused(await podpose(['up', '-d']), 1, /localhost\/no-such-image:1/);
    assert.deepEqual(await livePod(id), before);
  });
  await step('a container that ends at once is not taken for one that runs', async () => {
    // When podman starts it once more the program is gone, and so it stays down.
    await writeFile(join(tools, 'once'), '#!/bin/sh\nrm /tools/once\nexit 3\n');
    await chmod(join(tools, 'once'), 0o755);
    await pod(
      podWith(
        port,
        `image: ${BUSYBOX}, command: [/tools/once], volumeMounts: [{ name: tools, mountPath: /tools }]`,
      ),
    );
    assertRefused(await podpose(['up', '-d']), 1, /container[ \/]app/, /^Restored/m);
    await isBack();
  });
  await step('with the old file there is nothing to do', async () => {
    await pod(podWith(port, wait));
    await ok('plan', '--detailed-exitcode');
  });
  await step('what was stopped before is not started for it', async () => {
    await withoutWatcher(id, async () => {
      await podman('stop', '--time', '5', `${id}-app`);
      await pod(podWith(port, `image: ${BUSYBOX}, command: [/no/such/program]`));
      const then = await containerState(`${id}-app`);
      assertRefused(await podpose(['up', '-d']), 1, /container[ \/]app/);
      assert.deepEqual(await containerState(`${id}-app`), then);
      assert.deepEqual((await thingsOf(id)).containers, [`${id}-app`, `${id}-web`]);
    });
  });
  await step('a file that is right is applied after all that', async () => {
    await pod(podWith(port, `image: ${TEST_IMAGE_2}, env: [{ name: PORT, value: "8081" }]`));
    await ok('up', '-d');
    const now = await livePod(id);
    assert.equal(of(now, 'app').status, 'running');
    assert.deepEqual(of(now, 'web'), of(before, 'web'));
    assert.match(await exec(`${id}-app`, 'env'), /^VERSION=2$/m);
  });
});

/** As far as a replacement had come when it was cut short: so many of its commands were run. */
const STATES = [
  'nothing done',
  'created',
  'old one stopped',
  'new one started',
  'new one seen',
  'old one removed',
];

const half = (port: number, image: string) => `
  terminationGracePeriodSeconds: 5
  containers:
    - { name: web, image: ${image}, ports: [{ containerPort: 8080, hostPort: ${port} }] }
    - { name: aside, image: ${TEST_IMAGE}, env: [{ name: PORT, value: "8081" }] }`;

for (const verb of ['up', 'down'])
  scenario(`${verb} after a replacement that was cut short, wherever that was`, async (story) => {
    const { id, step, env, file, podpose, ok, startProgram } = story;
    // A watcher does nothing while podpose changes its project, but it does not know of commands that are run by hand.
    env['PODPOSE_WATCH'] = 'off';
    const pods = await Promise.all(
      STATES.map(async (state, count) => ({ state, count, name: `${id}-${count}`, port: await freePort() })),
    );
    const write = (image: string) =>
      file('pod.yaml', pods.map(({ name, port }) => podText(name, half(port, image))).join('---\n'));
    await write(TEST_IMAGE);
    await ok('up', '-d');
    const before = await Promise.all(pods.map(({ name }) => livePod(name)));
    await write(TEST_IMAGE_2);

    const runBeginnings = async () => {
      const { stdout } = await ok('plan', '--format', 'commands');
      const commands = pods.flatMap(({ name, count }) => {
        const own = stdout.split('\n').filter((line) => line.includes(`${name}-web`));
        assert.equal(own.length, STATES.length, stdout);
        return own.slice(0, count);
      });
      const ended = await startProgram('sh', ['-e'], { input: commands.join('\n') }).end;
      assert.equal(ended.code, 0, ended.story);
    };
    await step(
      'the commands of the plan are run by hand, of each pod one more than of the one before',
      runBeginnings,
    );

    if (verb === 'down') {
      await step('down leaves nothing', async () => {
        await ok('down');
        await assertNothingLeft(story);
      });
      return;
    }
    await step('the plan touches that container of each pod and nothing else', async () => {
      const plan = await podpose(['plan', '--detailed-exitcode']);
      assert.equal(plan.code, 2, plan.story);
      assert.doesNotMatch(plan.stdout, /container\/aside/);
      for (const { name } of pods) assert.match(plan.stdout, new RegExp(`pod/${name} `));
    });
    await ok('up', '-d');
    for (const [index, { state, name, port }] of pods.entries())
      await step(
        `${state}: the new one runs under its name, nothing is doubled, the others have not noticed`,
        async () => {
          const [then, now] = [before[index], await livePod(name)];
          assert.ok(then !== undefined);
          assertChanged(then, now, { replaced: ['web'] });
          await getUntil(`http://127.0.0.1:${port}/`, ({ text }) => text.includes('version: 2\n'));
        },
      );
    await step('there is nothing left to do', () => ok('plan', '--detailed-exitcode'));
    await step('the file is changed back after a run that was cut short: the old image is back', async () => {
      const then = await Promise.all(pods.map(({ name }) => livePod(name)));
      await write(TEST_IMAGE);
      await runBeginnings();
      await write(TEST_IMAGE_2);
      await ok('up', '-d');
      for (const [index, { name, port, count }] of pods.entries()) {
        const [was, now] = [then[index], await livePod(name)];
        assert.ok(was !== undefined);
        assert.deepEqual(Object.keys(now.containers), ['aside', 'web']);
        assert.deepEqual(of(now, 'aside'), of(was, 'aside'));
        if (count < STATES.indexOf('old one stopped')) assert.deepEqual(of(now, 'web'), of(was, 'web'));
        await getUntil(`http://127.0.0.1:${port}/`, ({ text }) => text.includes('version: 2\n'));
      }
      await ok('plan', '--detailed-exitcode');
    });
  });
