import assert from 'node:assert/strict';
import { BUSYBOX } from './support/images.ts';
import { exec, NOTHING, podman, thingsOf, tryPodman } from './support/podman.ts';
import { assertNothingLeft, assertRefused, scenario } from './support/scenario.ts';

/** Stays until it is told to stop. */
const STAYS = `["sh", "-c", "trap 'exit 0' TERM; sleep 3600 & wait"]`;

scenario('A generic ephemeral volume is there for as long as its pod is', async (story) => {
  const { id, step, pod, ok } = story;
  const spec = (image: string, hostname: string) => `
  hostname: ${hostname}
  containers:
    - name: app
      image: ${image}
      command: ${STAYS}
      workingDir: /
      securityContext: { runAsUser: 4711 }
      volumeMounts: [{ name: data, mountPath: /srv }]
  volumes:
    - name: data
      ephemeral:
        volumeClaimTemplate:
          spec:
            accessModes: [ReadWriteOnce]
            resources: { requests: { storage: 1Gi } }`;
  await pod(spec(BUSYBOX, 'one'));
  const { stderr } = await ok('up', '-d');

  await step('the size that Kubernetes requires is no reason for a warning', () => {
    assert.doesNotMatch(stderr, /warning/);
  });
  await step('it is called by the pod and its own name, as the claim would be', async () => {
    assert.match(await podman('volume', 'ls', '--format', '{{.Name}}'), new RegExp(`^${id}-data$`, 'm'));
  });
  await step('a container of any user writes to it, and finds it again after a restart', async () => {
    await exec(`${id}-app`, 'sh', '-c', 'echo mine > /srv/file');
    await podman('restart', '--time', '5', `${id}-app`);
    assert.equal(await exec(`${id}-app`, 'cat', '/srv/file'), 'mine\n');
  });
  await step('a new pod gets a new one', async () => {
    await pod(spec(BUSYBOX, 'two'));
    await ok('up', '-d');
    assert.equal(await exec(`${id}-app`, 'ls', '-A', '/srv'), '');
  });
  await step('it goes with its pod, though -v is not given', async () => {
    await ok('down');
    await assertNothingLeft(story);
  });
});

scenario('An image volume has the files of an image, read-only', async (story) => {
  const { id, step, pod, file, directory, ok, podpose, after } = story;
  const tag = `localhost/${id}:latest`;
  const build = async (version: string) => {
    const text = `FROM ${BUSYBOX}\nRUN mkdir /etc/app && echo ${version} | tee /version /etc/app/version\n`;
    const built = await podman(
      'build',
      '--quiet',
      '--tag',
      tag,
      '--file',
      await file('Containerfile', text),
      directory,
    );
    after(() => tryPodman('rmi', '--force', built.trim()));
  };
  const spec = (mount: string) => `
  containers:
    - name: app
      image: ${BUSYBOX}
      command: ${STAYS}
      volumeMounts: [{ name: files, ${mount} }]
  volumes:
    - name: files
      image: { reference: ${tag}, pullPolicy: IfNotPresent }`;
  const versionSeen = () => exec(`${id}-app`, 'cat', '/files/version');

  await step('one that is not there and may not be pulled is told of before anything is made', async () => {
    await pod(spec('mountPath: /files').replace('IfNotPresent', 'Never'));
    assertRefused(await podpose(['up', '-d']), 1, /pod\.yaml:\d+:\d+/, /not found on this machine/);
    assert.deepEqual(await thingsOf(id), NOTHING);
  });

  await build('1');
  await pod(spec('mountPath: /files'));
  await ok('up', '-d');
  await step('they are there, and stay as they are', async () => {
    assert.equal(await versionSeen(), '1\n');
    await assert.rejects(exec(`${id}-app`, 'touch', '/files/mine'), /Read-only file system/);
    await assert.rejects(exec(`${id}-app`, 'rm', '/files/version'), /Read-only file system/);
  });
  await step('applied again, nothing changes', async () => {
    assert.match((await ok('up', '-d')).stderr, /Nothing to do/);
  });
  await step('when the name means another image, the container that mounts it is made anew', async () => {
    await build('2');
    assert.match((await ok('plan')).stdout, /container\/app +image localhost\/\S+ changed/);
    await ok('up', '-d');
    assert.equal(await versionSeen(), '2\n');
    assert.match((await ok('up', '-d')).stderr, /Nothing to do/);
  });
  await step(
    'podman 5.4 and up mounts a part of it; an older one says so before anything is touched',
    async () => {
      await pod(spec('mountPath: /part, subPath: etc/app'));
      const version = /(\d+)\.(\d+)/.exec(await podman('--version'));
      const [major, minor] = [Number(version?.[1]), Number(version?.[2])];
      if (major > 5 || (major === 5 && minor >= 4)) {
        await ok('up', '-d');
        assert.match(await exec(`${id}-app`, 'cat', '/part/version'), /^2$/m);
        await assert.rejects(exec(`${id}-app`, 'touch', '/part/mine'), /Read-only file system/);
      } else {
        const refused = await podpose(['up', '-d']);
        assertRefused(refused, 1, /pod\.yaml:\d+:\d+/, /subPath of an image volume requires podman 5\.4/);
        assert.equal(await versionSeen(), '2\n');
      }
    },
  );
});
