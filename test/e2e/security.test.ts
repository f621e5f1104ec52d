import assert from 'node:assert/strict';
import { imageWith } from './support/changed-image.ts';
import { BUSYBOX, TEST_IMAGE } from './support/images.ts';
import { containerState, exec, podman, thingsOf, tryPodman } from './support/podman.ts';
import { assertNothingLeft, assertRefused, podText, scenario } from './support/scenario.ts';

/** Stays until it is told to stop. */
const STAYS = `["sh", "-c", "trap 'exit 0' TERM; sleep 3600 & wait"]`;

scenario(
  'fsGroup and supplementalGroups: the volumes belong to the group, and every process to all',
  async (story) => {
    const { id, step, pod, ok } = story;
    await pod(`
  securityContext: { runAsUser: 1000, fsGroup: 2000, supplementalGroups: [3000, 4000] }
  initContainers:
    - name: init
      image: ${BUSYBOX}
      command: [sh, -c, umask 077; echo made > /disk/file; mkdir /disk/folder; echo made > /memory/file]
      volumeMounts: &mounts
        - { name: disk, mountPath: /disk }
        - { name: memory, mountPath: /memory }
  containers:
    - { name: app, image: ${BUSYBOX}, command: ${STAYS}, volumeMounts: *mounts }
    - name: other
      image: ${BUSYBOX}
      command: ${STAYS}
      securityContext: { runAsUser: 1001, runAsGroup: 5000 }
      volumeMounts: *mounts
  volumes:
    - { name: disk, emptyDir: {} }
    - { name: memory, emptyDir: { medium: Memory } }`);
    await ok('up', '-d');
    await step('the groups of a process', async () => {
      assert.equal(await exec(`${id}-app`, 'id', '-u'), '1000\n');
      const groups = (await exec(`${id}-app`, 'id', '-G')).trim().split(' ').map(Number);
      for (const group of [2000, 3000, 4000]) assert.ok(groups.includes(group), `${group}`);
      assert.equal(await exec(`${id}-other`, 'id', '-g'), '5000\n');
      assert.match(await exec(`${id}-other`, 'id', '-G'), /\b2000 3000 4000\b/);
    });
    await step('the volumes belong to the group, and so does what is made in them', async () => {
      for (const volume of ['disk', 'memory']) {
        assert.equal(await exec(`${id}-app`, 'stat', '-c', '%a %u %g', `/${volume}`), '2777 0 2000\n');
        assert.equal(await exec(`${id}-app`, 'stat', '-c', '%u %g', `/${volume}/file`), '1000 2000\n');
      }
      assert.equal(await exec(`${id}-app`, 'stat', '-c', '%a %g', '/disk/folder'), '2700 2000\n');
    });
    await step('another user of the pod may write beside it', async () => {
      await exec(`${id}-other`, 'touch', '/disk/beside', '/memory/beside');
    });
    await step('another fsGroup makes the pod anew, with volumes of that group', async () => {
      await pod(`
  securityContext: { fsGroup: 2001 }
  containers:
    - { name: app, image: ${BUSYBOX}, command: ${STAYS}, volumeMounts: [{ name: disk, mountPath: /disk }] }
  volumes:
    - { name: disk, emptyDir: {} }`);
      await ok('up', '-d');
      assert.equal(await exec(`${id}-app`, 'stat', '-c', '%a %u %g', '/disk'), '2777 0 2001\n');
      assert.equal(await exec(`${id}-app`, 'ls', '/disk'), '');
    });
  },
);

scenario('supplementalGroupsPolicy: the groups of the image are added, or they are not', async (story) => {
  const { id, step, pod, ok } = story;
  const image = `localhost/${id}:1`;
  await podman(
    'run',
    '--name',
    `${id}-image`,
    '--user',
    '0',
    BUSYBOX,
    'sh',
    '-c',
    `
    echo 'ann:x:1000:1000::/:/bin/sh' >> /etc/passwd
    echo 'ann:x:1000:' >> /etc/group
    echo 'wheel:x:50000:ann' >> /etc/group`,
  );
  await podman('commit', '--quiet', `${id}-image`, image);
  await podman('rm', `${id}-image`);
  story.after(() => podman('rmi', '--force', image));
  await pod(`
  securityContext: { runAsUser: 1000, supplementalGroups: [4000] }
  containers:
    - { name: app, image: "${image}", command: ${STAYS} }`);
  await ok('up', '-d');
  await step('Merge: with those that the image has its user in', async () => {
    assert.equal(await exec(`${id}-app`, 'id', '-G'), '1000 4000 50000\n');
  });
  await pod(`
  securityContext: { runAsUser: 1000, runAsGroup: 3000, supplementalGroups: [4000], supplementalGroupsPolicy: Strict }
  containers:
    - { name: app, image: "${image}", command: ${STAYS} }`);
  await ok('up', '-d');
  await step('Strict: without them', async () => {
    assert.equal(await exec(`${id}-app`, 'id', '-G'), '3000 4000\n');
  });
});

scenario('runAsNonRoot: an image that runs as root is not started', async (story) => {
  const { id, step, pod, ok, podpose } = story;
  const withImage = (image: string, more = '') => `
  securityContext: { runAsNonRoot: true }
  containers:
    - { name: app, image: "${image}", command: ${STAYS}${more} }`;
  await pod(withImage(BUSYBOX));
  await step('an image without a user is refused, and nothing is made', async () => {
    const ended = await podpose(['up', '-d']);
    assertRefused(ended, 1, /runAsNonRoot is set, but the image runs as root/, /runAsUser/);
    await assertNothingLeft(story);
  });
  const named = await imageWith(story, 'USER nobody');
  await pod(withImage(named));
  await step('an image with a user that has no number is refused', async () => {
    assertRefused(await podpose(['up', '-d']), 1, /image has non-numeric user \(nobody\)/);
    await assertNothingLeft(story);
  });
  await pod(withImage(named, ', securityContext: { runAsUser: 65534 }'));
  await step('with a runAsUser it runs, as that user', async () => {
    await ok('up', '-d');
    assert.equal(await exec(`${id}-app`, 'id', '-u'), '65534\n');
  });
  const before = await containerState(`${id}-app`);
  await pod(withImage(BUSYBOX));
  await step('what runs stays as it is when its new image runs as root', async () => {
    assertRefused(await podpose(['up', '-d']), 1, /the image runs as root/);
    assert.deepEqual(await containerState(`${id}-app`), before);
    assert.deepEqual((await thingsOf(id)).containers, [`${id}-app`]);
  });
  await pod(withImage(TEST_IMAGE));
  await step('an image with a user that is a number runs', async () => {
    await ok('up', '-d');
    assert.equal(await exec(`${id}-app`, 'id', '-u'), '1000\n');
  });
});

scenario('seccompProfile: the one of podman, none, or one of a file', async (story) => {
  const { id, step, file, pod, ok, podpose } = story;
  const context = (profile: string) => `securityContext: { seccompProfile: ${profile} }`;
  await pod(`
  ${context('{ type: Localhost, localhostProfile: no-folders.json }')}
  containers:
    - { name: inherits, image: ${BUSYBOX}, command: ${STAYS} }
    - { name: default, image: ${BUSYBOX}, command: ${STAYS}, ${context('{ type: RuntimeDefault }')} }
    - { name: none, image: ${BUSYBOX}, command: ${STAYS}, ${context('{ type: Unconfined }')} }`);
  await step('a profile that is not there is told of before anything is made', async () => {
    const ended = await podpose(['up', '-d']);
    assertRefused(ended, 2, /no such file: \S+no-folders\.json/);
    await assertNothingLeft(story);
  });
  await file(
    'no-folders.json',
    JSON.stringify({
      defaultAction: 'SCMP_ACT_ALLOW',
      syscalls: [{ names: ['mkdir', 'mkdirat'], action: 'SCMP_ACT_ERRNO', errnoRet: 1 }],
    }),
  );
  await ok('up', '-d');
  const seccomp = async (container: string) =>
    /^Seccomp:\s*(\d)/m.exec(await exec(`${id}-${container}`, 'cat', '/proc/1/status'))?.[1];
  await step('2 is a filter, 0 is none', async () => {
    assert.equal(await seccomp('inherits'), '2');
    assert.equal(await seccomp('default'), '2');
    assert.equal(await seccomp('none'), '0');
  });
  await step('what the file forbids is not permitted', async () => {
    const made = await exec(`${id}-inherits`, 'sh', '-c', 'mkdir /tmp/folder 2>&1 || true');
    assert.match(made, /Operation not permitted/);
    await exec(`${id}-default`, 'mkdir', '/tmp/folder');
  });
});

scenario('procMount Unmasked, and SELinux options where there may be no SELinux', async (story) => {
  const { id, step, pod, ok } = story;
  await pod(`
  hostUsers: false
  securityContext: { seLinuxOptions: { level: "s0:c1,c2" } }
  containers:
    - { name: masked, image: ${BUSYBOX}, command: ${STAYS} }
    - name: unmasked
      image: ${BUSYBOX}
      command: ${STAYS}
      securityContext: { procMount: Unmasked }`);
  await ok('up', '-d');
  const mountsInProc = async (container: string) =>
    (await exec(`${id}-${container}`, 'cat', '/proc/mounts')).match(/ \/proc\/\S+ /g) ?? [];
  await step('parts of /proc are covered, or none', async () => {
    assert.ok((await mountsInProc('masked')).length > 0);
    assert.deepEqual(await mountsInProc('unmasked'), []);
  });
  await step('root in the pod is not root on the machine', async () => {
    const [inside = '', outside = ''] = (await exec(`${id}-masked`, 'cat', '/proc/self/uid_map'))
      .trim()
      .split(/\s+/);
    assert.equal(inside, '0');
    assert.notEqual(outside, '0');
  });
});

scenario(
  'sysctls are those of the pod, seen by all of its containers',
  async ({ id, step, pod, ok, podpose }) => {
    const values = (container: string) =>
      exec(
        `${id}-${container}`,
        'sh',
        '-c',
        'cd /proc/sys/net/ipv4; cat ip_unprivileged_port_start ip_local_reserved_ports',
      );
    await pod(`
  securityContext:
    runAsUser: 1000
    sysctls:
      - { name: net.ipv4.ip_unprivileged_port_start, value: "80" }
      - { name: net/ipv4/ip_local_reserved_ports, value: "8080,9148" }
  containers:
    - { name: one, image: ${BUSYBOX}, command: ${STAYS} }
    - { name: two, image: ${BUSYBOX}, command: [httpd, -f, -p, "80"] }`);
    await ok('up', '-d');
    await step('both see them', async () => {
      assert.equal(await values('one'), '80\n8080,9148\n');
      assert.equal(await values('two'), '80\n8080,9148\n');
    });
    await step('an ordinary user listens on port 80', async () => {
      assert.match(
        await exec(`${id}-one`, 'wget', '-S', '-q', '-O', '-', 'http://127.0.0.1/').catch(String),
        /HTTP\/1\.1 404/,
      );
    });
    await step('one of the whole machine is refused', async () => {
      await pod(`
  securityContext: { sysctls: [{ name: vm.swappiness, value: "1" }] }
  containers:
    - { name: one, image: ${BUSYBOX} }`);
      assertRefused(await podpose(['up', '-d']), 2, /'vm\.swappiness' applies to the whole machine/);
    });
  },
);

scenario('sysctls of the IPC namespace', async ({ id, step, pod, podpose }) => {
  await pod(`
  securityContext: { sysctls: [{ name: kernel.shm_rmid_forced, value: "1" }] }
  containers:
    - { name: one, image: ${BUSYBOX}, command: ${STAYS} }`);
  const own = await tryPodman('run', '--rm', '--sysctl', 'kernel.shm_rmid_forced=1', BUSYBOX, 'true');
  const ended = await podpose(['up', '-d']);
  // Where /proc/sys/kernel itself is mounted read-only, nobody can set them.
  if (own.code === 0)
    await step('they are seen', async () => {
      assert.equal(ended.code, 0, ended.story);
      assert.equal(await exec(`${id}-one`, 'cat', '/proc/sys/kernel/shm_rmid_forced'), '1\n');
    });
  else
    await step('what podman cannot set is told', () => {
      assertRefused(ended, 1, /shm_rmid_forced/);
    });
});

scenario('A claim with data in it is given to the fsGroup of the pod that mounts it', async (story) => {
  const { id, step, file, ok } = story;
  const write = (security: string) =>
    file(
      'pod.yaml',
      `${podText(
        id,
        `
  securityContext: ${security}
  containers:
    - { name: app, image: ${BUSYBOX}, command: ${STAYS}, volumeMounts: [{ name: data, mountPath: /data }] }
  volumes:
    - { name: data, persistentVolumeClaim: { claimName: ${id}-data } }`,
      )}---
apiVersion: v1
kind: PersistentVolumeClaim
metadata: { name: ${id}-data }
spec: { accessModes: [ReadWriteOnce], resources: { requests: { storage: 1Mi } } }
`,
    );
  const statOf = (path: string) => exec(`${id}-app`, 'stat', '-c', '%a %u %g', path);
  await write('{ runAsUser: 1000 }');
  await ok('up', '-d');
  await exec(
    `${id}-app`,
    'sh',
    '-c',
    'umask 077; mkdir /data/dir; echo kept > /data/dir/file; ln -s /etc/passwd /data/link',
  );
  await step('folders and files belong to the group, which may write', async () => {
    await write('{ fsGroup: 2000, runAsUser: 1001 }');
    await ok('up', '-d');
    assert.equal(await statOf('/data'), '2777 0 2000\n');
    assert.equal(await statOf('/data/dir'), '2770 1000 2000\n');
    assert.equal(await statOf('/data/dir/file'), '660 1000 2000\n');
    assert.equal(
      await exec(`${id}-app`, 'sh', '-c', 'cat /data/dir/file; echo more > /data/dir/file'),
      'kept\n',
    );
  });
  await step('OnRootMismatch: nothing is changed below a root of the group', async () => {
    await exec(`${id}-app`, 'sh', '-c', 'umask 077; echo mine > /data/private');
    await write('{ fsGroup: 2000, fsGroupChangePolicy: OnRootMismatch, runAsUser: 1001, runAsGroup: 3000 }');
    await ok('up', '-d', '--force-recreate');
    assert.equal(await statOf('/data/private'), '600 1001 2000\n');
  });
  await step('OnRootMismatch: a root of another group is given away with all', async () => {
    await write('{ fsGroup: 2002, fsGroupChangePolicy: OnRootMismatch, runAsUser: 1001 }');
    await ok('up', '-d');
    assert.equal(await statOf('/data/private'), '660 1001 2002\n');
  });
});
