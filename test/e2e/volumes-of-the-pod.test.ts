import assert from 'node:assert/strict';
import { BUSYBOX } from './support/images.ts';
import { exec, podman } from './support/podman.ts';
import { assertNothingLeft, scenario } from './support/scenario.ts';

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

  await step('that nothing keeps it from growing is said', () => {
    assert.match(stderr, /storage|requests/);
    assert.match(stderr, /ignored: the volume has all the space that the disk has/);
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
