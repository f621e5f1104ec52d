import assert from 'node:assert/strict';
import { mkdir, readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { BUSYBOX, TEST_IMAGE } from './support/images.ts';
import { NOTHING, exec, podman, thingsOf, tryPodman } from './support/podman.ts';
import { assertNothingLeft, assertRefused, PODPOSE, podText, scenario } from './support/scenario.ts';

/** Stays until it is told to stop. */
const STAYS = `["sh", "-c", "trap 'exit 0' TERM; sleep 3600 & wait"]`;

function claimText(name: string, more = ''): string {
  return `---
apiVersion: v1
kind: PersistentVolumeClaim
metadata: { name: ${name} }
spec:
  accessModes: [ReadWriteOnce]
  resources: { requests: { storage: 1Gi } }
${more}`;
}

/** A pod with one container that mounts a claim at /data. */
function podOf(name: string, claim: string, more = '', image: string = BUSYBOX): string {
  return podText(
    name,
    `${more}  terminationGracePeriodSeconds: 5
  containers:
    - name: app
      image: ${image}
      command: ${STAYS}
      volumeMounts: [{ name: data, mountPath: /data }]
  volumes:
    - name: data
      persistentVolumeClaim: { claimName: ${claim} }`,
  );
}

scenario('What is in a claim outlives containers, pods and down', async (story) => {
  const { id, step, file, ok, podpose } = story;
  const claim = `${id}-data`;
  const app = `${id}-app`;
  const write = async (more = '') => {
    await file('pod.yaml', podOf(id, claim, more) + claimText(claim));
  };
  const assertKept = async () => {
    assert.equal(await exec(app, 'cat', '/data/note'), 'precious\n');
  };
  await write();

  await step('its volume has the name of the claim, and is of the project and of no pod', async () => {
    await ok('up', '-d');
    assert.deepEqual((await thingsOf(id)).volumes, [claim]);
    const labels = await podman('volume', 'inspect', '--format', '{{json .Labels}}', claim);
    assert.deepEqual(JSON.parse(labels), {
      'podpose.project': id,
      'podpose.role': 'claim',
      'podpose.volume': claim,
    });
    await exec(app, 'sh', '-c', 'echo precious > /data/note');
  });
  await step('the same files again change nothing', async () => {
    assert.match((await ok('up', '-d')).stderr, /Nothing to do/);
  });
  await step('a container that is replaced finds it', async () => {
    const before = await podman('inspect', '--format', '{{.Id}}', app);
    await file('pod.yaml', podOf(id, claim).replace('/data }', '/data, readOnly: true }') + claimText(claim));
    await ok('up', '-d');
    assert.notEqual(await podman('inspect', '--format', '{{.Id}}', app), before);
    await assertKept();
    await assert.rejects(exec(app, 'touch', '/data/other'), /Read-only file system/);
  });
  await step('a pod that is replaced finds it', async () => {
    await write('  hostname: another\n');
    await ok('up', '-d');
    assert.equal(await exec(app, 'hostname'), 'another\n');
    await assertKept();
  });
  await step('--force-recreate keeps it', async () => {
    await ok('up', '-d', '--force-recreate');
    await assertKept();
  });
  await step('a claim that asks for more space keeps it, and nothing is made anew', async () => {
    await file(
      'pod.yaml',
      podOf(id, claim, '  hostname: another\n') + claimText(claim).replace('1Gi', '5Gi'),
    );
    assert.match((await ok('up', '-d')).stderr, /Nothing to do/);
  });
  await step('down keeps it, and says how it goes', async () => {
    const { stderr } = await ok('down');
    assert.match(stderr, new RegExp(`volume/${claim} is kept.*\\n?.*down --volumes`));
    assert.deepEqual(await thingsOf(id), { ...NOTHING, volumes: [claim] });
    assert.match((await ok('down')).stderr, /^No pods in project .*\nvolume\/\S+ is kept/);
  });
  await step('after down and up it is there', async () => {
    await ok('up', '-d');
    await assertKept();
  });
  await step('a pod without the claim leaves it alone, and says so', async () => {
    await file(
      'pod.yaml',
      podText(id, `  containers:\n    - { name: app, image: ${BUSYBOX}, command: ${STAYS} }`),
    );
    assert.match((await ok('up', '-d')).stderr, new RegExp(`volume/${claim} of project .* is not mounted`));
    assert.deepEqual((await thingsOf(id)).volumes, [claim]);
  });
  await step('off a terminal down --volumes touches nothing, and names the flag that says yes', async () => {
    assertRefused(await podpose(['down', '--volumes']), 2, new RegExp(`volume/${claim}`), /--yes/);
    assert.deepEqual((await thingsOf(id)).containers, [app]);
  });
  await step('with --yes it removes the volume, too', async () => {
    await ok('down', '--volumes', '--yes');
    await assertNothingLeft(story);
  });
});

scenario('On a terminal down --volumes asks before data goes', async (story) => {
  const { id, step, file, ok, startProgram } = story;
  const claim = `${id}-data`;
  await file('pod.yaml', podOf(id, claim) + claimText(claim));
  await ok('up', '-d');
  const answer = async (word: string) => {
    const command = `'${process.execPath}' '${PODPOSE}' down --volumes`;
    const running = startProgram('script', ['-qefc', command, '/dev/null'], { env: { TERM: 'xterm' } });
    while (!running.output().includes('[y/N]')) {
      if (await isOver(running.end)) break;
    }
    running.type(`${word}\r`);
    return running.end;
  };

  await step('no: nothing is touched', async () => {
    const ended = await answer('n');
    assert.equal(ended.code, 1, ended.story);
    assert.match(ended.stdout, new RegExp(`Remove 1 volume and all data in it \\(volume/${claim}\\)\\?`));
    assert.match(ended.stdout, /Cancelled, nothing was removed/);
    assert.equal(await exec(`${id}-app`, 'sh', '-c', 'echo still > /data/x; cat /data/x'), 'still\n');
  });
  await step('Ctrl-C: nothing is touched, and the exit code says so', async () => {
    const ended = await answer('\u0003');
    assert.equal(ended.code, 130, ended.story);
    assert.match(ended.stdout, /^Interrupted\. No changes were made\.\r?$/m);
  });
  await step('yes: all of the project goes', async () => {
    const ended = await answer('y');
    assert.equal(ended.code, 0, ended.story);
    await assertNothingLeft(story);
  });
});

function isOver(end: Promise<unknown>): Promise<boolean> {
  return Promise.race([
    end.then(() => true),
    new Promise<boolean>((resolve) =>
      setTimeout(() => {
        resolve(false);
      }, 100),
    ),
  ]);
}

scenario('A claim is shared by all pods that name it, whoever their users are', async (story) => {
  const { id, step, file, ok } = story;
  const claim = `${id}-data`;
  await file(
    'pod.yaml',
    [
      podText(
        `${id}-a`,
        `  securityContext: { runAsUser: 4711, runAsGroup: 4712 }
  initContainers:
    - name: init
      image: ${BUSYBOX}
      command: ["sh", "-c", "echo from init > /data/init"]
      volumeMounts: [{ name: data, mountPath: /data }]
  containers:
    - name: app
      image: ${BUSYBOX}
      command: ${STAYS}
      volumeMounts:
        - { name: data, mountPath: /data }
        - { name: data, mountPath: /part, subPath: deep/part }
  volumes:
    - name: data
      persistentVolumeClaim: { claimName: ${claim} }`,
      ),
      // The image has files of its own at that place, and a user of its own.
      podOf(`${id}-b`, claim, '', TEST_IMAGE).replace('/data }', '/srv }'),
      podOf(`${id}-c`, claim).replace('{ claimName:', '{ readOnly: true, claimName:'),
    ].join('---\n') + claimText(claim, '  storageClassName: fast-ssd\n'),
  );
  await ok('up', '-d');

  await step('it starts empty, with mode 0777 and the owner root', async () => {
    assert.equal(await exec(`${id}-b-app`, 'stat', '-c', '%a %u:%g', '/srv'), '777 0:0\n');
    assert.deepEqual((await exec(`${id}-b-app`, 'ls', '/srv')).trim().split('\n').sort(), ['deep', 'init']);
  });
  await step('each reads what the other has written', async () => {
    await exec(`${id}-a-app`, 'sh', '-c', 'echo from a > /data/a');
    await exec(`${id}-b-app`, 'sh', '-c', 'echo from b > /srv/b');
    assert.equal(
      await exec(`${id}-a-app`, 'cat', '/data/init', '/data/a', '/data/b'),
      'from init\nfrom a\nfrom b\n',
    );
    assert.equal(await exec(`${id}-c-app`, 'cat', '/data/a', '/data/b'), 'from a\nfrom b\n');
  });
  await step('a pod that names it as readOnly reads only', async () => {
    await assert.rejects(exec(`${id}-c-app`, 'touch', '/data/c'), /Read-only file system/);
  });
  await step('a subPath is a folder of it', async () => {
    await exec(`${id}-a-app`, 'sh', '-c', 'echo part > /part/file');
    assert.equal(await exec(`${id}-b-app`, 'cat', '/srv/deep/part/file'), 'part\n');
  });
  await step('down of one pod with --volumes leaves what the others mount', async () => {
    await ok('down', '--volumes', '--yes', `${id}-a`);
    assert.equal(await exec(`${id}-b-app`, 'cat', '/srv/a'), 'from a\n');
    await ok('down', '--volumes', '--yes');
    await assertNothingLeft(story);
  });
});

scenario('A claim that is bound to a PersistentVolume is its path', async (story) => {
  const { id, directory, step, file, ok, podpose } = story;
  const volume = (name: string, size: string, source: string) => `---
apiVersion: v1
kind: PersistentVolume
metadata: { name: ${id}-${name} }
spec:
  storageClassName: manual
  accessModes: [ReadWriteOnce]
  capacity: { storage: ${size} }
  ${source}
`;
  const ON_ANY_NODE =
    'nodeAffinity: { required: { nodeSelectorTerms: [{ matchExpressions: [{ key: kubernetes.io/hostname, operator: Exists }] }] } }';
  const files = (local: string) =>
    [
      podText(
        id,
        `  terminationGracePeriodSeconds: 5
  containers:
    - name: app
      image: ${BUSYBOX}
      command: ${STAYS}
      volumeMounts:
        - { name: data, mountPath: /data }
        - { name: logs, mountPath: /logs }
  volumes:
    - name: data
      persistentVolumeClaim: { claimName: data }
    - name: logs
      persistentVolumeClaim: { claimName: logs }`,
      ),
      claimText('data', '  storageClassName: manual\n'),
      claimText('logs', `  storageClassName: manual\n  volumeName: ${id}-logs\n`),
      volume('large', '9Gi', 'hostPath: { path: large }'),
      volume('disk', '2Gi', 'hostPath: { path: made, type: DirectoryOrCreate }'),
      volume('logs', '5Gi', `local: { path: ${local} }\n  ${ON_ANY_NODE}`),
    ].join('');

  await step('a local volume whose folder is not there is refused at its place', async () => {
    await file('pod.yaml', files('logs'));
    assertRefused(await podpose(['up', '-d']), 2, /pod\.yaml:\d+:\d+/, /logs is not a directory/);
    await assertNothingLeft(story);
  });
  await step('the smallest that fits is mounted, and made where its type says so', async () => {
    await mkdir(join(directory, 'logs'));
    await writeFile(join(directory, 'logs/old'), 'of yesterday\n');
    await ok('up', '-d');
    await exec(`${id}-app`, 'sh', '-c', 'echo from the pod > /data/note');
    assert.equal(await readFile(join(directory, 'made/note'), 'utf8'), 'from the pod\n');
    assert.equal((await stat(join(directory, 'made'))).mode & 0o777, 0o755);
    assert.equal(await exec(`${id}-app`, 'cat', '/logs/old'), 'of yesterday\n');
  });
  await step('podman has no volume of it', async () => {
    assert.deepEqual((await thingsOf(id)).volumes, []);
  });
  await step('down --volumes leaves the path alone', async () => {
    await ok('down', '--volumes');
    assert.equal(await readFile(join(directory, 'made/note'), 'utf8'), 'from the pod\n');
    await assertNothingLeft(story);
  });
});

scenario("A volume that is not this project's is refused, and untouched", async (story) => {
  const { id, step, file, ok, podpose } = story;
  const claim = `${id}-data`;
  await file('pod.yaml', podOf(id, claim) + claimText(claim));

  await step('one of another project, also with --adopt', async () => {
    await ok('up', '-d', '-p', `${id}-other`);
    await exec(`${id}-app`, 'sh', '-c', 'echo theirs > /data/note');
    await ok('down', '-p', `${id}-other`);
    for (const flags of [[], ['--adopt']])
      assertRefused(
        await podpose(['up', '-d', ...flags]),
        1,
        /pod\.yaml:\d+:\d+/,
        new RegExp(`project '${id}-other'`),
      );
    await ok('down', '--volumes');
    const directory = (await podman('volume', 'inspect', '--format', '{{.Mountpoint}}', claim)).trim();
    assert.equal(await readFile(join(directory, 'note'), 'utf8'), 'theirs\n');
    await ok('down', '-p', `${id}-other`, '--volumes', '--yes');
    await assertNothingLeft(story);
  });
  await step('one that podpose did not make, until --adopt says to use it as it is', async () => {
    await podman('volume', 'create', claim);
    const directory = (await podman('volume', 'inspect', '--format', '{{.Mountpoint}}', claim)).trim();
    await writeFile(join(directory, 'note'), 'by hand\n');
    assertRefused(await podpose(['up', '-d']), 1, /was not created by podpose/, /--adopt/);
    await ok('up', '-d', '--adopt');
    assert.equal(await exec(`${id}-app`, 'cat', '/data/note'), 'by hand\n');
  });
  await step('from then on it belongs to the project: down keeps it, down --volumes removes it', async () => {
    await ok('up', '-d', '--force-recreate');
    assert.equal(await exec(`${id}-app`, 'cat', '/data/note'), 'by hand\n');
    assert.match((await ok('down')).stderr, new RegExp(`volume/${claim} is kept`));
    assertRefused(await podpose(['down', '--volumes']), 2, new RegExp(`volume/${claim}`), /--yes/);
    await ok('down', '--volumes', '--yes');
    await assertNothingLeft(story);
    assert.notEqual((await tryPodman('volume', 'exists', claim)).code, 0);
  });
});

scenario('A fresh claim belongs to the fsGroup of its pod', async (story) => {
  const { id, step, file, ok } = story;
  const claim = `${id}-data`;
  const security = '  securityContext: { runAsUser: 4711, runAsGroup: 4712, fsGroup: 5000 }\n';
  await file('pod.yaml', podOf(id, claim, security) + claimText(claim));
  await ok('up', '-d');
  await step('and so does all that is made in it', async () => {
    assert.equal(await exec(`${id}-app`, 'stat', '-c', '%a %g', '/data'), '2777 5000\n');
    await exec(`${id}-app`, 'touch', '/data/file');
    assert.equal(await exec(`${id}-app`, 'stat', '-c', '%u:%g', '/data/file'), '4711:5000\n');
  });
});

scenario('A Secret that podman kube play stored is a manifest for podpose', async (story) => {
  const { id, directory, step, file, ok } = story;
  await file(
    'secret.yaml',
    `apiVersion: v1\nkind: Secret\nmetadata: { name: ${id} }\ndata: { a: b25l }\nstringData: { b: two }\n`,
  );
  await podman('kube', 'play', join(directory, 'secret.yaml'));
  try {
    const stored = await podman('secret', 'inspect', '--showsecret', '--format', '{{.SecretData}}', id);
    await file('stored.yaml', stored);
  } finally {
    await podman('secret', 'rm', id);
  }
  const env = `      envFrom: [{ secretRef: { name: ${id} } }]\n`;
  await file('pod.yaml', podOf(id, `${id}-data`).replace(/( {6}command: .*\n)/, `$1${env}`));
  await step('podpose reads it as the file of the Secret', async () => {
    await ok('up', '-d', 'pod.yaml', 'stored.yaml');
    const values = await exec(`${id}-app`, 'sh', '-c', 'echo $a $b');
    assert.equal(values, 'one two\n');
  });
});

scenario('A pod of podman kube play is replaced only with --adopt, and its volume with it', async (story) => {
  const { id, directory, step, file, ok, podpose } = story;
  const claim = `${id}-data`;
  await file('pod.yaml', podOf(id, claim));
  await podman('kube', 'play', join(directory, 'pod.yaml'));
  await exec(`${id}-app`, 'sh', '-c', 'echo kept > /data/note');

  await step('without it, the pod keeps running', async () => {
    assertRefused(await podpose(['up', '-d']), 1, /was not created by podpose/, /--adopt/);
    assert.equal(await exec(`${id}-app`, 'cat', '/data/note'), 'kept\n');
  });
  await step('with it, the pod is replaced, once', async () => {
    await ok('up', '-d', '--adopt');
    assert.equal(await exec(`${id}-app`, 'cat', '/data/note'), 'kept\n');
    assert.match((await ok('up', '-d')).stderr, /up to date/);
  });
  await step('down keeps the adopted volume, and down --volumes removes it', async () => {
    await ok('down');
    assert.equal((await tryPodman('volume', 'exists', claim)).code, 0);
    await ok('down', '--volumes', '--yes');
    await assertNothingLeft(story);
  });
});

scenario('A volume that was created anew after its adoption is kept', async (story) => {
  const { id, step, file, ok } = story;
  const claim = `${id}-data`;
  await file('pod.yaml', podOf(id, claim));
  await podman('volume', 'create', claim);
  await ok('up', '-d', '--adopt');
  await ok('down');
  await podman('volume', 'rm', claim);
  await podman('volume', 'create', claim);
  await step('down --volumes removes and names only the record of the adoption', async () => {
    const { stderr } = await ok('down', '--volumes', '--yes');
    assert.match(stderr, new RegExp(`volume/${claim}_adopted +removed`));
    assert.doesNotMatch(stderr, new RegExp(`volume/${claim} `));
    assert.deepEqual((await thingsOf(id)).volumes, [claim]);
  });
});
