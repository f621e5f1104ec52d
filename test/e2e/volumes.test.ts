import assert from 'node:assert/strict';
import { mkdir, readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { BUSYBOX, TEST_IMAGE } from './support/images.ts';
import { exec, podman } from './support/podman.ts';
import { assertNothingLeft, assertRefused, scenario } from './support/scenario.ts';

/** Stays until it is told to stop. */
const STAYS = `["sh", "-c", "trap 'exit 0' TERM; sleep 3600 & wait"]`;

scenario('An emptyDir starts empty, belongs to everybody, and is shared', async (story) => {
  const { id, step, pod, ok } = story;
  // The image of the app has files of its own in /srv.
  await pod(`
  containers:
    - name: app
      image: ${TEST_IMAGE}
      command: ${STAYS}
      workingDir: /
      volumeMounts: [{ name: data, mountPath: /srv }]
    - name: other
      image: ${BUSYBOX}
      command: ${STAYS}
      securityContext: { runAsUser: 4711, runAsGroup: 4712 }
      volumeMounts: [{ name: data, mountPath: /data }]
    - name: reader
      image: ${BUSYBOX}
      command: ${STAYS}
      volumeMounts: [{ name: data, mountPath: /data, readOnly: true }]
  volumes:
    - name: data
      emptyDir: {}`);
  await ok('up', '-d');

  await step('it is empty, although the image has files at that place', async () => {
    assert.equal(await exec(`${id}-app`, 'ls', '-A', '/srv'), '');
  });
  await step('its mode is 0777 and its owner root', async () => {
    assert.equal(await exec(`${id}-app`, 'stat', '-c', '%a %u:%g', '/srv'), '777 0:0\n');
  });
  await step('users that have nothing in common write into it, and read what the other wrote', async () => {
    await exec(`${id}-app`, 'sh', '-c', 'id -u > /srv/from-app');
    await exec(`${id}-other`, 'sh', '-c', 'id -u > /data/from-other');
    assert.equal(await exec(`${id}-app`, 'cat', '/srv/from-other'), '4711\n');
    assert.equal(await exec(`${id}-other`, 'cat', '/data/from-app'), '1000\n');
  });
  await step('a mount that is readOnly can be read only', async () => {
    assert.equal(await exec(`${id}-reader`, 'cat', '/data/from-app'), '1000\n');
    await assert.rejects(exec(`${id}-reader`, 'touch', '/data/mine'), /Read-only file system/);
  });
  await step('a container that is started again finds what was there', async () => {
    await podman('restart', '--time', '5', `${id}-app`);
    assert.equal(await exec(`${id}-app`, 'cat', '/srv/from-other'), '4711\n');
  });
  await step('it goes with its pod', async () => {
    await ok('down');
    await assertNothingLeft(story);
  });
});

scenario('subPath mounts a part of a volume', async (story) => {
  const { id, directory, step, pod, file, ok } = story;
  await mkdir(join(directory, 'conf'));
  await file('conf/app.conf', 'from the host\n');
  await pod(`
  initContainers:
    - name: prepare
      image: ${BUSYBOX}
      command: ["sh", "-c", "mkdir /all/made && echo by init > /all/made/file"]
      volumeMounts: [{ name: data, mountPath: /all }]
  containers:
    - name: app
      image: ${BUSYBOX}
      command: ${STAYS}
      volumeMounts:
        - { name: data, mountPath: /made, subPath: made }
        - { name: data, mountPath: /new, subPath: new/deeper }
        - { name: conf, mountPath: /etc/app.conf, subPath: app.conf, readOnly: true }
    - name: whole
      image: ${BUSYBOX}
      command: ${STAYS}
      volumeMounts: [{ name: data, mountPath: /all }]
  volumes:
    - name: data
      emptyDir: {}
    - name: conf
      hostPath: { path: conf, type: Directory }`);
  await ok('up', '-d');

  await step('a folder that an init container made is mounted as it is', async () => {
    assert.equal(await exec(`${id}-app`, 'cat', '/made/file'), 'by init\n');
  });
  await step('a folder that was not there is made, and what is written there is in the volume', async () => {
    await exec(`${id}-app`, 'sh', '-c', 'echo from app > /new/file');
    assert.equal(await exec(`${id}-whole`, 'cat', '/all/new/deeper/file'), 'from app\n');
  });
  await step('a single file of a folder of the host is mounted', async () => {
    assert.equal(await exec(`${id}-app`, 'cat', '/etc/app.conf'), 'from the host\n');
    assert.equal(await exec(`${id}-app`, 'ls', '/etc/app.conf'), '/etc/app.conf\n');
  });
});

scenario(
  'A hostPath is taken from the folder of the manifest, and made where its type says so',
  async (story) => {
    const { id, directory, step, pod, file, ok } = story;
    await mkdir(join(directory, 'there'));
    await file('there/note', 'from the host\n');
    await pod(`
  containers:
    - name: app
      image: ${BUSYBOX}
      command: ${STAYS}
      volumeMounts:
        - { name: there, mountPath: /there }
        - { name: folder, mountPath: /folder }
        - { name: file, mountPath: /file }
        - { name: device, mountPath: /dev/nothing }
  volumes:
    - name: there
      hostPath: { path: there }
    - name: folder
      hostPath: { path: made/folder, type: DirectoryOrCreate }
    - name: file
      hostPath: { path: made-file, type: FileOrCreate }
    - name: device
      hostPath: { path: /dev/null, type: CharDevice }`);
    await ok('up', '-d');

    await step('what is on the host is seen in the container, and the other way round', async () => {
      assert.equal(await exec(`${id}-app`, 'cat', '/there/note'), 'from the host\n');
      await exec(`${id}-app`, 'sh', '-c', 'echo from the pod > /there/answer');
      assert.equal(await readFile(join(directory, 'there/answer'), 'utf8'), 'from the pod\n');
    });
    await step('DirectoryOrCreate has made a folder with mode 0755', async () => {
      const made = await stat(join(directory, 'made/folder'));
      assert.ok(made.isDirectory());
      assert.equal(made.mode & 0o777, 0o755);
    });
    await step('FileOrCreate has made an empty file with mode 0644', async () => {
      const made = await stat(join(directory, 'made-file'));
      assert.ok(made.isFile());
      assert.equal(made.mode & 0o777, 0o644);
      assert.equal(made.size, 0);
    });
    await step('down leaves the files of the host alone', async () => {
      await ok('down');
      assert.equal(await readFile(join(directory, 'there/answer'), 'utf8'), 'from the pod\n');
    });
  },
);

scenario('A hostPath that is not what its type says is refused before anything is touched', async (story) => {
  const { directory, step, pod, podpose } = story;
  await writeFile(join(directory, 'a-file'), '');
  const wrong = [
    { path: 'nowhere', type: 'Directory', words: /nowhere/ },
    { path: 'nowhere', type: 'File', words: /nowhere/ },
    { path: 'nowhere', type: '""', words: /nowhere/ },
    { path: 'a-file', type: 'Directory', words: /a-file.*directory/ },
    { path: 'a-file', type: 'Socket', words: /a-file.*socket/ },
    { path: '.', type: 'File', words: /file/ },
    { path: 'a-file', type: 'BlockDevice', words: /a-file.*block device/ },
  ];
  for (const { path, type, words } of wrong)
    await step(`${path} as ${type}`, async () => {
      await pod(`
  containers:
    - name: app
      image: ${BUSYBOX}
      volumeMounts: [{ name: host, mountPath: /host }]
  volumes:
    - name: host
      hostPath: { path: ${path}, type: ${type} }`);
      assertRefused(await podpose(['up', '-d']), 2, words, /pod\.yaml:\d+:\d+/);
      await assertNothingLeft(story);
    });
});
