import assert from 'node:assert/strict';
import { mkdir, unlink } from 'node:fs/promises';
import { join } from 'node:path';
import { BUSYBOX, TEST_IMAGE, TEST_IMAGE_2 } from './support/images.ts';
import { fetchText, freePort, getUntil, isFree } from './support/network.ts';
import { containerState, NOTHING, podman, PODMAN, thingsOf } from './support/podman.ts';
import { assertNothingLeft, assertRefused, podText, scenario } from './support/scenario.ts';

/** What may be asked of podman without changing anything. */
const LOOKING =
  /^(system service|ps|images|volume ls|pod ps|version|info|(container|image|pod|volume) inspect)( |$)/;

const withInit = (port: number, image = TEST_IMAGE) => `
  initContainers:
    - { name: init, image: ${BUSYBOX}, command: [sh, -c, date > /data/when], volumeMounts: [{ name: data, mountPath: /data }] }
  containers:
    - name: web
      image: ${image}
      ports: [{ containerPort: 8080, hostPort: ${port} }]
    - { name: other, image: ${TEST_IMAGE}, env: [{ name: PORT, value: "8081" }] }
  volumes: [{ name: data }]`;

scenario('up on a pod that is as the file says does nothing', async (story) => {
  const { id, step, pod, ok } = story;
  await pod(withInit(await freePort()));
  await ok('up', '-d');
  const containers = ['init', 'web', 'other'].map((name) => `${id}-${name}`);
  const states = () => Promise.all(containers.map(containerState));

  const before = await states();
  const again = await ok('up', '-d', '--verbose');
  await step('ids, start times and process ids are the same', async () => {
    assert.deepEqual(await states(), before);
  });
  await step('podman was only looked at', () => {
    const commands = [...again.stderr.matchAll(/^\$ \S*podman (.*)$/gm)].map(([, args = '']) => args);
    assert.ok(commands.length >= 1 && commands.length <= 4, again.stderr);
    for (const command of commands) assert.match(command, LOOKING);
  });
  await step('plan says so, too', async () => {
    await ok('plan', '--detailed-exitcode');
  });
});

scenario('A changed container is replaced, and the others are left alone', async (story) => {
  const { id, step, pod, podpose, ok } = story;
  const port = await freePort();
  await pod(withInit(port));
  await ok('up', '-d');
  const isVersion = (version: string) =>
    getUntil(`http://127.0.0.1:${port}/`, ({ text }) => text.includes(`version: ${version}\n`));
  await step('version 1 answers', () => isVersion('1'));

  const others = () => Promise.all([`${id}-init`, `${id}-other`].map(containerState));
  const before = await others();
  await pod(withInit(port, TEST_IMAGE_2));
  await step('plan shows the field that differs, and touches nothing', async () => {
    const plan = await podpose(['plan', '--detailed-exitcode']);
    assert.equal(plan.code, 2, plan.story);
    assert.match(plan.stdout, /image: .*podpose-test:1.* -> .*podpose-test:2/);
    await isVersion('1');
  });
  await step('after up version 2 answers on the same port', async () => {
    await ok('up', '-d');
    await isVersion('2');
  });
  await step('the other containers have not noticed', async () => {
    assert.deepEqual(await others(), before);
  });
  await step('there is nothing more than there was', async () => {
    assert.deepEqual(await thingsOf(id), {
      pods: [id],
      containers: [`${id}-init`, `${id}-other`, `${id}-web`],
      volumes: [`${id}-data`],
      networks: [`podpose-${id}`],
    });
  });
});

scenario('A changed pod is made anew, and its init containers run again', async (story) => {
  const { id, step, pod, ok } = story;
  const [before, after] = [await freePort(), await freePort()];
  await pod(withInit(before));
  await ok('up', '-d');
  const init = await containerState(`${id}-init`);
  await pod(`  hostname: renamed\n${withInit(after)}`);
  await step('it answers on its new port, with its new host name', async () => {
    await ok('up', '-d');
    assert.match(await fetchText(`http://127.0.0.1:${after}/`), /^hostname: renamed$/m);
  });
  await step('the old port is free', async () => {
    assert.ok(await isFree(before));
  });
  await step('the init container has run anew, before the app', async () => {
    const [initNow, web] = await Promise.all([containerState(`${id}-init`), containerState(`${id}-web`)]);
    assert.notEqual(initNow.id, init.id);
    assert.ok(initNow.finishedAt <= web.startedAt);
  });
  await step('there is nothing more than there was', async () => {
    assert.deepEqual(await thingsOf(id), {
      pods: [id],
      containers: [`${id}-init`, `${id}-other`, `${id}-web`],
      volumes: [`${id}-data`],
      networks: [`podpose-${id}`],
    });
  });
});

scenario('up --dry-run shows the plan and does nothing', async (story) => {
  const { step, pod, ok } = story;
  await pod(withInit(await freePort()));
  await step('it prints what it would make', async () => {
    assert.match((await ok('up', '--dry-run')).stdout, /^Plan: 1 network, 1 pod and 3 containers to create/m);
  });
  await step('and has made nothing', () => assertNothingLeft(story));
});

scenario('After a failure half-way the same command goes on', async (story) => {
  const { id, directory, step, pod, podpose, ok } = story;
  await mkdir(join(directory, 'bin'));
  await pod(`
  containers:
    - { name: good, image: ${TEST_IMAGE} }
    - name: bad
      image: ${BUSYBOX}
      command: [/tools/serve]
      volumeMounts: [{ name: tools, mountPath: /tools }]
  volumes:
    - name: tools
      hostPath: { path: bin }`);

  const good = await step(
    'up fails where a program is missing, and says which and what was made',
    async () => {
      const ended = await podpose(['up', '-d']);
      assertRefused(ended, 1, /container\/bad/, /\/tools\/serve/, new RegExp(`${id} container/good`));
      const state = await containerState(`${id}-good`);
      assert.equal(state.status, 'running');
      return state;
    },
  );
  await step(
    'with the program in its place, the same command starts what was missing and leaves the rest',
    async () => {
      const script = "#!/bin/sh\\ntrap 'exit 0' TERM\\nsleep 3600 &\\nwait\\n";
      await podman(
        'unshare',
        'sh',
        '-c',
        `printf "${script}" > ${directory}/bin/serve; chmod 755 ${directory}/bin/serve`,
      );
      await ok('up', '-d');
      assert.equal((await containerState(`${id}-bad`)).status, 'running');
      assert.deepEqual(await containerState(`${id}-good`), good);
    },
  );
  await step('down removes it all', async () => {
    await ok('down');
    await assertNothingLeft(story);
  });
});

scenario('A pod that podpose did not make is refused and left alone', async (story) => {
  const { id, step, pod, podpose, ok } = story;
  await podman('pod', 'create', '--name', id);
  await podman('run', '-d', '--pod', id, '--name', `${id}-mine`, TEST_IMAGE);
  const before = await containerState(`${id}-mine`);
  await pod(withInit(await freePort()));
  await step('up refuses it by its name', async () => {
    assertRefused(await podpose(['up', '-d']), 1, new RegExp(id));
  });
  await step('--force-recreate does so, too', async () => {
    assertRefused(await podpose(['up', '-d', '--force-recreate']), 1, new RegExp(id));
  });
  await step('down does not see it', () => ok('down'));
  await step('it runs on as it did', async () => {
    assert.deepEqual(await containerState(`${id}-mine`), before);
    assert.deepEqual(await thingsOf(id), { ...NOTHING, pods: [id], containers: [`${id}-mine`] });
  });
});

scenario('A container or volume that podpose did not make is refused and left alone', async (story) => {
  const { id, step, pod, podpose } = story;
  await podman('run', '-d', '--name', `${id}-web`, TEST_IMAGE);
  await podman('volume', 'create', `${id}-data`);
  const before = await containerState(`${id}-web`);
  await pod(withInit(await freePort()));
  await step('up refuses, and names both', async () => {
    assertRefused(await podpose(['up', '-d']), 1, new RegExp(`${id}-web`), new RegExp(`${id}-data`));
  });
  await step('both are as they were, and nothing is beside them', async () => {
    assert.deepEqual(await containerState(`${id}-web`), before);
    assert.deepEqual(await thingsOf(id), { ...NOTHING, containers: [`${id}-web`], volumes: [`${id}-data`] });
  });
});

scenario('A pod of another project is refused', async (story) => {
  const { id, step, pod, podpose, ok } = story;
  await pod(withInit(await freePort()));
  await ok('up', '-d');
  const before = await containerState(`${id}-web`);
  await step('up for another project names the one that has it', async () => {
    assertRefused(await podpose(['-p', `${id}-other`, 'up', '-d']), 1, new RegExp(`'?${id}'?`));
  });
  await step('down of another project leaves it', async () => {
    await ok('-p', `${id}-other`, 'down');
    assert.deepEqual(await containerState(`${id}-web`), before);
  });
});

scenario('The commands of the plan, pasted into a shell, bring the same pod up', async (story) => {
  const { id, directory, step, pod, ok, startProgram } = story;
  const port = await freePort();
  await mkdir(join(directory, 'shared'));
  await pod(`
  terminationGracePeriodSeconds: 5
  hostname: pasted
  shareProcessNamespace: true
  initContainers:
    - name: first
      image: ${BUSYBOX}
      command: [sh, -c, "echo \\"it's $0 \\\\\\"quoted\\\\\\"\\" > /memory/note", $$HOME]
      volumeMounts: [{ name: memory, mountPath: /memory }]
    - name: second
      image: ${BUSYBOX}
      command: [cp, /memory/note, /data/part/]
      volumeMounts: [{ name: memory, mountPath: /memory }, { name: data, mountPath: /data/part, subPath: part }]
  containers:
    - name: web
      image: ${TEST_IMAGE}
      args: ["two words", "*"]
      env: [{ name: GREETING, value: "it's \\"mine\\" $HOME\\nsecond line" }]
      securityContext: { runAsGroup: 4712, capabilities: { drop: [ALL] } }
      ports: [{ containerPort: 8080, hostPort: ${port} }]
      volumeMounts: [{ name: data, mountPath: /data, readOnly: true }, { name: new, mountPath: /new }]
  volumes:
    - { name: data }
    - { name: memory, emptyDir: { medium: Memory, sizeLimit: 1Mi } }
    - { name: new, hostPath: { path: shared/new folder, type: DirectoryOrCreate } }`);

  const commands = await step('plan prints commands and runs none', async () => {
    const { stdout } = await ok('plan', '--format', 'commands');
    await assertNothingLeft(story);
    return stdout;
  });
  await step('a shell runs them without an error', async () => {
    const ended = await startProgram('sh', ['-e'], { input: commands }).end;
    assert.equal(ended.code, 0, `${commands}\n${ended.story}`);
  });
  await step('the pod answers', async () => {
    const text = await fetchText(`http://127.0.0.1:${port}/`);
    assert.match(text, /^args: entrypoint two words \*$/m);
    assert.match(text, /^user: 1000:4712$/m);
    assert.match(text, /^greeting: it's "mine" \$HOME\nsecond line$/m);
    assert.match(text, /^hostname: pasted$/m);
  });
  await step('up finds nothing to do', async () => {
    await ok('plan', '--detailed-exitcode');
    const before = await containerState(`${id}-web`);
    await ok('up', '-d');
    assert.deepEqual(await containerState(`${id}-web`), before);
  });
  await step('once it is there, the plan has no commands', async () => {
    assert.doesNotMatch((await ok('plan', '--format', 'commands')).stdout, /podman/);
  });
  await step('down removes it all', async () => {
    await ok('down');
    await assertNothingLeft(story);
  });
});

scenario('A pod that was stopped by hand is started again, its init containers first', async (story) => {
  const { id, step, pod, ok } = story;
  const port = await freePort();
  await pod(withInit(port));
  await ok('up', '-d');
  const [init, web] = await Promise.all([containerState(`${id}-init`), containerState(`${id}-web`)]);
  await podman('pod', 'stop', '--time', '5', id);
  await step('up brings it back', async () => {
    await ok('up', '-d');
    await fetchText(`http://127.0.0.1:${port}/`);
  });
  await step('the init container has run again before the app', async () => {
    const [initNow, webNow] = await Promise.all([containerState(`${id}-init`), containerState(`${id}-web`)]);
    assert.ok(initNow.startedAt > init.startedAt);
    assert.ok(webNow.startedAt > web.startedAt);
    assert.ok(initNow.finishedAt <= webNow.startedAt);
  });
});

scenario(
  'A container that was removed by hand comes back, and the others stay as they are',
  async (story) => {
    const { id, step, pod, ok } = story;
    await pod(withInit(await freePort()));
    await ok('up', '-d');
    const others = () => Promise.all([containerState(`${id}-init`), containerState(`${id}-web`)]);
    const before = await others();
    await podman('rm', '--force', '--time', '5', `${id}-other`);
    await step('up makes the one that is missing, and nothing else', async () => {
      await ok('up', '-d');
      assert.equal((await containerState(`${id}-other`)).status, 'running');
      assert.deepEqual(await others(), before);
    });
  },
);

scenario(
  'A pod that was removed by hand comes back with new volumes, and down takes what is left of one',
  async (story) => {
    const { id, step, pod, ok } = story;
    await pod(withInit(await freePort()));
    await ok('up', '-d');
    const removeByHand = async () => {
      await podman('pod', 'rm', '--force', '--time', '5', id);
      assert.deepEqual(await thingsOf(id), {
        ...NOTHING,
        volumes: [`${id}-data`],
        networks: [`podpose-${id}`],
      });
    };
    await step('up makes all of it again, with an emptyDir that is empty', async () => {
      await podman(
        'unshare',
        'sh',
        '-c',
        `touch "$(${PODMAN} volume inspect --format '{{.Mountpoint}}' ${id}-data)/old"`,
      );
      await removeByHand();
      await ok('up', '-d');
      const files = await podman(
        'unshare',
        'sh',
        '-c',
        `ls "$(${PODMAN} volume inspect --format '{{.Mountpoint}}' ${id}-data)"`,
      );
      assert.equal(files, 'when\n');
    });
    await step('down removes the volume of a pod that is gone', async () => {
      await removeByHand();
      await ok('down');
      await assertNothingLeft(story);
    });
  },
);

scenario('What has completed under Never is left alone', async (story) => {
  const { id, step, pod, ok } = story;
  await pod(`
  restartPolicy: Never
  containers:
    - { name: job, image: ${BUSYBOX}, command: ["true"] }`);
  await step('up --wait ends when it runs or has completed', () =>
    ok('up', '-d', '--wait', '--timeout', '30s'),
  );
  await ok('wait', '--for', 'phase=Succeeded', '--timeout', '30s');
  const before = await containerState(`${id}-job`);
  assert.equal(before.exitCode, 0);
  await step('another up does not run it again', async () => {
    await ok('up', '-d', '--wait', '--timeout', '30s');
    assert.deepEqual(await containerState(`${id}-job`), before);
  });
  await step('its phase is Succeeded', async () => {
    assert.match((await ok('ps', '-o', 'json')).stdout, /"phase": "Succeeded"/);
  });
});

scenario('Two pods of one project come up together, and go one by one', async (story) => {
  const { id, step, file, ok } = story;
  const [one, two] = [`${id}-one`, `${id}-two`];
  const [portOne, portTwo] = [await freePort(), await freePort()];
  const spec = (port: number) => `
  containers:
    - { name: web, image: ${TEST_IMAGE}, ports: [{ containerPort: 8080, hostPort: ${port} }] }`;
  await file('pod.yaml', `${podText(one, spec(portOne))}---\n${podText(two, spec(portTwo))}`);
  await step('both answer after one up', async () => {
    await ok('up', '-d');
    await Promise.all([portOne, portTwo].map((port) => fetchText(`http://127.0.0.1:${port}/`)));
  });
  await step('down with a name takes that one only', async () => {
    await ok('down', one);
    assert.deepEqual((await thingsOf(id)).pods, [two]);
  });
  await step('up brings back the one that is gone, and leaves the other', async () => {
    const before = await containerState(`${two}-web`);
    await ok('up', '-d');
    await fetchText(`http://127.0.0.1:${portOne}/`);
    assert.deepEqual(await containerState(`${two}-web`), before);
  });
  await step('one that is no longer in the file stays until --remove-orphans', async () => {
    await file('pod.yaml', podText(two, spec(portTwo)));
    const { stderr } = await ok('up', '-d');
    assert.match(stderr, new RegExp(one), 'it is mentioned');
    assert.deepEqual((await thingsOf(id)).pods, [one, two]);
    await ok('up', '-d', '--remove-orphans', '--yes');
    assert.deepEqual((await thingsOf(id)).pods, [two]);
  });
  await step('down with the file takes the rest', async () => {
    await ok('down', 'pod.yaml');
    await assertNothingLeft(story);
  });
});

scenario('Manifests come from a folder, several files, a List, JSON or standard input', async (story) => {
  const { id, directory, step, file, podpose, ok } = story;
  const spec = `\n  containers: [{ name: app, image: ${TEST_IMAGE} }]`;
  const json = (...names: readonly string[]) =>
    JSON.stringify({
      apiVersion: 'v1',
      kind: 'List',
      items: names.map((name) => ({
        apiVersion: 'v1',
        kind: 'Pod',
        metadata: { name: `${id}-${name}` },
        spec: { containers: [{ name: 'app', image: TEST_IMAGE }] },
      })),
    });
  await mkdir(join(directory, 'pods'));
  await file('pods/a.yaml', podText(`${id}-a`, spec));
  await file('pods/b.json', json('b', 'c'));
  await file('pods/notes.txt', 'not a manifest');
  await step('a folder', async () => {
    await ok('-p', id, 'up', '-d', 'pods');
    assert.deepEqual((await thingsOf(id)).pods, [`${id}-a`, `${id}-b`, `${id}-c`]);
  });
  await step('several files are one set', async () => {
    await ok('-p', id, 'plan', '--detailed-exitcode', 'pods/a.yaml', '-f', 'pods/b.json');
  });
  await step('standard input', async () => {
    await unlink(join(directory, 'pods/b.json'));
    const ended = await podpose(['up', '-d', '-'], { input: podText(`${id}-d`, spec) });
    assert.equal(ended.code, 0, ended.story);
    assert.ok((await thingsOf(id)).pods.includes(`${id}-d`));
  });
  await step('down takes the project as a whole', async () => {
    await ok('down', '-p', id);
    await assertNothingLeft(story);
  });
});

scenario('down where there is nothing is done at once', async (story) => {
  const { id, step, pod, ok } = story;
  await step('with a project by name', () => ok('-p', id, 'down'));
  await step('with a file whose pod is not there', async () => {
    await pod(withInit(await freePort()));
    await ok('down');
    await ok('down', 'pod.yaml');
  });
});
