import assert from 'node:assert/strict';
import { chmod, mkdir, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { eventually } from './support/eventually.ts';
import { BUSYBOX } from './support/images.ts';
import { containerState } from './support/podman.ts';
import { watchedContainers } from './support/processes.ts';
import { assertNothingLeft, scenario, type Scenario } from './support/scenario.ts';

/** Puts down when it is told to end, and takes two seconds for it. */
const SLOW =
  "trap 'read up rest </proc/uptime; echo $up >>/out/log; sleep 2; echo ended >>/out/ended; exit 0' TERM; while :; do sleep 0.1; done";

const slowPod = (names: readonly string[], version = 1, hostname = 'one') => `
  hostname: ${hostname}
  terminationGracePeriodSeconds: 20
  # It has ended long since: podman calls the pod degraded from then on.
  initContainers: [{ name: init, image: ${BUSYBOX}, command: ["true"] }]
  containers:
${names
  .map(
    (name) =>
      `    - { name: ${name}, image: ${BUSYBOX}, command: [sh, -c, "${SLOW}"], env: [{ name: V, value: "${version}" }], volumeMounts: [{ name: out, mountPath: /out }] }`,
  )
  .join('\n')}
  volumes: [{ name: out, hostPath: { path: out } }]`;

scenario('All containers that stop together are told so at once', async (story) => {
  const { directory, step, pod, ok } = story;
  const out = join(directory, 'out');
  await mkdir(out);
  await chmod(out, 0o777);
  const all = ['a', 'b', 'c'];
  await pod(slowPod(all));
  await ok('up', '-d');
  const assertTogether = async (count: number) => {
    const log = await readFile(join(out, 'log'), 'utf8');
    const ended = await readFile(join(out, 'ended'), 'utf8');
    await Promise.all(['log', 'ended'].map((file) => rm(join(out, file))));
    const times = log.trim().split('\n').map(Number);
    assert.equal(times.length, count, log);
    assert.equal(ended, 'ended\n'.repeat(count), 'each had its grace period');
    assert.ok(Math.max(...times) - Math.min(...times) < 1.9, log);
  };

  await step('changed containers', async () => {
    await pod(slowPod(all, 2));
    await ok('up', '-d');
    await assertTogether(3);
  });
  await step('a pod that is made anew', async () => {
    await pod(slowPod(all, 2, 'two'));
    await ok('up', '-d');
    await assertTogether(3);
  });
  await step('containers that the manifest has no more', async () => {
    await pod(slowPod(['a'], 2, 'two'));
    await ok('up', '-d');
    await assertTogether(2);
  });
  await step('a changed container, and one that the manifest has no more', async () => {
    await pod(slowPod(['a', 'b'], 2, 'two'));
    await ok('up', '-d');
    await pod(slowPod(['a', 'c'], 3, 'two'));
    await ok('up', '-d');
    await assertTogether(2);
  });
  await step('down', async () => {
    await ok('down');
    await assertTogether(2);
    await assertNothingLeft(story);
  });
});

const deafPod = (graceSeconds: number) => `
  terminationGracePeriodSeconds: ${graceSeconds}
  containers:
    - { name: a, image: ${BUSYBOX}, command: [sleep, "3600"] }
    - { name: b, image: ${BUSYBOX}, command: [sleep, "3600"] }`;

function seenStopping({ id }: Scenario): Promise<unknown> {
  return eventually('podman stopping the containers', async () =>
    ['stopping', 'exited'].includes((await containerState(`${id}-a`)).status) ? true : undefined,
  );
}

/** Asks the processes and not podman, which may have forgotten a container that runs. */
async function assertNoProcesses({ id }: Scenario): Promise<void> {
  await eventually('all processes of the containers ended', () =>
    Promise.resolve(watchedContainers(`${id}-`).length === 0 ? true : undefined),
  );
}

scenario('Ctrl-C twice while down waits for containers kills them', async (story) => {
  const { pod, ok, start } = story;
  await pod(deafPod(60));
  await ok('up', '-d');
  const down = start(['down']);
  await seenStopping(story);
  down.kill('SIGINT');
  await eventually('down taking note', () =>
    Promise.resolve(down.output().includes('Ctrl-C') ? true : undefined),
  );
  down.kill('SIGINT');
  const ended = await down.end;
  assert.ok(ended.milliseconds < 30_000, ended.story);
  await assertNoProcesses(story);
  await ok('down');
  await assertNothingLeft(story);
});

for (const signal of ['SIGKILL', 'SIGHUP'] as const)
  scenario(
    `After ${signal} while containers are stopped, nothing runs that podman does not know`,
    async (story) => {
      const { pod, ok, start } = story;
      await pod(deafPod(2));
      await ok('up', '-d');
      const up = start(['up', '-d', '--force-recreate']);
      await seenStopping(story);
      up.kill(signal);
      await up.end;
      await ok('down');
      await assertNothingLeft(story);
      await assertNoProcesses(story);
    },
  );
