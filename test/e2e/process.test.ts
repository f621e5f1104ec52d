import assert from 'node:assert/strict';
import { BUSYBOX } from './support/images.ts';
import { containerState, podman, PODMAN } from './support/podman.ts';
import { assertRefused, scenario } from './support/scenario.ts';

/** Stays until it is told to stop. */
const STAYS = `["sh", "-c", "trap 'exit 0' TERM; sleep 3600 & wait"]`;

scenario('lifecycle.stopSignal is the signal that the process gets', async ({ id, step, pod, ok }) => {
  await pod(`
  os: { name: linux }
  terminationGracePeriodSeconds: 20
  containers:
    - name: app
      image: ${BUSYBOX}
      lifecycle: { stopSignal: SIGUSR1 }
      command: [sh, -c, "trap 'echo got USR1; exit 0' USR1; trap 'echo got TERM' TERM; sleep 3600 & wait; wait"]`);
  await ok('up', '-d');
  await step('on stopping it says which one it got', async () => {
    await podman('pod', 'stop', id);
    assert.equal(await podman('logs', `${id}-app`), 'got USR1\n');
    assert.equal((await containerState(`${id}-app`)).exitCode, 0);
  });
});

scenario('stdinOnce: the input ends with the first who attaches to it', async (story) => {
  const { id, step, pod, ok } = story;
  await pod(`
  restartPolicy: Never
  containers:
    - { name: app, image: ${BUSYBOX}, stdin: true, stdinOnce: true, command: [sh, -c, cat; echo end] }`);
  await ok('up', '-d');
  const attached = story.startProgram(PODMAN, ['attach', `${id}-app`], { input: 'typed\n' });
  await step('what is typed arrives, and then the end', async () => {
    await attached.end;
    await podman('wait', `${id}-app`);
    assert.equal(await podman('logs', `${id}-app`), 'typed\nend\n');
  });
});

scenario(
  'activeDeadlineSeconds under Never: podman ends the container, also with nobody there',
  async (story) => {
    const { id, step, pod, ok, podpose } = story;
    await pod(`
  restartPolicy: Never
  activeDeadlineSeconds: 2
  containers:
    - { name: app, image: ${BUSYBOX}, command: ${STAYS} }`);
    await ok('up', '-d');
    await step('it is ended in time', async () => {
      await podman('wait', `${id}-app`);
      const { startedAt, finishedAt, exitCode } = await containerState(`${id}-app`);
      assert.ok(finishedAt - startedAt >= 1500, `${finishedAt - startedAt} ms`);
      assert.notEqual(exitCode, 0);
    });
    await step('up --wait says that it was, when it waits for it', async () => {
      const ended = await podpose(['up', '--wait']);
      assertRefused(ended, 1, /activeDeadlineSeconds/);
    });
  },
);

scenario('activeDeadlineSeconds under Always: up stops the pod for as long as it is there', async (story) => {
  const { id, step, pod, podpose } = story;
  await pod(`
  activeDeadlineSeconds: 3
  terminationGracePeriodSeconds: 10
  containers:
    - { name: app, image: ${BUSYBOX}, command: ["sh", "-c", "trap 'echo was asked; exit 0' TERM; sleep 3600 & wait"] }`);
  await step('up that follows the logs ends by itself, and says why', async () => {
    const ended = await podpose(['up']);
    assertRefused(ended, 1, /was stopped: it has run for its activeDeadlineSeconds, 3/);
    assert.match(ended.stderr, /is kept only for as long as up/);
    assert.match(ended.stdout, /was asked/);
  });
  await step('the pod is stopped and not started again', async () => {
    const { status, exitCode } = await containerState(`${id}-app`);
    assert.deepEqual([status, exitCode], ['exited', 0]);
  });
});
