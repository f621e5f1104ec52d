import assert from 'node:assert/strict';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { TEST_IMAGE } from './support/images.ts';
import { assertAllNew, assertChanged, livePod } from './support/live-pod.ts';
import { exec, thingsOf } from './support/podman.ts';
import { scenario } from './support/scenario.ts';

const podWith = (mounts: string, volumes: string, env = '') => `
  containers:
    - { name: web, image: ${TEST_IMAGE}, volumeMounts: [{ name: shared, mountPath: /shared }] }
    - name: app
      image: ${TEST_IMAGE}
      env: [{ name: PORT, value: "8081" }${env}]
      volumeMounts: [{ name: shared, mountPath: /shared }${mounts}]
  volumes: [{ name: shared, emptyDir: {} }${volumes}]`;

scenario('Volumes come, go and change their kind with the containers that mount them', async (story) => {
  const { id, directory, step, pod, ok } = story;
  await mkdir(join(directory, 'disk'));
  await writeFile(join(directory, 'disk', 'note'), 'from the disk\n');
  await pod(podWith('', ''));
  await ok('up', '-d');
  await exec(`${id}-web`, 'sh', '-c', 'echo shared > /shared/note');
  let before = await livePod(id);
  const apply = async (spec: string, volumes: readonly string[]) => {
    await pod(spec);
    await ok('up', '-d');
    const now = await livePod(id);
    assertChanged(before, now, { replaced: ['app'] });
    for (const name of ['web', 'app'])
      assert.equal(await exec(`${id}-${name}`, 'cat', '/shared/note'), 'shared\n', 'the shared volume stays');
    assert.deepEqual((await thingsOf(id)).volumes, volumes.map((name) => `${id}-${name}`).sort());
    await ok('plan', '--detailed-exitcode');
    before = now;
  };
  const mount = ', { name: own, mountPath: /own }';

  await step('a container that changes otherwise keeps what is in its volumes', () =>
    apply(podWith('', '', ', { name: A, value: "1" }'), ['shared']),
  );
  await step('an emptyDir is added', async () => {
    await apply(podWith(mount, ', { name: own, emptyDir: {} }'), ['own', 'shared']);
    await exec(`${id}-app`, 'sh', '-c', 'echo own > /own/note');
  });
  await step('the emptyDir becomes a hostPath', async () => {
    await apply(podWith(mount, ', { name: own, hostPath: { path: disk } }'), ['shared']);
    assert.equal(await exec(`${id}-app`, 'cat', '/own/note'), 'from the disk\n');
  });
  await step('the hostPath becomes an emptyDir in memory, which is empty', async () => {
    await apply(podWith(mount, ', { name: own, emptyDir: { medium: Memory } }'), ['own', 'shared']);
    assert.match(await exec(`${id}-app`, 'cat', '/proc/mounts'), /^tmpfs \/own tmpfs /m);
    assert.equal(await exec(`${id}-app`, 'ls', '/own'), '');
  });
  await step('it is mounted elsewhere, and read-only', async () => {
    await apply(
      podWith(
        ', { name: own, mountPath: /else, readOnly: true }',
        ', { name: own, emptyDir: { medium: Memory } }',
      ),
      ['own', 'shared'],
    );
    assert.match(await exec(`${id}-app`, 'cat', '/proc/mounts'), /^tmpfs \/else tmpfs ro[, ]/m);
  });
  await step('the volume is removed', () => apply(podWith('', ''), ['shared']));

  await step('the size limit of an emptyDir that stays cannot change in a pod that lives', async () => {
    const spec = podWith('', '').replace('emptyDir: {}', 'emptyDir: { sizeLimit: 1Mi }');
    await pod(spec);
    assert.match((await ok('plan')).stdout, /spec\.volumes\[shared\]\.emptyDir/);
    await ok('up', '-d');
    const now = await livePod(id);
    assertAllNew(before, now);
    assert.equal(await exec(`${id}-web`, 'ls', '/shared'), '', 'the emptyDir went with its pod');
    await ok('plan', '--detailed-exitcode');
  });
  await step('the hostPath has lost nothing', async () => {
    assert.equal(await readFile(join(directory, 'disk', 'note'), 'utf8'), 'from the disk\n');
  });
});
