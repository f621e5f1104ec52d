import assert from 'node:assert/strict';
import { readlink } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { eventually } from './support/eventually.ts';
import { BUSYBOX } from './support/images.ts';
import { assertChanged, livePod, of } from './support/live-pod.ts';
import { podman } from './support/podman.ts';
import { scenario } from './support/scenario.ts';
import { withoutWatcher } from './support/watchers.ts';

scenario('A container that is cut off from its pod comes back to the others', async (story) => {
  const { id, step, pod, ok, podpose } = story;
  const command = `[sh, -c, "trap 'exit 0' TERM; sleep 3600 & wait"]`;
  await pod(`
  containers:
    - { name: stays, image: "${BUSYBOX}", command: ${command} }
    - { name: restarts, image: "${BUSYBOX}", command: ${command} }`);
  await ok('up', '-d');
  const networks = async () => {
    const { infra, containers } = await livePod(id);
    const pids = [infra, ...Object.values(containers)].map(({ pid }) => String(pid));
    return new Set(await Promise.all(pids.map((pid) => readlink(`/proc/${pid}/ns/net`))));
  };

  await withoutWatcher(id, async () => {
    await step('the infra container is killed and started again, and with it one of the two', async () => {
      // podman ps gives whole seconds.
      await sleep(1100);
      process.kill(Number((await livePod(id)).infra.pid), 'SIGKILL');
      await eventually('the end of the infra container', async () =>
        (await livePod(id)).infra.status === 'running' ? undefined : true,
      );
      await podman('stop', '--time', '5', `${id}-restarts`);
      await podman('pod', 'start', id);
      assert.equal(of(await livePod(id), 'stays').status, 'running');
      assert.equal((await networks()).size, 2);
    });
    await step('up restarts the other one, and nothing else', async () => {
      const plan = await podpose(['plan', '--detailed-exitcode']);
      assert.equal(plan.code, 2, plan.story);
      assert.match(plan.stdout, /~ pod\/\S+ container\/stays +.*with the infra container/);
      assert.doesNotMatch(plan.stdout, /container\/restarts/);
      const before = await livePod(id);
      await ok('up', '-d');
      assertChanged(before, await livePod(id), { restarted: ['stays'] });
      assert.equal((await networks()).size, 1);
    });
  });
  await step('there is nothing left to do', async () => {
    const plan = await podpose(['plan', '--detailed-exitcode']);
    assert.equal(plan.code, 0, plan.story);
  });
});
