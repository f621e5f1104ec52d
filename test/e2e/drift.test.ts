import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { eventually } from './support/eventually.ts';
import { BUSYBOX, TEST_IMAGE } from './support/images.ts';
import { at, listAt, parse, textAt } from './support/json.ts';
import { assertChanged, livePod, of, type Differences } from './support/live-pod.ts';
import { fetchText, freePort } from './support/network.ts';
import { NOTHING, containerState, PODMAN, podman, thingsOf, tryPodman } from './support/podman.ts';
import { rebootablePodman } from './support/rebootable-podman.ts';
import { assertRefused, podText, scenario } from './support/scenario.ts';

const podWith = (port: number) => `
  initContainers:
    - { name: first, image: ${BUSYBOX}, command: [sh, -c, "echo first >> /log/chain"], volumeMounts: [{ name: log, mountPath: /log }] }
    - { name: second, image: ${BUSYBOX}, command: [sh, -c, "echo second >> /log/chain"], volumeMounts: [{ name: log, mountPath: /log }] }
  containers:
    - { name: web, image: ${TEST_IMAGE}, ports: [{ containerPort: 8080, hostPort: ${port} }] }
    - { name: app, image: ${TEST_IMAGE}, env: [{ name: PORT, value: "8081" }] }
    - { name: aside, image: ${TEST_IMAGE}, env: [{ name: PORT, value: "8082" }] }
  volumes: [{ name: log, hostPath: { path: log, type: DirectoryOrCreate } }]`;

scenario('What somebody did to one container by hand is mended there, and nowhere else', async (story) => {
  const { id, directory, step, env, pod, podpose, ok } = story;
  // A watcher would restart what has ended before up does.
  env['PODPOSE_WATCH'] = 'off';
  const port = await freePort();
  await pod(podWith(port));
  await ok('up', '-d');
  let before = await livePod(id);

  const deeds: readonly {
    readonly what: string;
    readonly deed: readonly (readonly string[])[];
    readonly shown: RegExp;
    readonly differences: Differences;
  }[] = [
    {
      what: 'stopped',
      deed: [['stop', '--time', '5', `${id}-app`]],
      shown: /~ pod\/\S+ container\/app +.*exit/,
      differences: { restarted: ['app'] },
    },
    {
      what: 'killed',
      deed: [['kill', `${id}-app`]],
      shown: /~ pod\/\S+ container\/app +.*137/,
      differences: { restarted: ['app'] },
    },
    {
      what: 'removed',
      deed: [['rm', '--force', '--time', '5', `${id}-app`]],
      shown: /\+ pod\/\S+ container\/app +/,
      differences: { replaced: ['app'] },
    },
    {
      what: 'renamed',
      deed: [['rename', `${id}-app`, `${id}-mine`]],
      shown: /~ pod\/\S+ container\/app +.*-mine/,
      differences: {},
    },
    {
      what: 'stopped and renamed',
      deed: [
        ['stop', '--time', '5', `${id}-app`],
        ['rename', `${id}-app`, `${id}-mine`],
      ],
      shown: /~ pod\/\S+ container\/app +/,
      differences: { restarted: ['app'] },
    },
    {
      what: 'an init container removed, which has done its work',
      deed: [['rm', `${id}-first`]],
      shown: /No changes/,
      differences: { removed: ['first'] },
    },
  ];
  for (const { what, deed, shown, differences } of deeds)
    await step(what, async () => {
      for (const command of deed) await podman(...command);
      // podman 4.3.1 says 'stopped' until its conmon has written the exit code.
      await eventually('podman has seen the end', async () => {
        const states = await podman('ps', '--all', '--filter', `name=${id}-`, '--format', '{{.State}}');
        return states.includes('stopped') ? undefined : true;
      });
      const plan = await podpose(['plan', '--detailed-exitcode']);
      assert.match(plan.stdout, shown);
      await ok('up', '-d');
      const now = await livePod(id);
      assertChanged(before, now, differences);
      await ok('plan', '--detailed-exitcode');
      before = now;
    });
  await step('the init containers have not run again, and nothing is doubled', async () => {
    assert.equal(await readFile(join(directory, 'log', 'chain'), 'utf8'), 'first\nsecond\n');
    assert.deepEqual(
      (await thingsOf(id)).containers,
      ['app', 'aside', 'second', 'web'].map((name) => `${id}-${name}`),
    );
    await fetchText(`http://127.0.0.1:${port}/`);
  });
  await step('a paused one goes on, where podman can pause', async () => {
    const paused = await tryPodman('pause', `${id}-app`);
    // Rootless podman pauses with cgroup v2 only.
    if (paused.code !== 0) {
      assert.match(paused.stderr, /cgroup/i, paused.story);
      return;
    }
    assert.equal((await podpose(['plan', '--detailed-exitcode'])).code, 2);
    await ok('up', '-d');
    assertChanged(before, await livePod(id), {});
  });
});

scenario('A container whose stop was cut short is made anew, and the others run on', async (story) => {
  const { id, step, pod, podpose, ok } = story;
  await pod(`
  terminationGracePeriodSeconds: 3
  containers:
    - { name: deaf, image: ${BUSYBOX}, command: [sh, -c, "trap '' TERM; while :; do sleep 1; done"] }
    - { name: app, image: ${TEST_IMAGE} }`);
  await ok('up', '-d');
  const before = await livePod(id);
  const pid = async (field: string) =>
    Number(await podman('inspect', '--format', `{{.State.${field}}}`, `${id}-deaf`));
  const stop = spawn(PODMAN, ['stop', '--time', '30', `${id}-deaf`], { stdio: 'ignore' });
  await eventually('podman stopping it', async () =>
    (await containerState(`${id}-deaf`)).status === 'stopping' ? true : undefined,
  );
  for (const each of [await pid('ConmonPid'), await pid('Pid'), stop.pid ?? 0]) process.kill(each, 'SIGKILL');
  await once(stop, 'exit');

  await step('the plan says so', async () => {
    const plan = await podpose(['plan', '--detailed-exitcode']);
    assert.equal(plan.code, 2, plan.story);
    assert.match(plan.stdout, new RegExp(`pod/${id} container/deaf +not running \\(stopping\\)`));
  });
  await step('up mends it', async () => {
    await ok('up', '-d');
    assertChanged(before, await livePod(id), { replaced: ['deaf'] });
    await ok('plan', '--detailed-exitcode');
  });
});

scenario(
  'When the whole pod was down, its init containers run before its containers start',
  async (story) => {
    const { id, directory, step, env, pod, podpose, ok } = story;
    // While podman kills one container after another, a watcher would restart the first of them.
    env['PODPOSE_WATCH'] = 'off';
    const port = await freePort();
    const chain = join(directory, 'log', 'chain');
    await pod(podWith(port));
    await ok('up', '-d');
    let before = await livePod(id);
    const mend = async (sentence: string, bringDown: () => Promise<unknown>) => {
      await bringDown();
      await writeFile(chain, '');
      await step(sentence, async () => {
        const plan = await podpose(['plan', '--detailed-exitcode']);
        assert.equal(plan.code, 2, plan.story);
        assert.match(plan.stdout, new RegExp(`~ pod/${id} `));
        await ok('up', '-d');
        const now = await livePod(id);
        assert.equal(now.id, before.id, 'it is the same pod');
        assert.equal(now.infra.id, before.infra.id);
        assert.ok(now.infra.startedAt > before.infra.startedAt);
        assert.equal(await readFile(chain, 'utf8'), 'first\nsecond\n');
        for (const name of ['web', 'app', 'aside']) {
          assert.equal(of(now, name).id, of(before, name).id, `${name} is the same container`);
          assert.equal(of(now, name).status, 'running');
          assert.ok(
            of(now, name).startedAt >= of(now, 'second').finishedAt,
            `${name} started after the chain`,
          );
        }
        assert.deepEqual(Object.keys(now.containers), Object.keys(before.containers));
        await fetchText(`http://127.0.0.1:${port}/`);
        await ok('plan', '--detailed-exitcode');
        before = now;
      });
    };
    await mend('podman pod stop', () => podman('pod', 'stop', '--time', '5', id));
    await mend('podman pod kill', () => podman('pod', 'kill', id));
    await mend('podman stop of the infra container, while the others run on', () =>
      podman('stop', '--time', '5', before.infra.id),
    );
    await step('podman start of a single container by hand leaves the rest to up', async () => {
      await podman('pod', 'stop', '--time', '5', id);
      await podman('start', `${id}-aside`);
      await ok('up', '-d');
      const now = await livePod(id);
      assert.deepEqual(
        Object.values(now.containers).map(({ status }) => status),
        ['running', 'running', 'exited', 'exited', 'running'],
      );
      await fetchText(`http://127.0.0.1:${port}/`);
    });
  },
);

scenario('A pod that was removed by hand is made again, and its leftovers do no harm', async (story) => {
  const { id, step, pod, ok } = story;
  const port = await freePort();
  await pod(podWith(port).replace('hostPath: { path: log, type: DirectoryOrCreate }', 'emptyDir: {}'));
  await ok('up', '-d');
  await podman('pod', 'rm', '--force', '--time', '5', id);
  assert.deepEqual((await thingsOf(id)).volumes, [`${id}-log`]);
  await step('up makes it with an emptyDir that is new', async () => {
    await ok('up', '-d');
    await fetchText(`http://127.0.0.1:${port}/`);
    const chain = await podman('run', '--rm', '--volume', `${id}-log:/log`, BUSYBOX, 'cat', '/log/chain');
    assert.equal(chain, 'first\nsecond\n');
  });
  await step('after a down nothing is left', async () => {
    await ok('down');
    assert.deepEqual(await thingsOf(id), NOTHING);
  });
});

scenario('What has ended as it should is left alone, and what has failed is started again', async (story) => {
  const { id, step, file, podpose } = story;
  const names = ['never', 'on-failure', 'mixed', 'failed'].map((name) => `${id}-${name}`);
  const [never = '', onFailure = '', mixed = '', failed = ''] = names;
  const text = (name: string, policy: string, containers: string) =>
    `apiVersion: v1\nkind: Pod\nmetadata: { name: ${name} }\nspec:\n  restartPolicy: ${policy}\n  containers:\n${containers}`;
  const job = (name: string, script: string) =>
    `    - { name: ${name}, image: ${BUSYBOX}, command: [sh, -c, "${script}"] }\n`;
  const server = job('server', "trap 'exit 0' TERM; sleep 3600 & wait");
  await file(
    'pod.yaml',
    [
      text(never, 'Never', job('job', 'exit 0')),
      text(onFailure, 'OnFailure', job('job', 'exit 0')),
      text(mixed, 'OnFailure', job('job', 'exit 0') + server),
      text(failed, 'Never', job('job', 'exit 3') + server),
    ].join('---\n'),
  );
  /** It waits until all has come to where it should: so far that one has failed. */
  const up = async () => {
    assertRefused(
      await podpose(['up', '-d', '--wait', '--timeout', '30s']),
      1,
      new RegExp(`${failed} container/job .* 3`),
    );
  };
  await up();
  const containers = [never, onFailure, mixed].map((name) => `${name}-job`);
  const states = () =>
    Promise.all([...containers, `${mixed}-server`, `${failed}-server`].map(containerState));
  const [before, failure] = [await states(), await containerState(`${failed}-job`)];

  await step('only the one that failed is in the plan, and up starts it again', async () => {
    const plan = await podpose(['plan', '--detailed-exitcode']);
    assert.match(plan.stdout, new RegExp(`~ pod/${failed} container/job .*3`));
    assert.match(
      plan.stdout,
      /^Plan: 0 to create, 0 to replace, 0 to update in place, 1 container to start, 0 to remove\.$/m,
    );
    await up();
    const again = await containerState(`${failed}-job`);
    assert.equal(again.id, failure.id);
    assert.ok(again.startedAt > failure.startedAt);
    assert.deepEqual(await states(), before);
  });
  await step('what has succeeded has nothing to be started for when its pod is stopped', async () => {
    await podman('pod', 'stop', '--time', '1', never, onFailure);
    await podman('pod', 'kill', mixed);
    const plan = await podpose(['plan', '--detailed-exitcode']);
    assert.doesNotMatch(plan.stdout, new RegExp(`pod/(${never}|${onFailure}) `));
    await up();
    const now = await states();
    assert.deepEqual(now.slice(0, 3), before.slice(0, 3));
    assert.equal(now[3]?.id, before[3]?.id);
    assert.equal(now[3]?.status, 'running');
  });
});

scenario('After a reboot everything is as before, init containers first', async (story) => {
  const { id, directory, step, file, ok, after } = story;
  const machine = await rebootablePodman();
  after(machine.remove);
  Object.assign(story.env, machine.env);
  const port = await freePort();
  await mkdir(join(directory, 'log'));
  const chain = join(directory, 'log', 'chain');
  const write = (word: string) => `command: [sh, -c, "echo ${word} >> /log/chain`;
  const mount = 'volumeMounts: [{ name: log, mountPath: /log }]';
  const wait = "trap 'exit 0' TERM; sleep 3600 & wait";
  await file(
    'pod.yaml',
    `apiVersion: v1
kind: Pod
metadata: { name: ${id} }
spec:
  restartPolicy: OnFailure
  initContainers:
    - { name: init, image: ${BUSYBOX}, ${write('init')}"], ${mount} }
  containers:
    - { name: web, image: ${BUSYBOX}, ${write('app')}; trap 'exit 0' TERM; httpd -f -p 8080 -h /log & wait"], ${mount}, ports: [{ containerPort: 8080, hostPort: ${port} }] }
    - { name: app, image: ${BUSYBOX}, ${write('app')}; ${wait}"], ${mount} }
    - { name: job, image: ${BUSYBOX}, ${write('job')}"], ${mount} }
  volumes: [{ name: log, hostPath: { path: log } }]
---
apiVersion: v1
kind: Pod
metadata: { name: ${id}-done }
spec:
  restartPolicy: Never
  initContainers: [{ name: init, image: ${BUSYBOX}, ${write('done')}"], ${mount} }]
  containers: [{ name: job, image: ${BUSYBOX}, ${write('done')}"], ${mount} }]
  volumes: [{ name: log, hostPath: { path: log } }]
`,
  );
  const podpose = (...args: readonly string[]) => ok('--podman', machine.program, ...args);
  const all = async () =>
    Object.fromEntries(
      listAt(parse(await machine.podman('ps', '--all', '--no-trunc', '--format', 'json')))
        .filter((container) => at(container, 'IsInfra') !== true)
        .map((container) => [
          textAt(container, 'Names', 0).replace(`${id}-`, ''),
          {
            id: textAt(container, 'Id'),
            state: at(container, 'State'),
            startedAt: at(container, 'StartedAt'),
          },
        ]),
    );
  await podpose('up', '-d');
  await fetchText(`http://127.0.0.1:${port}/chain`);
  // What is cut short by the reboot has not done its work.
  await machine.podman('wait', `${id}-job`, `${id}-done-job`);
  const before = await all();
  await machine.reboot();
  await writeFile(chain, '');

  await step('after the reboot nothing runs', async () => {
    const states = Object.values(await all()).map(({ state }) => state);
    assert.equal(states.length, 6);
    assert.ok(!states.includes('running'));
  });
  await step('up starts what should run, once its init container has run again', async () => {
    await podpose('up', '-d');
    await fetchText(`http://127.0.0.1:${port}/chain`);
    const now = await all();
    for (const name of ['web', 'app']) {
      assert.equal(now[name]?.id, before[name]?.id);
      assert.equal(now[name]?.state, 'running');
    }
    assert.equal(await readFile(chain, 'utf8'), 'init\napp\napp\n');
  });
  await step('what had done its work is left alone', async () => {
    const now = await all();
    for (const name of ['job', 'done-init', 'done-job'])
      assert.deepEqual({ ...now[name], state: '' }, { ...before[name], state: '' });
  });
  await step('there is nothing left to do', () => podpose('plan', '--detailed-exitcode'));
  await step('down removes it all', async () => {
    await podpose('down');
    assert.equal(await machine.podman('ps', '--all', '--quiet'), '');
  });
});

scenario('After a reboot, podman-restart.service starts what nobody watches', async (story) => {
  const { id, step, file, podpose, after } = story;
  const machine = await rebootablePodman();
  after(machine.remove);
  Object.assign(story.env, machine.env);
  const up = async (name: string, env: NodeJS.ProcessEnv = {}) => {
    const path = await file(
      `${name}.yaml`,
      podText(
        `${id}-${name}`,
        `  terminationGracePeriodSeconds: 1
  hostNetwork: true
  initContainers: [{ name: init, image: ${BUSYBOX}, command: ["true"] }]
  containers: [{ name: app, image: ${BUSYBOX}, command: [sleep, "3600"] }]`,
      ),
    );
    const args = ['--podman', machine.program, '-p', `${id}-${name}`, 'up', '-d', path];
    const ended = await podpose(args, { env });
    assert.equal(ended.code, 0, ended.story);
  };
  const off = { PODPOSE_WATCH: 'off' };
  const running = async () =>
    (await machine.podman('ps', '--format', '{{.Names}}'))
      .split('\n')
      .filter((name) => name.endsWith('app'))
      .sort();
  await up('watched');
  await up('unwatched', off);
  await machine.reboot();

  await step('it starts no container that is watched', async () => {
    // The command of the unit.
    await machine.podman('start', '--all', '--filter', 'restart-policy=always');
    assert.deepEqual(await running(), [`${id}-unwatched-app`]);
  });
  await step('up -d starts them, and puts the others right', async () => {
    await up('watched');
    await up('unwatched', off);
    assert.deepEqual(await running(), [`${id}-unwatched-app`, `${id}-watched-app`]);
  });
});
