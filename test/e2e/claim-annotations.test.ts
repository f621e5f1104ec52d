import assert from 'node:assert/strict';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { BUSYBOX } from './support/images.ts';
import { exec, podman, thingsOf, tryPodman } from './support/podman.ts';
import { assertNothingLeft, assertRefused, podText, scenario } from './support/scenario.ts';

const STAYS = `["sh", "-c", "trap 'exit 0' TERM; sleep 3600 & wait"]`;

/** A pod with a volume at /data. */
function podWith(name: string, source: string, annotations = ''): string {
  const pod = podText(
    name,
    `  terminationGracePeriodSeconds: 5
  containers:
    - name: app
      image: ${BUSYBOX}
      command: ${STAYS}
      volumeMounts: [{ name: data, mountPath: /data }]
  volumes:
    - name: data
      ${source}`,
  );
  return annotations === '' ? pod : pod.replace(/^spec:/m, `  annotations: { ${annotations} }\nspec:`);
}

function claimText(name: string, annotations: Readonly<Record<string, string>>): string {
  const lines = Object.entries(annotations).map(([key, value]) => `    volume.podman.io/${key}: "${value}"`);
  return `---
apiVersion: v1
kind: PersistentVolumeClaim
metadata:
  name: ${name}
  annotations:
${lines.join('\n')}
spec:
  accessModes: [ReadWriteOnce]
  resources: { requests: { storage: 1Gi } }
`;
}

scenario("A claim's volume is created as podman's annotations say", async (story) => {
  const { id, step, file, ok, podpose } = story;
  const [claim, app] = [`${id}-data`, `${id}-app`];
  const write = (annotations: Readonly<Record<string, string>>) =>
    file(
      'pod.yaml',
      podWith(id, `persistentVolumeClaim: { claimName: ${claim} }`) + claimText(claim, annotations),
    );
  const tmpfs = {
    uid: '818',
    gid: '819',
    driver: 'local',
    type: 'tmpfs',
    'mount-options': 'size=10m,nr_inodes=100',
  };
  await write(tmpfs);

  await step('a filesystem in memory with owner, size and options', async () => {
    await ok('up', '-d');
    assert.equal(await exec(app, 'stat', '-c', '%u:%g', '/data'), '818:819\n');
    assert.match(await exec(app, 'df', '-k', '/data'), /tmpfs\s+10240 /);
    assert.match(await exec(app, 'grep', ' /data ', '/proc/mounts'), /nr_inodes=100/);
  });
  await step('the same files again change nothing', async () => {
    assert.match((await ok('up', '-d')).stderr, /Nothing to do/);
  });
  await step('a container that is replaced gets the same volume', async () => {
    await ok('up', '-d', '--force-recreate');
    assert.equal(await exec(app, 'stat', '-c', '%u:%g', '/data'), '818:819\n');
  });
  await step('another type is refused, and nothing changes', async () => {
    const before = await podman('inspect', '--format', '{{.Id}}', app);
    await write({ uid: '818', gid: '819' });
    assertRefused(await podpose(['up', '-d']), 1, /type is 'tmpfs', not unset/, /volume export/);
    assert.equal(await podman('inspect', '--format', '{{.Id}}', app), before);
  });
  await step('another owner is a warning', async () => {
    await write({ ...tmpfs, uid: '900' });
    assert.match((await ok('up', '-d')).stderr, /uid is '818', not '900'/);
  });
  await step('down keeps it, down --volumes removes it', async () => {
    await ok('down');
    assert.equal((await tryPodman('volume', 'exists', claim)).code, 0);
    await ok('down', '--volumes', '--yes');
    await assertNothingLeft(story);
  });
  await step('with an owner alone it is a directory that outlives its containers', async () => {
    await write({ uid: '818', gid: '819' });
    await ok('up', '-d');
    assert.equal(await exec(app, 'stat', '-c', '%u:%g', '/data'), '818:819\n');
    await exec(app, 'touch', '/data/note');
    await ok('up', '-d', '--force-recreate');
    await exec(app, 'test', '-e', '/data/note');
    await ok('down', '--volumes', '--yes');
  });
  await step('it is another directory, or a copy of an image', async () => {
    const directory = join(story.directory, 'data');
    await mkdir(directory);
    await writeFile(join(directory, 'note'), 'here\n');
    await write({ type: 'none', device: directory, 'mount-options': 'bind' });
    await ok('up', '-d');
    assert.equal(await exec(app, 'cat', '/data/note'), 'here\n');
    assert.match((await ok('up', '-d')).stderr, /Nothing to do/);
    await ok('down', '--volumes', '--yes');
    assert.equal(await readFile(join(directory, 'note'), 'utf8'), 'here\n');
    await write({ driver: 'image', image: BUSYBOX });
    await ok('up', '-d');
    await exec(app, 'test', '-e', '/data/bin/busybox');
    await ok('down', '--volumes', '--yes');
    await assertNothingLeft(story);
  });
});

scenario(
  'A volume of podman for an undeclared claim is used, and owned only after --adopt',
  async (story) => {
    const { id, step, file, ok } = story;
    const [claim, app] = [`${id}-data`, `${id}-app`];
    const exists = async (volume: string) => (await tryPodman('volume', 'exists', volume)).code === 0;
    story.after(() => tryPodman('volume', 'rm', '--force', claim));
    await file('pod.yaml', podWith(id, `persistentVolumeClaim: { claimName: ${claim} }`));
    await podman('volume', 'create', claim);

    await step('it is used with a note, and down --volumes keeps it', async () => {
      assert.match((await ok('up', '-d')).stderr, /it is used with its data, and never removed/);
      await exec(app, 'touch', '/data/note');
      await ok('down', '--volumes');
      assert.ok(await exists(claim));
    });
    await step('--adopt makes it part of the project, also for a pod that does not change', async () => {
      await ok('up', '-d');
      const before = await podman('inspect', '--format', '{{.Id}}', app);
      assert.match((await ok('up', '-d', '--adopt')).stderr, /adopted/);
      assert.equal(await podman('inspect', '--format', '{{.Id}}', app), before);
      assert.match((await ok('up', '-d', '--adopt')).stderr, /Nothing to do/);
      await exec(app, 'test', '-e', '/data/note');
    });
    await step('down keeps it, and down --volumes removes it later', async () => {
      assert.match((await ok('down')).stderr, new RegExp(`volume/${claim} is kept`));
      await ok('down', '--volumes', '--yes');
      assert.ok(!(await exists(claim)));
      await assertNothingLeft(story);
    });
    await step('a volume that was created anew is not that of the adoption', async () => {
      await podman('volume', 'create', claim);
      await ok('up', '-d', '--adopt');
      await ok('down');
      await podman('volume', 'rm', claim);
      await podman('volume', 'create', claim);
      await ok('down', '--volumes', '--yes');
      assert.deepEqual((await thingsOf(id)).volumes, [claim]);
    });
  },
);

scenario('A host directory is relabelled as bind-mount-options says', async (story) => {
  const { id, step, file, ok } = story;
  const directory = join(story.directory, 'files');
  await mkdir(directory);
  await file(
    'pod.yaml',
    podWith(id, `hostPath: { path: ${directory} }`, `bind-mount-options: "${directory}:z"`),
  );
  await step('podman accepts the option, and the files are there', async () => {
    await ok('up', '-d');
    await exec(`${id}-app`, 'touch', '/data/note');
    await readFile(join(directory, 'note'));
    assert.match((await ok('up', '-d')).stderr, /Nothing to do/);
  });
});
