import assert from 'node:assert/strict';
import { chmod, mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { eventually } from './support/eventually.ts';
import { BUSYBOX } from './support/images.ts';
import { containerState } from './support/podman.ts';
import { watchedContainers } from './support/processes.ts';
import { assertNothingLeft, scenario, type Scenario } from './support/scenario.ts';

/** When it is told to end, it waits until as many have been told as are to stop together. */
const PATIENT =
  "trap 'echo told >>/out/log; until [ $(wc -l </out/log) -ge $(cat /out/count) ]; do sleep 0.1; done; echo ended >>/out/ended; exit 0' TERM; while :; do sleep 0.1; done";

const patientPod = (names: readonly string[], version = 1, hostname = 'one') => `
  hostname: ${hostname}
  terminationGracePeriodSeconds: 40
  # It has ended long since: podman calls the pod degraded from then on.
  initContainers: [{ name: init, image: ${BUSYBOX}, command: ["true"] }]
  containers:
${names
  .map(
    (name) =>
      `    - { name: ${name}, image: ${BUSYBOX}, command: [sh, -c, "${PATIENT}"], env: [{ name: V, value: "${version}" }], volumeMounts: [{ name: out, mountPath: /out }] }`,
  )
  .join('\n')}
  volumes: [{ name: out, hostPath: { path: out } }]`;

scenario('All containers that stop together are told so at once', async (story) => {
  const { directory, step, pod, ok } = story;
  const out = join(directory, 'out');
  await mkdir(out);
  await chmod(out, 0o777);
  const all = ['a', 'b', 'c'];
  await pod(patientPod(all));
  await ok('up', '-d');
  const assertTogether = async (count: number, ...command: readonly string[]) => {
    await writeFile(join(out, 'count'), String(count));
    await ok(...command);
    assert.equal(await readFile(join(out, 'log'), 'utf8'), 'told\n'.repeat(count));
    // One that is told only after the end of another is not told in time.
    assert.equal(await readFile(join(out, 'ended'), 'utf8'), 'ended\n'.repeat(count), 'in its grace period');
    await Promise.all(['log', 'ended'].map((file) => rm(join(out, file))));
  };

  await step('changed containers', async () => {
    await pod(patientPod(all, 2));
    await assertTogether(3, 'up', '-d');
  });
  await step('a pod that is made anew', async () => {
    await pod(patientPod(all, 2, 'two'));
    await assertTogether(3, 'up', '-d');
  });
  await step('containers that the manifest has no more', async () => {
    await pod(patientPod(['a'], 2, 'two'));
    await assertTogether(2, 'up', '-d');
  });
  await step('a changed container, and one that the manifest has no more', async () => {
    await pod(patientPod(['a', 'b'], 2, 'two'));
    await ok('up', '-d');
    await pod(patientPod(['a', 'c'], 3, 'two'));
    await assertTogether(2, 'up', '-d');
  });
  await step('down', async () => {
    await assertTogether(2, 'down');
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
