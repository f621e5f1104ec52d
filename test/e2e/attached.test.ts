import assert from 'node:assert/strict';
import { mkdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { eventually } from './support/eventually.ts';
import { BUSYBOX, TEST_IMAGE } from './support/images.ts';
import { fetchText, freePort, isFree } from './support/network.ts';
import { containerState, thingsOf } from './support/podman.ts';
import type { Running } from './support/program.ts';
import { assertNothingLeft, scenario } from './support/scenario.ts';

const shows = (running: Running, pattern: RegExp, times = 1) =>
  eventually(`${pattern.source} in the output`, () => {
    const found = running.output().match(new RegExp(pattern.source, 'gm')) ?? [];
    if (found.length >= times) return true;
    throw new Error(running.output());
  });

scenario('up follows the logs, Ctrl-C stops the pod, and the next up starts it again', async (story) => {
  const { id, step, pod, start, ok } = story;
  const port = await freePort();
  const url = `http://127.0.0.1:${port}/`;
  await pod(`
  terminationGracePeriodSeconds: 10
  initContainers:
    - { name: init, image: ${BUSYBOX}, command: [echo, prepared] }
  containers:
    - { name: web, image: ${TEST_IMAGE}, ports: [{ containerPort: 8080, hostPort: ${port} }] }
    - name: clock
      image: ${BUSYBOX}
      command: [sh, -c, "trap 'echo the clock stops; exit 0' TERM; while true; do echo tick; sleep 0.5 & wait $!; done"]`);

  const up = start(['up']);
  await step('what the containers print is shown, with the name of each', async () => {
    await shows(up, /^\S*clock\b.*tick$|clock +\| tick$/, 3);
    await shows(up, /web +\| args: entrypoint cmd$/);
    await fetchText(url);
  });
  await step('SIGINT lets them end by themselves, and podpose ends with 130', async () => {
    const begin = performance.now();
    up.kill('SIGINT');
    const ended = await up.end;
    assert.equal(ended.code, 130, ended.story);
    assert.ok(performance.now() - begin < 9000, 'within the grace period');
    assert.match(ended.stdout, /clock +\| the clock stops$/m, 'the last words are shown');
  });
  await step('the containers are stopped, having said goodbye, and are still there', async () => {
    for (const container of ['web', 'clock']) {
      const { status, exitCode } = await containerState(`${id}-${container}`);
      assert.deepEqual([status, exitCode], ['exited', 0], container);
    }
    assert.match((await ok('logs')).stdout, /web +\| stopping$/m);
    assert.ok(await isFree(port));
  });
  const again = start(['up']);
  await step('the next up starts the same pod again, and shows what is new', async () => {
    await shows(again, /clock +\| tick$/, 2);
    await fetchText(url);
    assert.doesNotMatch(again.output(), /the clock stops/);
    assert.deepEqual((await thingsOf(id)).containers, [`${id}-clock`, `${id}-init`, `${id}-web`]);
  });
});

scenario('TERM is as the first Ctrl-C, and a second Ctrl-C kills', async (story) => {
  const { id, directory, step, pod, start } = story;
  await mkdir(join(directory, 'shared'));
  await pod(`
  terminationGracePeriodSeconds: 60
  containers:
    - name: stubborn
      image: ${BUSYBOX}
      command: [sh, -c, "trap 'echo I will not' TERM; echo here; while true; do sleep 0.2; done"]`);
  const up = start(['up']);
  await shows(up, /here$/);
  const begin = performance.now();
  await step('after TERM it waits for the container', async () => {
    up.kill('SIGTERM');
    await shows(up, /Stopping/);
    await eventually('the container hears TERM', async () =>
      (await story.ok('logs')).stdout.includes('I will not') ? true : undefined,
    );
  });
  await step('after SIGINT it waits no longer', async () => {
    up.kill('SIGINT');
    const ended = await up.end;
    assert.equal(ended.code, 130, ended.story);
    assert.ok(performance.now() - begin < 30_000);
    // podman says "stopped" of one that has ended and was not tidied up yet.
    assert.match((await containerState(`${id}-stubborn`)).status, /^(exited|stopped)$/);
  });
});

scenario('Ctrl-C while an init container runs stops it, and the next up goes on', async (story) => {
  const { id, directory, step, pod, file, start, ok } = story;
  await mkdir(join(directory, 'shared'));
  await pod(`
  terminationGracePeriodSeconds: 10
  restartPolicy: Never
  initContainers:
    - { name: first, image: ${BUSYBOX}, command: ["true"] }
    - name: second
      image: ${BUSYBOX}
      command: [sh, -c, "trap 'echo interrupted; exit 1' TERM; echo waiting; while [ ! -e /shared/gate ]; do sleep 0.1; done"]
      volumeMounts: [{ name: shared, mountPath: /shared }]
  containers:
    - { name: app, image: ${TEST_IMAGE} }
  volumes:
    - { name: shared, hostPath: { path: shared } }`);
  const up = start(['up', '-d']);
  await step('SIGINT ends podpose with 130, and tells what was left', async () => {
    await shows(up, /waiting$/);
    up.kill('SIGINT');
    const ended = await up.end;
    assert.equal(ended.code, 130, ended.story);
    assert.match(ended.stderr, new RegExp(`Kept: .*${id}`));
  });
  const first = await step('the init container has ended, and the app was never created', async () => {
    assert.equal((await containerState(`${id}-second`)).status, 'exited');
    assert.deepEqual((await thingsOf(id)).containers, [`${id}-first`, `${id}-second`]);
    return containerState(`${id}-first`);
  });
  await step('the next up goes on with the second', async () => {
    await file('shared/gate', '');
    await ok('up', '-d');
    assert.equal((await containerState(`${id}-app`)).status, 'running');
    assert.deepEqual(await containerState(`${id}-first`), first);
  });
});

scenario('An attached up ends when everything has, with the code that it deserves', async (story) => {
  const { id, step, pod, podpose, ok } = story;
  const job = (exitCode: number) => `
  restartPolicy: Never
  containers:
    - { name: good, image: ${BUSYBOX}, command: [echo, well done] }
    - { name: other, image: ${BUSYBOX}, command: [sh, -c, "echo as far as it goes; exit ${exitCode}"] }`;
  await step('0 when all have succeeded', async () => {
    await pod(job(0));
    const ended = await podpose(['up']);
    assert.equal(ended.code, 0, ended.story);
    assert.match(ended.stdout, /good +\| well done$/m);
    assert.match(ended.stdout, /other +\| as far as it goes$/m);
  });
  await step('1 when one has failed, which is named', async () => {
    await pod(job(7));
    const ended = await podpose(['up']);
    assert.equal(ended.code, 1, ended.story);
    assert.match(ended.stderr, new RegExp(`${id} container/other .*\\b7\\b`));
  });
  await step('the phase is Failed', async () => {
    assert.match((await ok('ps', '-o', 'json')).stdout, /"phase": "Failed"/);
  });
});

scenario('Beside a probed container, one of policy Never ends for good', async ({ pod, start }) => {
  await pod(`  restartPolicy: Never
  terminationGracePeriodSeconds: 1
  containers:
    - { name: job, image: ${BUSYBOX}, command: [sh, -c, 'sleep 1; exit 3'] }
    - name: web
      image: ${BUSYBOX}
      command: [sh, -c, 'while :; do sleep 0.1; done']
      readinessProbe: { exec: { command: ['true'] }, periodSeconds: 1 }`);
  const up = start(['up']);
  await eventually('the end of job', () =>
    Promise.resolve(/container\/job ended with exit code 3\.$/m.test(up.output()) || undefined),
  );
  up.kill('SIGINT');
  const { code, story } = await up.end;
  assert.equal(code, 130, story);
  assert.doesNotMatch(story, /restarted/);
});

scenario('A container that podman starts again goes on being followed', async (story) => {
  const { directory, step, pod, start } = story;
  await mkdir(join(directory, 'shared'));
  await pod(`
  restartPolicy: OnFailure
  containers:
    - name: fragile
      image: ${BUSYBOX}
      command: [sh, -c, 'echo >> /shared/runs; n=$(wc -l < /shared/runs); echo "run $n"; sleep 1; [ $n -ge 4 ]']
      volumeMounts: [{ name: shared, mountPath: /shared }]
  volumes:
    - { name: shared, hostPath: { path: shared } }`);
  const up = start(['up']);
  await step('up ends with 0 when the fourth run has succeeded', async () => {
    const ended = await up.end;
    assert.equal(ended.code, 0, ended.story);
    assert.equal((await readFile(join(directory, 'shared/runs'), 'utf8')).length, 4);
  });
  await step('each of its runs is shown once', () => {
    const runs = [...up.output().matchAll(/fragile +\| (run \d)$/gm)].map(([, run]) => run);
    assert.deepEqual(runs, ['run 1', 'run 2', 'run 3', 'run 4']);
  });
});

scenario('down from another terminal ends an attached up', async (story) => {
  const { step, pod, start, ok } = story;
  await pod(`\n  containers: [{ name: web, image: ${TEST_IMAGE} }]`);
  const up = start(['up']);
  await shows(up, /web +\| args:/);
  await step('down takes the pod away', async () => {
    await ok('down');
    await assertNothingLeft(story);
  });
  await step('and the attached up ends', async () => {
    const ended = await up.end;
    assert.equal(ended.signal, null, ended.story);
    assert.doesNotMatch(ended.stderr, /bug in podpose/);
  });
});
