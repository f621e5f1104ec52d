import assert from 'node:assert/strict';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { askAgainAndAgain } from './support/ask-again-and-again.ts';
import { BUSYBOX, TEST_IMAGE, TEST_IMAGE_2 } from './support/images.ts';
import { textAt, at, parse } from './support/json.ts';
import { assertChanged, livePod } from './support/live-pod.ts';

import { fetchText, freePort } from './support/network.ts';
import { exec, podman, thingsOf } from './support/podman.ts';
import { scenario } from './support/scenario.ts';

const WAIT = `[sh, -c, "trap 'exit 0' TERM; sleep 3600 & wait"]`;

/** Two containers that stay as they are, one of which is asked over a published port, and what a scenario adds. */
const podWith = (port: number, containers: string, more = '') => `
  initContainers:
    - { name: init, image: ${BUSYBOX}, command: ["true"] }
  containers:
    - { name: web, image: ${TEST_IMAGE}, ports: [{ containerPort: 8080, hostPort: ${port} }] }
    - { name: aside, image: ${TEST_IMAGE}, env: [{ name: PORT, value: "8081" }] }
${containers}${more}`;

/** One field at a time, from the same beginning, and how the container itself shows that it is so. */
const CHANGES: readonly {
  readonly field: string;
  readonly container: string;
  readonly shows: readonly [command: readonly string[], expected: RegExp];
}[] = [
  {
    field: 'image',
    container: `{ name: app, image: ${TEST_IMAGE_2}, command: ${WAIT} }`,
    shows: [['env'], /^VERSION=2$/m],
  },
  {
    field: 'env',
    container: `{ name: app, image: ${TEST_IMAGE}, command: ${WAIT}, env: [{ name: GREETING, value: bonjour }] }`,
    shows: [['env'], /^GREETING=bonjour$/m],
  },
  {
    field: 'command',
    container: `{ name: app, image: ${TEST_IMAGE}, command: [sh, -c, "trap 'exit 0' TERM; sleep 3601 & wait"] }`,
    shows: [['ps', '-o', 'args'], /sleep 3601$/m],
  },
  {
    field: 'args',
    container: `{ name: app, image: ${TEST_IMAGE}, command: ${WAIT}, args: [changed] }`,
    shows: [['cat', '/proc/1/cmdline'], /changed/],
  },
  {
    field: 'workingDir',
    container: `{ name: app, image: ${TEST_IMAGE}, command: ${WAIT}, workingDir: /etc }`,
    shows: [['readlink', '/proc/1/cwd'], /^\/etc$/m],
  },
  {
    field: 'volumeMounts',
    container: `{ name: app, image: ${TEST_IMAGE}, command: ${WAIT}, volumeMounts: [{ name: notes, mountPath: /notes }] }`,
    shows: [['cat', '/notes/note'], /^noted$/m],
  },
  {
    field: 'securityContext',
    container: `{ name: app, image: ${TEST_IMAGE}, command: ${WAIT}, securityContext: { runAsUser: 4711 } }`,
    shows: [['id', '-u'], /^4711$/m],
  },
  {
    field: 'securityContext.capabilities',
    container: `{ name: app, image: ${TEST_IMAGE}, command: ${WAIT}, securityContext: { capabilities: { drop: [ALL] } } }`,
    shows: [['grep', 'CapBnd', '/proc/1/status'], /:\s*0+$/m],
  },
];

scenario('A changed field of one container replaces that container and no other', async (story) => {
  const { id, directory, step, pod, podpose, ok, after } = story;
  const port = await freePort();
  await mkdir(join(directory, 'notes'));
  await writeFile(join(directory, 'notes', 'note'), 'noted\n');
  const spec = (container: string) =>
    podWith(port, `    - ${container}`, '\n  volumes: [{ name: notes, hostPath: { path: notes } }]');
  await pod(spec(`{ name: app, image: ${TEST_IMAGE}, command: ${WAIT} }`));
  await ok('up', '-d');
  const url = `http://127.0.0.1:${port}/`;
  await fetchText(url);
  const asked = askAgainAndAgain(url);
  after(asked.stop);

  let before = await livePod(id);
  for (const { field, container, shows } of CHANGES) {
    await pod(spec(container));
    await step(
      `${field}: the plan names it, up changes it, and the other containers have not noticed`,
      async () => {
        const plan = await podpose(['plan', '--detailed-exitcode']);
        assert.equal(plan.code, 2, plan.story);
        assert.match(plan.stdout, new RegExp(`^ +${field.replaceAll('.', '\\.')}`, 'm'));
        assert.match(
          plan.stdout,
          /^Plan: 0 to create, 1 container to replace, 0 to update in place, 0 to remove\.$/m,
        );
        await ok('up', '-d');
        const [command, expected] = shows;
        assert.match((await exec(`${id}-app`, ...command)).replaceAll('\0', '\n'), expected);
        const now = await livePod(id);
        assertChanged(before, now, { replaced: ['app'] });
        before = now;
      },
    );
  }
  await step('all the while the other container has answered on the published port', async () => {
    assert.deepEqual(await asked.stop(), { hasAnswered: true, failures: [] });
  });
  await step('there is nothing more than there was', async () => {
    assert.deepEqual(await thingsOf(id), {
      pods: [id],
      containers: ['app', 'aside', 'init', 'web'].map((name) => `${id}-${name}`),
      volumes: [],
      networks: [`podpose-${id}`],
    });
  });
});

scenario(
  'Containers are added, removed, renamed and reordered, and the others stay as they are',
  async (story) => {
    const { id, step, pod, podpose, ok } = story;
    const port = await freePort();
    const app = (name: string, number: number) =>
      `    - { name: ${name}, image: ${TEST_IMAGE}, env: [{ name: PORT, value: "${number}" }] }`;
    const [one, two, other] = [app('one', 9001), app('two', 9002), app('other', 9001)];
    await pod(podWith(port, one));
    await ok('up', '-d');
    let before = await livePod(id);

    const rows = [
      {
        what: 'added',
        containers: [one, two],
        counts: '1 container to create, 0 to replace, 0 to update in place, 0 to remove',
        differences: { added: ['two'] },
      },
      { what: 'reordered', containers: [two, one], counts: undefined, differences: {} },
      {
        what: 'renamed',
        containers: [two, other],
        counts: '1 container to create, 0 to replace, 0 to update in place, 1 container to remove',
        differences: { added: ['other'], removed: ['one'] },
      },
      {
        what: 'removed',
        containers: [other],
        counts: '0 to create, 0 to replace, 0 to update in place, 1 container to remove',
        differences: { removed: ['two'] },
      },
      {
        what: 'added, removed and changed at once',
        // On a port of its own: the old container listens on its own until it has ended.
        containers: [app('other', 9009), app('one', 9003)],
        counts: '1 container to create, 1 container to replace, 0 to update in place, 0 to remove',
        differences: { added: ['one'], replaced: ['other'] },
      },
    ];
    for (const { what, containers, counts, differences } of rows) {
      await pod(podWith(port, containers.join('\n')));
      await step(what, async () => {
        const plan = await podpose(['plan', '--detailed-exitcode']);
        assert.equal(plan.code, counts === undefined ? 0 : 2, plan.story);
        if (counts !== undefined) assert.ok(plan.stdout.includes(`Plan: ${counts}.`), plan.story);
        await ok('up', '-d');
        const now = await livePod(id);
        assertChanged(before, now, differences);
        await fetchText(`http://127.0.0.1:${port}/`);
        before = now;
      });
    }
    await step('in the pod everybody reaches everybody', async () => {
      assert.match(
        await exec(`${id}-aside`, 'wget', '-q', '-O', '-', 'http://127.0.0.1:9009/'),
        /^version: 1$/m,
      );
      assert.match(
        await exec(`${id}-other`, 'wget', '-q', '-O', '-', 'http://127.0.0.1:9003/'),
        /^version: 1$/m,
      );
    });
  },
);

scenario('The containers are replaced that use a tag which means another image by now', async (story) => {
  const { id, directory, step, pod, file, podpose, ok, after } = story;
  const port = await freePort();
  const [image, second] = [`localhost/${id}:1`, `localhost/${id}:2`];
  after(() => podman('rmi', '--force', '--ignore', image, second));
  const build = async (version: string) => {
    await file('Containerfile', `FROM ${TEST_IMAGE}\nENV VERSION=${version}\n`);
    await podman('build', '--quiet', '--tag', image, '--file', join(directory, 'Containerfile'), directory);
    return textAt(parse(await podman('image', 'inspect', image)), 0, 'Id');
  };
  const first = await build('first');
  await pod(podWith(port, `    - { name: app, image: "${image}", env: [{ name: PORT, value: "9001" }] }`));
  await ok('up', '-d');
  const before = await livePod(id);

  await step('a build that comes out the same changes nothing, nor does a second tag', async () => {
    assert.equal(await build('first'), first);
    await podman('tag', image, second);
    await ok('plan', '--detailed-exitcode');
    await ok('up', '-d');
    assert.deepEqual(await livePod(id), before);
  });
  const built = await step(
    'a build that comes out another shows in the plan, with both digests',
    async () => {
      const now = await build('second');
      const plan = await podpose(['plan', '--detailed-exitcode']);
      assert.equal(plan.code, 2, plan.story);
      for (const each of [first, now]) assert.ok(plan.stdout.includes(each.slice(0, 12)), plan.story);
      assert.match(
        plan.stdout,
        /^Plan: 0 to create, 1 container to replace, 0 to update in place, 0 to remove\.$/m,
      );
      return now;
    },
  );
  await step('up replaces that container and no other', async () => {
    await ok('up', '-d');
    const now = await livePod(id);
    assertChanged(before, now, { replaced: ['app'] });
    assert.equal(textAt(parse(await podman('container', 'inspect', `${id}-app`)), 0, 'Image'), built);
    assert.match(await exec(`${id}-app`, 'env'), /^VERSION=second$/m);
    await ok('plan', '--detailed-exitcode');
  });
  await step(
    'another tag of the same image is what the file says now, and so is what podman has',
    async () => {
      await podman('tag', image, second);
      await pod(
        podWith(port, `    - { name: app, image: "${second}", env: [{ name: PORT, value: "9001" }] }`),
      );
      await ok('up', '-d');
      const inspected = parse(await podman('container', 'inspect', `${id}-app`));
      assert.equal(at(inspected, 0, 'ImageName'), second);
      assert.equal(at(inspected, 0, 'Image'), built);
      await ok('plan', '--detailed-exitcode');
    },
  );
});
