import assert from 'node:assert/strict';
import { setTimeout as sleep } from 'node:timers/promises';
import { BUSYBOX } from './support/images.ts';
import { PODMAN, podman, tryPodman } from './support/podman.ts';
import { run } from './support/program.ts';
import { rebootablePodman } from './support/rebootable-podman.ts';
import { scenario, type Scenario } from './support/scenario.ts';

// Kubernetes ignores an image's HEALTHCHECK. podman has a systemd timer repeat it, or complains that it has no systemd.

scenario("An image's HEALTHCHECK is ignored where podman would run it", async (story) => {
  await buildImage(story);
  await assertIgnored(story, PODMAN);
});

scenario("An image's HEALTHCHECK is ignored without a systemd user session", async (story) => {
  await buildImage(story);
  const machine = await rebootablePodman();
  story.after(machine.remove);
  Object.assign(story.env, machine.env);
  await assertIgnored(story, machine.program);
  await story.ok('--podman', machine.program, 'down');
});

async function buildImage({ id, after, file }: Scenario): Promise<void> {
  const path = await file('Containerfile', `FROM ${BUSYBOX}\nHEALTHCHECK --interval=1s CMD touch /checked\n`);
  await podman('build', '--quiet', '--format', 'docker', '--tag', imageOf(id), '--file', path);
  after(() => tryPodman('rmi', '--force', imageOf(id)));
}

function imageOf(id: string): string {
  return `localhost/${id}:1`;
}

async function assertIgnored({ id, step, pod, ok, podpose }: Scenario, program: string): Promise<void> {
  const settings = ['--podman', program] as const;
  const app = `${id}-app`;
  await pod(`
  initContainers: [{ name: init, image: "${imageOf(id)}", command: [echo, prepared] }]
  containers: [{ name: app, image: "${imageOf(id)}", command: [sh, -c, "trap 'exit 0' TERM; sleep 3600 & wait"] }]`);

  await step('the init container prints what it prints, and podman adds nothing', async () => {
    const { stdout, stderr } = await ok(...settings, '--progress', 'plain', 'up', '-d');
    assert.match(stdout + stderr, /prepared/);
    assert.doesNotMatch(stdout + stderr, /systemd|health|level=/i);
  });
  await step('the check never runs', async () => {
    await sleep(1500);
    const check = await run(program, ['exec', app, 'test', '-e', '/checked']);
    assert.equal(check.code, 1, check.story);
  });
  await step('the container starts again', async () => {
    const restart = await run(program, ['restart', '--time', '1', app]);
    assert.equal(restart.code, 0, restart.story);
    assert.doesNotMatch(restart.stderr, /health/);
  });
  await step('podman can update it', async () => {
    // Where the user has no control over cgroups, or podman is older than 5.1, the update fails for that reason.
    const update = await run(program, ['update', '--restart', 'on-failure', app]);
    assert.doesNotMatch(update.stderr, /health/, update.story);
  });
  await step('there is nothing left to do', async () => {
    const plan = await podpose([...settings, 'plan', '--detailed-exitcode']);
    assert.equal(plan.code, 0, plan.story);
  });
}
