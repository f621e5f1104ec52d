import assert from 'node:assert/strict';
import { BUSYBOX } from './support/images.ts';
import { exec, podman } from './support/podman.ts';
import { assertRefused, scenario } from './support/scenario.ts';

const STAYS = `["sh", "-c", "trap 'exit 0' TERM; sleep 3600 & wait"]`;

function inspect(container: string, field: string): Promise<string> {
  return podman('container', 'inspect', '--format', `{{${field}}}`, container).then((text) => text.trim());
}

scenario("podman's annotations are settings of the pod and its containers", async (story) => {
  const { id, step, file, ok, podpose } = story;
  const manifest = (nofile: string, more = '') => `
apiVersion: v1
kind: Pod
metadata:
  name: ${id}
  annotations:
    io.podman.annotations.userns: keep-id:uid=200,gid=210
    io.podman.annotations.infra.name: ${id}-pause
    io.podman.annotations.ulimit/app: nofile=${nofile}
    io.podman.annotations.pids-limit/app: "100"
    io.podman.annotations.init/app: "true"
    io.containers.autoupdate/app: registry
    run.oci.keep_original_groups: "1"${more}
spec:
  volumes: [{ name: disk, emptyDir: {} }, { name: text, downwardAPI: { items: [{ path: name, fieldRef: { fieldPath: metadata.name } }] } }]
  initContainers:
    - { name: init, image: ${BUSYBOX}, command: [sh, -c, "id -u > /disk/user"], volumeMounts: &mounts [{ name: disk, mountPath: /disk }, { name: text, mountPath: /text }] }
  containers:
    - { name: app, image: ${BUSYBOX}, command: ${STAYS}, volumeMounts: *mounts }
    - { name: log, image: ${BUSYBOX}, command: ${STAYS} }
`;
  await file('pod.yaml', manifest('512:1024'));
  const { stderr } = await ok('up', '-d');
  await step('the user of the machine is another one in the pod, also in init containers', async () => {
    assert.equal(await exec(`${id}-app`, 'id', '-u'), '200\n');
    assert.equal(await exec(`${id}-app`, 'id', '-g'), '210\n');
    assert.equal(await exec(`${id}-app`, 'cat', '/disk/user'), '200\n');
    assert.equal(await exec(`${id}-app`, 'cat', '/text/name'), id);
  });
  await step('the infra container has its name', async () => {
    assert.equal(await inspect(`${id}-pause`, '.IsInfra'), 'true');
  });
  await step('limits, init and the label are those of one container', async () => {
    assert.match(await exec(`${id}-app`, 'cat', '/proc/1/limits'), /^Max open files +512 +1024 /m);
    assert.equal(await inspect(`${id}-app`, 'index .Config.Labels "io.containers.autoupdate"'), 'registry');
    assert.match(await exec(`${id}-app`, 'cat', '/proc/1/cmdline'), /^\/(?:run|dev)\/.*init/);
    assert.doesNotMatch(await exec(`${id}-log`, 'cat', '/proc/1/cmdline'), /^\/(?:run|dev)\//);
    const other = await podman('container', 'inspect', '--format', '{{json .Config.Labels}}', `${id}-log`);
    assert.doesNotMatch(other, /autoupdate/);
    assert.match(await inspect(`${id}-log`, 'index .Config.Annotations "run.oci.keep_original_groups"'), /1/);
  });
  await step('the number of processes is limited, or a warning says that this user cannot', async () => {
    if (/process limits .* are ignored/.test(stderr)) return;
    assert.equal(await inspect(`${id}-app`, '.HostConfig.PidsLimit'), '100');
  });
  await step('applied again, nothing changes', async () => {
    assert.match((await ok('up', '-d')).stderr, /Nothing to do/);
  });

  const [pause, log] = [await inspect(`${id}-pause`, '.Id'), await inspect(`${id}-log`, '.Id')];
  await step('a changed annotation of one container replaces that container', async () => {
    await file('pod.yaml', manifest('600:1024'));
    await ok('up', '-d');
    assert.match(await exec(`${id}-app`, 'cat', '/proc/1/limits'), /^Max open files +600 +1024 /m);
    assert.equal(await inspect(`${id}-log`, '.Id'), log);
    assert.equal(await inspect(`${id}-pause`, '.Id'), pause);
  });
  await step('an annotation without effect is a warning, and changes nothing', async () => {
    await file('pod.yaml', manifest('600:1024', '\n    io.containers.sdnotify: container'));
    const again = await ok('up', '-d');
    assert.match(again.stderr, /io\.containers\.sdnotify.*ignored: podpose does not notify systemd/);
    assert.match(again.stderr, /Nothing to do/);
  });
  await step('an invalid value is an error before anything changes', async () => {
    await file('pod.yaml', manifest('many'));
    assertRefused(await podpose(['up', '-d']), 2, /must be NAME=SOFT:HARD/);
    assert.equal(await inspect(`${id}-log`, '.Id'), log);
  });
});

scenario(
  'hostUsers false: a user namespace of its own, large enough for the users of the pod',
  async (story) => {
    const { id, step, pod, ok } = story;
    await pod(`
  hostUsers: false
  volumes:
    - { name: disk, emptyDir: {} }
    - { name: memory, emptyDir: { medium: Memory } }
    - { name: data, persistentVolumeClaim: { claimName: ${id}-data } }
  containers:
    - name: app
      image: ${BUSYBOX}
      command: ${STAYS}
      securityContext: { runAsUser: 3000 }
    - { name: root, image: ${BUSYBOX}, command: ${STAYS}, volumeMounts: [{ name: disk, mountPath: /disk }, { name: memory, mountPath: /memory }, { name: data, mountPath: /data }, { name: disk, mountPath: /sub, subPath: a }] }`);
    await ok('up', '-d');
    const mapping = async (container: string) =>
      (await exec(container, 'cat', '/proc/self/uid_map')).trim().split(/\s+/).map(Number);
    await step('root and the user of the machine are not in it', async () => {
      const [inside, outside, size] = await mapping(`${id}-root`);
      assert.deepEqual([inside, size], [0, 3001]);
      assert.notEqual(outside, 0);
      assert.equal(await exec(`${id}-app`, 'id', '-u'), '3000\n');
    });
    await step('root of the pod writes to its volumes', async () => {
      await exec(`${id}-root`, 'touch', '/disk/file', '/memory/file', '/data/file', '/sub/file');
    });
    await step('applied again, nothing changes', async () => {
      assert.match((await ok('up', '-d')).stderr, /Nothing to do/);
    });
  },
);

scenario('a device in the notation of podman kube play', async ({ id, step, pod, ok, podpose }) => {
  const app = (device: string) => `
  containers:
    - { name: app, image: ${BUSYBOX}, command: ${STAYS}, resources: { limits: { "podman.io/device=${device}": 1 } } }`;
  await pod(app('/dev/zero:/dev/nothing'));
  const { stderr } = await ok('up', '-d');
  await step('is in the container', async () => {
    assert.match(await exec(`${id}-app`, 'ls', '-l', '/dev/nothing'), /^c/);
    assert.match(stderr, /a cluster refuses this name/);
  });
  await step('is an error for a cluster', async () => {
    const ended = await podpose(['validate', '--target', 'kubernetes', 'pod.yaml']);
    assertRefused(ended, 2, /a cluster refuses this name/);
  });
});
