import assert from 'node:assert/strict';
import { BUSYBOX } from './support/images.ts';
import { podman, tryPodman } from './support/podman.ts';
import { scenario } from './support/scenario.ts';

scenario('Labels of an image are taken for none of podpose', async ({ id, step, pod, ok, after }) => {
  const image = `localhost/${id}:1`;
  const claims = {
    'podpose.project': id,
    'podpose.pod': id,
    'podpose.role': 'container',
    'podpose.container': 'other',
    'podpose.init-chain': 'sha256:0123',
    'podpose.note-on': 'nothing',
    'podpose.files': '{"no":"such"}',
    'podpose.spec': '{"image":"other"}',
    'podpose.format': '1',
  };
  after(() => tryPodman('rm', '--force', '--time', '0', `by-hand-${id}`));
  after(() => tryPodman('rmi', '--force', image));
  await step('an image that says so is there, and runs by hand', async () => {
    await podman('create', '--name', `by-hand-${id}`, BUSYBOX, 'true');
    const changes = Object.entries(claims).flatMap(([name, value]) => ['--change', `LABEL ${name}=${value}`]);
    await podman('commit', '--quiet', ...changes, `by-hand-${id}`, image);
    await podman('rm', `by-hand-${id}`);
    await podman('run', '--detach', '--name', `by-hand-${id}`, image, 'sleep', '3600');
    const labels = await podman(
      'inspect',
      '--format',
      '{{index .Config.Labels "podpose.project"}}',
      `by-hand-${id}`,
    );
    assert.equal(labels.trim(), id);
  });
  await pod(`
  terminationGracePeriodSeconds: 0
  containers:
    - { name: app, image: '${image}', command: [sleep, '3600'], resources: { limits: { memory: 64Mi } } }`);
  await step('a pod of it is as it should be the second time', async () => {
    await ok('up', '-d');
    assert.match((await ok('up', '-d')).stderr, /Nothing to do/);
  });
  await step('neither up nor down removes what was run by hand', async () => {
    assert.doesNotMatch((await ok('ps')).stdout, /by-hand/);
    const { stderr } = await ok('down');
    assert.doesNotMatch(stderr, /by-hand|other/);
    const state = await podman('inspect', '--format', '{{.State.Status}}', `by-hand-${id}`);
    assert.equal(state.trim(), 'running');
  });
});
