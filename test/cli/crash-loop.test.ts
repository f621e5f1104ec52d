import assert from 'node:assert/strict';
import { describe } from 'node:test';
import { withState } from '../fake-podman/store.ts';
import { assertEnded, HAS_IMAGE, IMAGE, pod, SIDE_BY_SIDE, story, type Desk } from './support.ts';

const twoContainers = (policy: string) =>
  pod(
    'web',
    `  restartPolicy: ${policy}
  containers: [{name: app, image: '${IMAGE}'}, {name: side, image: '${IMAGE}'}]`,
  );
/** It runs until the test ends it, and then crashes again and again. */
const crashing = { runsFor: 100, exitCode: 3, output: ['out of luck'] };
const behaviours = { 'web-app': [{ runsFor: 600_000, exitCode: 3 }, crashing] };

/** Ends the first run, and waits for more than one of the next ones. */
async function crash({ fake }: Desk): Promise<void> {
  withState(fake.env.FAKE_PODMAN_DIR, ({ containers }) => {
    const app = Object.values(containers).find(({ name }) => name === 'web-app');
    const run = app?.runs.at(-1);
    assert.ok(app?.state === 'running' && run !== undefined);
    run.endsAt = Date.now();
  });
  await new Promise((resolve) => setTimeout(resolve, 300));
}

void describe('a container that crashes again and again is a difference', SIDE_BY_SIDE, () => {
  for (const version of ['4.3.1', '5.4.2'])
    story(`podman ${version}: plan and up report it`, { ...HAS_IMAGE, version, behaviours }, async (desk) => {
      desk.file('pod.yaml', twoContainers('Always'));
      assertEnded(await desk.podpose('up', '-d'), 0);
      await crash(desk);
      const { containers } = desk.fake.state();
      const plan = await desk.podpose('plan', '--detailed-exitcode');
      assertEnded(plan, 2);
      assert.match(plan.stdout, /^ {2}! pod\/web container\/app {3}crash-looping \(\d+ restarts?\)$/m);
      assert.match(plan.stdout, /, 1 container to check\.$/m);
      assert.doesNotMatch(plan.stdout, /container\/side/);
      const json = await desk.podpose('plan', '--format', 'json');
      assert.match(
        json.stdout,
        /"action": "check",\s+"reason": \{\s+"kind": "crash-looping",\s+"restarts": \d/,
      );
      const up = await desk.podpose('up', '-d');
      assertEnded(
        up,
        1,
        /^pod\/web container\/app is up to date, but crash-looping \(\d+ restarts?\)\.$/m,
        'error: pod/web container/app failed with exit code 3 and is being restarted (restartPolicy: Always)',
        '| out of luck',
      );
      assert.deepEqual(Object.keys(desk.fake.state().containers), Object.keys(containers));
    });

  story('an OnFailure container that is being retried', { ...HAS_IMAGE, behaviours }, async (desk) => {
    desk.file('pod.yaml', twoContainers('OnFailure'));
    assertEnded(await desk.podpose('up', '-d'), 0);
    await crash(desk);
    const plan = await desk.podpose('plan');
    assert.match(plan.stdout, /container\/app {3}failed and is being retried \(\d+ restarts?\)$/m);
  });
});
