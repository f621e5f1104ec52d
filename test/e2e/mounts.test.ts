import assert from 'node:assert/strict';
import { chmod, mkdir, readdir, readFile, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { eventually } from './support/eventually.ts';
import { BUSYBOX } from './support/images.ts';
import { exec, podman, thingsOf, tryPodman } from './support/podman.ts';
import { assertRefused, podText, scenario } from './support/scenario.ts';

/** Stays until it is told to stop. */
const STAYS = `["sh", "-c", "trap 'exit 0' TERM; sleep 3600 & wait"]`;

/** Options and further fields of a mount, as /proc/self/mountinfo of a container has them. */
async function mountInfo(container: string, path: string): Promise<string> {
  const lines = (await exec(container, 'cat', '/proc/self/mountinfo')).split('\n');
  return lines.find((line) => line.split(' ')[4] === path) ?? '';
}

/** Whether the mount that a folder is on hands on to others what is mounted in it. */
function isShared(mountInfoOfMachine: string, directory: string): boolean {
  const mounts = mountInfoOfMachine
    .split('\n')
    .map((line) => ({ line, path: line.split(' ')[4] ?? '' }))
    .filter(({ path }) => path !== '' && `${directory}/`.startsWith(path === '/' ? '/' : `${path}/`))
    .sort((a, b) => a.path.length - b.path.length);
  return /(?:shared|master):/.test(mounts.at(-1)?.line ?? '');
}

scenario('A subPath that leads out of its volume is refused before the container starts', async (story) => {
  const { id, directory, step, pod, podpose } = story;
  await mkdir(join(directory, 'shared'));
  await mkdir(join(directory, 'secret'));
  await symlink('../secret', join(directory, 'shared', 'up'));
  const linked = (subPath: string, init: string) => `
  restartPolicy: Never
  initContainers:
    - name: prepare
      image: ${BUSYBOX}
      command: ["sh", "-c", ${JSON.stringify(init)}]
      volumeMounts: [{ name: data, mountPath: /all }]
  containers:
    - name: app
      image: ${BUSYBOX}
      command: ${STAYS}
      volumeMounts: [{ name: data, mountPath: /sub, subPath: ${subPath} }]
  volumes:
    - name: data
      emptyDir: {}`;
  const outside: readonly (readonly [string, string, string])[] = [
    ['a link to a folder of the machine', 'evil', 'ln -s /etc /all/evil'],
    ['a folder behind such a link, which would be made', 'evil/new/deeper', 'ln -s /tmp /all/evil'],
    ['a link upwards', 'a/evil', 'mkdir /all/a && ln -s ../../.. /all/a/evil'],
    ['a link to a file of the machine', 'evil', 'ln -s /etc/passwd /all/evil'],
    ['a link to nothing', 'evil/x', 'ln -s /none/of/all /all/evil'],
  ];
  for (const [what, subPath, init] of outside) {
    await step(what, async () => {
      await pod(linked(subPath, init));
      assertRefused(await podpose(['up', '-d']), 1, new RegExp(`the path ${subPath} leaves the volume`));
      assert.ok(!(await thingsOf(id)).containers.includes(`${id}-app`));
      assert.equal((await podpose(['down'])).code, 0);
    });
  }
  await step('a link inside of the volume is followed', async () => {
    await pod(linked('good', 'mkdir /all/real && echo in > /all/real/file && ln -s real /all/good'));
    const up = await podpose(['up', '-d']);
    assert.equal(up.code, 0, up.story);
    assert.equal(await exec(`${id}-app`, 'cat', '/sub/file'), 'in\n');
    assert.equal((await podpose(['down'])).code, 0);
  });
  await step('so it is in a folder of the machine', async () => {
    await pod(`
  containers:
    - name: app
      image: ${BUSYBOX}
      command: ${STAYS}
      volumeMounts: [{ name: data, mountPath: /sub, subPath: up/made }]
  volumes:
    - name: data
      hostPath: { path: shared }`);
    assertRefused(await podpose(['up', '-d']), 1, /the path up\/made leaves the volume/);
    assert.deepEqual(await readdir(join(directory, 'secret')), []);
  });
});

scenario('A subPath stays in its volume when its container starts again', async (story) => {
  const { id, directory, step, file, podpose, ok } = story;
  const canary = join(directory, 'canary');
  await mkdir(canary);
  await writeFile(join(canary, 'secret'), 'CANARY');
  await chmod(canary, 0o777);
  await mkdir(join(directory, 'shared'));
  /** A container that turns bad: it has all of the volume. The other has one folder of it, and ends now and then. */
  const manifest = (volume: string) => `
  terminationGracePeriodSeconds: 1
  containers:
    - name: bad
      image: ${BUSYBOX}
      command: [sh, -c, 'while ! [ -e /all/sub/seen ]; do sleep 0.1; done; mv /all/sub /all/moved; ln -s ${canary} /all/sub; sleep 3600']
      volumeMounts: [{ name: data, mountPath: /all }]
    - name: good
      image: ${BUSYBOX}
      command: [sh, -c, 'cat /part/secret; touch /part/seen /part/written; [ -e /part/stay ] && sleep 3600; sleep 0.5; exit 1']
      volumeMounts: [{ name: data, mountPath: /part, subPath: sub }]
  volumes:
    - name: data
      ${volume}`;
  const claim = `---\napiVersion: v1\nkind: PersistentVolumeClaim\nmetadata: { name: ${id}-claim }\nspec: { accessModes: [ReadWriteOnce], resources: { requests: { storage: 1Gi } } }\n`;
  const kinds: readonly (readonly [string, string])[] = [
    ['an emptyDir', 'emptyDir: {}'],
    ['a folder of the machine', `hostPath: { path: ${join(directory, 'shared')} }`],
    ['a PersistentVolumeClaim', `persistentVolumeClaim: { claimName: ${id}-claim }`],
  ];
  for (const [what, volume] of kinds) {
    await step(`in ${what}, when the watcher starts it again`, async () => {
      await file('pod.yaml', podText(id, manifest(volume)) + (volume.startsWith('persistent') ? claim : ''));
      await podpose(['up', '-d']);
      await eventually('the link', async () => {
        const link = await tryPodman('exec', `${id}-bad`, 'readlink', '/all/sub');
        return link.code === 0 ? true : undefined;
      });
      // It has ended and was started again, or that was refused.
      await new Promise((resolve) => setTimeout(resolve, 1500));
      assert.doesNotMatch(await podman('logs', `${id}-good`), /CANARY/);
      assert.deepEqual(await readdir(canary), ['secret']);
    });
    await step('and when podpose starts it again', async () => {
      // Where podman could start it, it stays from now on: one that ends by itself cannot be stopped for good.
      await exec(`${id}-bad`, 'touch', '/all/moved/stay');
      await new Promise((resolve) => setTimeout(resolve, 1000));
      await tryPodman('stop', '--time', '0', `${id}-good`);
      assertRefused(await podpose(['up', '-d']), 1, /the path sub leaves the volume/);
      assert.doesNotMatch(await podman('logs', `${id}-good`), /CANARY/);
      assert.deepEqual(await readdir(canary), ['secret']);
      await ok('down');
      const mounts = await podman('unshare', 'cat', '/proc/self/mounts');
      assert.ok(!mounts.includes(`/podpose/${id}/`), 'a mount is left');
    });
  }
});

scenario('A folder that a subPath names is made with the mode of its volume', async (story) => {
  const { id, step, pod, ok } = story;
  await pod(`
  containers:
    - name: app
      image: ${BUSYBOX}
      command: ${STAYS}
      securityContext: { runAsUser: 4711, runAsGroup: 4712 }
      env:
        - { name: POD_NAME, valueFrom: { fieldRef: { fieldPath: metadata.name } } }
        - { name: STAGE, value: test }
      volumeMounts:
        - { name: data, mountPath: /new, subPath: new/deeper }
        - { name: data, mountPath: /logs, subPathExpr: logs/$(POD_NAME)/$(STAGE) }
        - { name: data, mountPath: /odd, subPath: "it's, a: folder", readOnly: true }
        - { name: data, mountPath: /all }
  volumes:
    - name: data
      emptyDir: {}`);
  await ok('up', '-d');
  await step('every user can write into it', async () => {
    assert.equal(await exec(`${id}-app`, 'stat', '-c', '%a', '/all/new', '/new'), '777\n777\n');
    await exec(`${id}-app`, 'sh', '-c', 'echo mine > /new/file');
    assert.equal(await exec(`${id}-app`, 'cat', '/all/new/deeper/file'), 'mine\n');
  });
  await step('subPathExpr: with the variables of the container', async () => {
    await exec(`${id}-app`, 'sh', '-c', 'echo log > /logs/file');
    assert.equal(await exec(`${id}-app`, 'cat', `/all/logs/${id}/test/file`), 'log\n');
  });
  await step('a folder with an odd name is mounted, too', async () => {
    await exec(`${id}-app`, 'sh', '-c', `echo odd > "/all/it's, a: folder/file"`);
    assert.equal(await exec(`${id}-app`, 'cat', '/odd/file'), 'odd\n');
    await assert.rejects(exec(`${id}-app`, 'touch', '/odd/mine'), /Read-only file system/);
  });
  await step('it is still so when podman starts the container again', async () => {
    await podman('restart', '--time', '5', `${id}-app`);
    assert.equal(await exec(`${id}-app`, 'cat', '/new/file', '/logs/file', '/odd/file'), 'mine\nlog\nodd\n');
  });
});

scenario('mountPropagation and recursiveReadOnly as the kernel has them', async (story) => {
  const { id, directory, step, pod, ok, podpose } = story;
  await mkdir(join(directory, 'shared'));
  await pod(`
  containers:
    - name: app
      image: ${BUSYBOX}
      command: ${STAYS}
      volumeMounts:
        - { name: shared, mountPath: /none }
        - { name: shared, mountPath: /slave, mountPropagation: HostToContainer }
        - { name: data, mountPath: /data, mountPropagation: HostToContainer }
        - { name: data, mountPath: /fixed, readOnly: true, recursiveReadOnly: Enabled }
        - { name: shared, mountPath: /fixed-if-possible, readOnly: true, recursiveReadOnly: IfPossible }
  volumes:
    - name: data
      emptyDir: {}
    - name: shared
      hostPath: { path: shared }`);
  await ok('up', '-d');
  await step('podman has made them so', async () => {
    const format = '{{range .Mounts}}{{.Destination}}={{.Propagation}}\n{{end}}';
    const mounts = (await podman('inspect', '--format', format, `${id}-app`)).trim().split('\n').sort();
    assert.deepEqual(
      mounts.filter((line) => line !== ''),
      ['/data=rslave', '/fixed-if-possible=rprivate', '/fixed=rprivate', '/none=rprivate', '/slave=rslave'],
    );
  });
  await step('inside, only HostToContainer follows the mounts of the machine', async () => {
    assert.doesNotMatch(await mountInfo(`${id}-app`, '/none'), /master:|shared:/);
    assert.doesNotMatch(await mountInfo(`${id}-app`, '/slave'), /shared:/);
    // Where the machine shares its mounts at all, as one with systemd does.
    const follows = /master:/.test(await mountInfo(`${id}-app`, '/slave'));
    assert.equal(follows, isShared(await readFile('/proc/self/mountinfo', 'utf8'), directory));
  });
  await step('what is read-only cannot be written to', async () => {
    for (const path of ['/fixed', '/fixed-if-possible'])
      await assert.rejects(exec(`${id}-app`, 'touch', `${path}/file`), /Read-only file system/);
    await exec(`${id}-app`, 'touch', '/data/file', '/slave/file');
  });
  await step('Bidirectional, and Enabled for a hostPath, are refused with the reason', async () => {
    await pod(`
  containers:
    - name: app
      image: ${BUSYBOX}
      securityContext: { privileged: true }
      volumeMounts:
        - { name: shared, mountPath: /a, mountPropagation: Bidirectional }
        - { name: shared, mountPath: /b, readOnly: true, recursiveReadOnly: Enabled }
  volumes:
    - name: shared
      hostPath: { path: shared }`);
    assertRefused(
      await podpose(['up', '-d']),
      2,
      /mountPropagation: not supported: mounts of a rootless container are not visible outside of it/,
      /recursiveReadOnly: not supported: podman cannot make submounts of a host directory read-only/,
    );
  });
});
