import assert from 'node:assert/strict';
import { eventually } from './support/eventually.ts';
import { at, listAt, parse } from './support/json.ts';
import { BUSYBOX } from './support/images.ts';
import { containerState, podman, PODMAN } from './support/podman.ts';
import { run } from './support/program.ts';
import { assertNothingLeft, assertRefused, scenario } from './support/scenario.ts';

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
  'activeDeadlineSeconds under Never: the watcher stops the pod in time after its start, init containers included',
  async (story) => {
    const { id, step, pod, ok, podpose } = story;
    const spec = (init: string) => `
  restartPolicy: Never
  activeDeadlineSeconds: 6
  terminationGracePeriodSeconds: 10
  initContainers:
    - { name: setup, image: ${BUSYBOX}, command: ["sh", "-c", "${init}"] }
  containers:
    - { name: app, image: ${BUSYBOX}, command: ["sh", "-c", "trap 'echo was asked; exit 0' TERM; sleep 3600 & wait"] }`;
    const lifetime = async (of: string) => {
      const { startedAt, finishedAt } = await containerState(`${id}-${of}`);
      return finishedAt - startedAt;
    };
    await pod(spec('sleep 3'));
    await ok('up', '-d');
    await step('it is asked to stop before its own time would have passed', async () => {
      await podman('wait', `${id}-app`);
      assert.ok((await lifetime('app')) < 5000);
      assert.match(await podman('logs', `${id}-app`), /was asked/);
    });
    await step('the pod has failed for that reason', async () => {
      const found = await eventually('DeadlineExceeded', async () => {
        const status = at(parse((await ok('ps', '-o', 'json')).stdout), 'items', 0, 'status');
        return at(status, 'reason') === undefined ? undefined : status;
      });
      assert.deepEqual([at(found, 'phase'), at(found, 'reason')], ['Failed', 'DeadlineExceeded']);
    });
    await ok('down');
    await step('up stops a pod whose init container runs at the deadline, and fails', async () => {
      await pod(spec("trap 'exit 5' TERM; sleep 3600 & wait"));
      const ended = await podpose(['up', '-d']);
      assertRefused(ended, 1, /was stopped: activeDeadlineSeconds \(6\) exceeded/);
      const { status, exitCode } = await containerState(`${id}-setup`);
      assert.deepEqual([status, exitCode], ['exited', 5]);
      assert.equal((await podpose(['-p', id, 'ps', '-o', 'json'])).stdout.includes('DeadlineExceeded'), true);
    });
  },
);

scenario(
  'activeDeadlineSeconds under Never without a watcher: podman kills the container at its time limit',
  async (story) => {
    const { id, step, env, pod, podpose } = story;
    env['PODPOSE_WATCH'] = 'off';
    await pod(`
  restartPolicy: Never
  activeDeadlineSeconds: 2
  containers:
    - { name: app, image: ${BUSYBOX}, command: ${STAYS} }`);
    await podpose(['up', '-d']);
    await podman('wait', `${id}-app`);
    await step('the pod has failed for that reason', async () => {
      const { stdout } = await podpose(['-p', id, 'ps', '-o', 'json']);
      const status = at(parse(stdout), 'items', 0, 'status');
      assert.equal(at(status, 'reason'), 'DeadlineExceeded');
    });
  },
);

scenario(
  'activeDeadlineSeconds under Always: up stops the pod, and so does the watcher, although it was killed',
  async (story) => {
    const { id, step, pod, ok, podpose } = story;
    await pod(`
  activeDeadlineSeconds: 3
  terminationGracePeriodSeconds: 10
  containers:
    - { name: app, image: ${BUSYBOX}, command: ["sh", "-c", "trap 'echo was asked; exit 0' TERM; sleep 3600 & wait"] }`);
    await step('up that follows the logs ends by itself, and says why', async () => {
      const ended = await podpose(['up']);
      assertRefused(ended, 1, /was stopped: activeDeadlineSeconds \(3\) exceeded/);
      assert.match(ended.stdout, /was asked/);
    });
    await step('the pod is stopped and not started again', async () => {
      const { status, exitCode } = await containerState(`${id}-app`);
      assert.deepEqual([status, exitCode], ['exited', 0]);
    });
    await step('the watcher stops it, too, after one that was killed', async () => {
      await ok('up', '-d');
      const watcher = await eventually('a watcher', async () => {
        const { stdout } = await run('pgrep', ['-f', `watch --project ${id}$`]);
        return stdout.trim() === '' ? undefined : Number(stdout);
      });
      process.kill(watcher, 'SIGKILL');
      const watch = await podpose(['-p', id, 'watch']);
      assert.match(watch.stderr + watch.stdout, /is stopped: activeDeadlineSeconds exceeded/, watch.story);
      const { status, exitCode } = await containerState(`${id}-app`);
      assert.deepEqual([status, exitCode], ['exited', 0]);
    });
    await step('ps tells why', async () => {
      const { stdout } = await podpose(['-p', id, 'ps', '-o', 'json']);
      const found = at(parse(stdout), 'items', 0, 'status');
      assert.deepEqual([at(found, 'phase'), at(found, 'reason')], ['Failed', 'DeadlineExceeded']);
      const described = await podpose(['-p', id, 'describe', id]);
      assert.match(
        described.stdout,
        /^Status: +Failed\nReason: +DeadlineExceeded\nMessage: +Pod was active/m,
      );
    });
  },
);

scenario('Termination messages are kept, and shown with what has ended', async (story) => {
  const { id, step, pod, ok, podpose } = story;
  await pod(`
  restartPolicy: Never
  containers:
    - name: file
      image: ${BUSYBOX}
      securityContext: { runAsUser: 1000, readOnlyRootFilesystem: true }
      command: [sh, -c, "echo printed; echo 'out of luck' > /dev/termination-log; exit 3"]
    - name: elsewhere
      image: ${BUSYBOX}
      terminationMessagePath: /srv/last/words
      command: [sh, -c, "printf 'all is\\nwell' > /srv/last/words"]
    - name: log
      image: ${BUSYBOX}
      terminationMessagePolicy: FallbackToLogsOnError
      command: [sh, -c, "sleep 1; echo first; echo last; exit 4"]
    - { name: silent, image: ${BUSYBOX}, command: ["true"] }`);
  const ended = await podpose(['up', '--wait']);
  await step('up that waits says what a container has left that failed', () => {
    assertRefused(ended, 1, /pod\/\S+ container\/file failed with exit code 3: out of luck/);
  });
  await podman('wait', ...['elsewhere', 'log', 'silent'].map((name) => `${id}-${name}`));
  await step('ps -o json has the messages', async () => {
    const pods = parse((await ok('ps', '-o', 'json')).stdout);
    const messages = listAt(pods, 'items', 0, 'status', 'containerStatuses').map((status) => [
      at(status, 'name'),
      at(status, 'state', 'terminated', 'message'),
    ]);
    assert.deepEqual(messages, [
      ['file', 'out of luck'],
      ['elsewhere', 'all is\nwell'],
      ['log', 'first\nlast'],
      ['silent', undefined],
    ]);
  });
  await step('ps -o wide has a column for them', async () => {
    const { stdout } = await ok('ps', '-o', 'wide');
    assert.match(stdout, /MESSAGE\n/);
    assert.match(stdout, /container\/file .* out of luck\n/);
  });
  await step('down removes them, too', async () => {
    await ok('down');
    await assertNothingLeft(story);
  });
  await step('an init container that fails is told of with its message', async () => {
    await pod(`
  restartPolicy: Never
  initContainers:
    - name: init
      image: ${BUSYBOX}
      command: [sh, -c, "echo printed; echo 'no disk' > /dev/termination-log; exit 5"]
  containers:
    - { name: app, image: ${BUSYBOX} }`);
    assertRefused(
      await podpose(['up', '-d']),
      1,
      /failed \(exit code 5\)\n +message: no disk\n +\| printed\n/,
    );
  });
});
