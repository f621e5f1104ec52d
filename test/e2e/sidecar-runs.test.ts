import assert from 'node:assert/strict';
import { eventually } from './support/eventually.ts';
import { BUSYBOX } from './support/images.ts';
import { at, parse } from './support/json.ts';
import { containerState, podman, tryPodman } from './support/podman.ts';
import { scenario } from './support/scenario.ts';
import { watchers } from './support/watchers.ts';

/** An init container that stays, ends at SIGTERM, and says so. */
const sidecar = (name: string) => `    - name: ${name}
      image: ${BUSYBOX}
      restartPolicy: Always
      command: [sh, -c, "trap 'echo ${name} stopped; exit 0' TERM; while :; do sleep 0.1; done"]`;

const main = (script: string) => `  containers:
    - { name: main, image: ${BUSYBOX}, command: [sh, -c, "${script}"] }`;

scenario('attached up ends with the main container, and its sidecars are stopped last', async (story) => {
  const { id, step, pod, podpose } = story;
  await pod(`  restartPolicy: Never
  terminationGracePeriodSeconds: 5
  initContainers:
${sidecar('first')}
${sidecar('second')}
${main('echo at work; sleep 2; exit 0')}`);
  const up = await step('it ends by itself', () => podpose(['up']));
  assert.equal(up.code, 0, up.story);
  assert.match(up.stdout, /at work/);
  await step('the last sidecar ends first, after the main container', async () => {
    const ended = await eventually('all have ended', async () => {
      const states = await Promise.all(
        ['main', 'second', 'first'].map((name) => containerState(`${id}-${name}`)),
      );
      return states.every(({ status }) => status === 'exited') ? states : undefined;
    });
    assert.deepEqual(
      ended.map(({ exitCode }) => exitCode),
      [0, 0, 0],
    );
    const times = ended.map(({ finishedAt }) => finishedAt);
    assert.deepEqual(
      times,
      times.toSorted((a, b) => a - b),
    );
  });
});

scenario(
  'sidecars that ignore the stop signal end within one grace period',
  async ({ id, step, pod, ok }) => {
    const names = ['first', 'second', 'third'] as const;
    const stubborn = (name: string) => `    - name: ${name}
      image: ${BUSYBOX}
      restartPolicy: Always
      command: [sh, -c, "trap '' TERM; while :; do sleep 0.1; done"]`;
    await pod(`  restartPolicy: Never
  terminationGracePeriodSeconds: 4
  initContainers:
${names.map(stubborn).join('\n')}
${main('sleep 1')}`);
    await ok('up', '-d');
    await step('the last one of the manifest first', async () => {
      const ends = await eventually('all have ended', async () => {
        const states = await Promise.all(names.map((name) => containerState(`${id}-${name}`)));
        return states.every(({ status }) => status === 'exited')
          ? states.map(({ finishedAt }) => finishedAt)
          : undefined;
      });
      const [first = 0, second = 0, third = 0] = ends;
      assert.ok(third <= Math.min(first, second), ends.join());
      // Each has two seconds left at the end of the grace period; a grace period for each would be eight seconds.
      const seconds = (Math.max(first, second) - third) / 1000;
      assert.ok(seconds < 6, `${seconds} s`);
    });
  },
);

scenario('an exit code restarts all containers of the pod, the init containers first', async (story) => {
  const { id, step, pod, podpose } = story;
  await pod(`  restartPolicy: Never
  terminationGracePeriodSeconds: 5
  volumes: [{ name: share, emptyDir: {} }]
  initContainers:
    - { name: setup, image: ${BUSYBOX}, command: [sh, -c, "echo run >>/share/runs"], volumeMounts: [{ name: share, mountPath: /share }] }
${sidecar('proxy')}
  containers:
    - name: main
      image: ${BUSYBOX}
      command: [sh, -c, "until [ -e /share/go ]; do sleep 0.1; done; test $(wc -l </share/runs) -ge 2 || exit 42; trap 'exit 0' TERM; while :; do sleep 0.1; done"]
      volumeMounts: [{ name: share, mountPath: /share }]
      restartPolicy: Never
      restartPolicyRules: [{ action: RestartAllContainers, exitCodes: { operator: In, values: [42] } }]`);
  const up = await podpose(['up', '-d']);
  assert.equal(up.code, 0, up.story);
  const ids = ['proxy', 'main'];
  const address = async () => {
    const { stdout } = await podpose(['-p', id, 'ps', '-o', 'json']);
    return at(parse(stdout), 'items', 0, 'status', 'podIP');
  };
  const before = await Promise.all(ids.map((name) => containerState(`${id}-${name}`)));
  const network = await address();
  assert.ok(typeof network === 'string');
  await step('they run again, once', async () => {
    // The container may end before the command does, which then counts as killed.
    await tryPodman('exec', `${id}-main`, 'touch', '/share/go');
    const after = await eventually('another run of each', async () => {
      const states = await Promise.all(ids.map((name) => containerState(`${id}-${name}`)));
      const isNew = states.every(
        ({ status, startedAt }, index) => status === 'running' && startedAt > (before[index]?.startedAt ?? 0),
      );
      return isNew ? states : undefined;
    });
    assert.equal(after.length, 2);
    assert.equal(await podman('exec', `${id}-main`, 'cat', '/share/runs'), 'run\nrun\n');
    assert.equal(await address(), network, 'the sandbox stays');
  });
  await step('ps counts that, and the pod goes on', async () => {
    await eventually('one restart of each', async () => {
      const { stdout } = await podpose(['-p', id, 'ps']);
      assert.match(stdout, new RegExp(`^${id} +2/2 +Running +2 `, 'm'));
      return true;
    });
  });
  await step('without the watcher ps says that nobody restarts, and keeps the count', async () => {
    const [watcher] = await watchers(id);
    assert.ok(watcher !== undefined);
    process.kill(watcher, 'SIGKILL');
    await eventually('ps without a watcher', async () => {
      const { stdout, stderr } = await podpose(['-p', id, 'ps']);
      assert.match(stderr, /Nobody restarts/);
      assert.match(stdout, new RegExp(`^${id} +2/2 +Running +2 `, 'm'));
      return true;
    });
  });
});

scenario('without a watcher, podman restarts a sidecar, and stop ends it', async (story) => {
  const { id, step, pod, podpose, env } = story;
  env['PODPOSE_WATCH'] = 'off';
  await pod(`  restartPolicy: Never
  terminationGracePeriodSeconds: 5
  initContainers:
${sidecar('proxy')}
${main('exit 0')}`);
  await step('up tells that nobody stops it', async () => {
    const up = await podpose(['up', '-d']);
    assert.equal(up.code, 0, up.story);
    assert.match(up.stderr, /there is no watcher to stop sidecar\/proxy/);
  });
  const state = () => containerState(`${id}-proxy`);
  await step('killed, it is restarted', async () => {
    const { startedAt } = await state();
    await podman('exec', `${id}-proxy`, 'kill', '-KILL', '-1').catch(() => '');
    await podman('exec', `${id}-proxy`, 'kill', '-TERM', '1').catch(() => '');
    await eventually('another run', async () => {
      const now = await state();
      return now.status === 'running' && now.startedAt > startedAt ? now : undefined;
    });
  });
  const phase = async () => {
    const { stdout } = await podpose(['-p', id, 'ps', '-o', 'json']);
    return at(parse(stdout), 'items', 0, 'status', 'phase');
  };
  await step('the pod runs as long as its sidecar, and has succeeded after stop', async () => {
    assert.equal(await phase(), 'Running');
    const stop = await podpose(['-p', id, 'stop']);
    assert.equal(stop.code, 0, stop.story);
    assert.equal((await state()).status, 'exited');
    assert.equal(await phase(), 'Succeeded');
  });
});

scenario('restart of a sidecar leaves the other containers alone', async (story) => {
  const { id, step, pod, podpose } = story;
  await pod(`  terminationGracePeriodSeconds: 5
  initContainers:
${sidecar('proxy')}
${main("trap 'exit 0' TERM; while :; do sleep 0.1; done")}`);
  const up = await podpose(['up', '-d']);
  assert.equal(up.code, 0, up.story);
  const states = () => Promise.all(['proxy', 'main'].map((name) => containerState(`${id}-${name}`)));
  const [proxy, app] = await states();
  await step('it runs again, and nothing else was restarted', async () => {
    const restart = await podpose(['-p', id, 'restart', `${id}/proxy`]);
    assert.equal(restart.code, 0, restart.story);
    const [again, kept] = await states();
    assert.equal(again?.status, 'running');
    assert.ok(again.startedAt > (proxy?.startedAt ?? Infinity));
    assert.deepEqual(kept, app);
  });
  await step('it is still watched', async () => {
    const [before] = await states();
    const kill = await podpose(['-p', id, 'kill', `${id}/proxy`]);
    assert.equal(kill.code, 0, kill.story);
    await eventually('running again', async () => {
      const [again] = await states();
      const isNew = (again?.startedAt ?? 0) > (before?.startedAt ?? Infinity);
      return isNew && again?.status === 'running' ? again : undefined;
    });
  });
});
