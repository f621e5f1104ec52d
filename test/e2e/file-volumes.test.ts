import assert from 'node:assert/strict';
import { BUSYBOX } from './support/images.ts';
import { assertChanged, livePod } from './support/live-pod.ts';
import { exec, podman, tryPodman } from './support/podman.ts';
import { filesWith } from './support/disk.ts';
import { assertNothingLeft, podText, scenario } from './support/scenario.ts';

/** Stays until it is told to stop. */
const STAYS = `[sh, -c, "trap exit TERM; sleep 3600 & wait"]`;

/** Everything that a manifest can have in it and a shell, a terminal or JSON may mistake for something else. */
const ODD = `it's "odd" $HOME \`date\` \\\\n %s 'é あいう' \\u0001\\t end`;

function configMap(name: string, data: Readonly<Record<string, string>>): string {
  return `apiVersion: v1\nkind: ConfigMap\nmetadata: { name: ${name} }\ndata: ${JSON.stringify(data)}\n---\n`;
}

function secret(name: string, data: Readonly<Record<string, string>>): string {
  return `apiVersion: v1\nkind: Secret\nmetadata: { name: ${name} }\nstringData: ${JSON.stringify(data)}\n---\n`;
}

scenario('A ConfigMap is a folder of files, which change in the running pod', async (story) => {
  const { id, step, file, ok, podpose } = story;
  const odd = JSON.parse(`"${ODD.replaceAll('"', '\\"')}"`) as string;
  const pod = podText(
    id,
    `
  terminationGracePeriodSeconds: 1
  containers:
    - { name: app, image: ${BUSYBOX}, command: ${STAYS}, volumeMounts: [{ name: config, mountPath: /config }] }
    - name: sub
      image: ${BUSYBOX}
      command: ${STAYS}
      volumeMounts: [{ name: config, mountPath: /one.conf, subPath: a.conf }]
    - name: other
      image: ${BUSYBOX}
      command: ${STAYS}
      securityContext: { runAsUser: 4711, runAsGroup: 4711 }
      volumeMounts: [{ name: some, mountPath: /some }, { name: none, mountPath: /none }]
  volumes:
    - { name: config, configMap: { name: settings } }
    - name: some
      configMap:
        name: settings
        defaultMode: 0440
        items: [{ key: a.conf, path: deep/down/a }, { key: odd, path: odd file, mode: 0755 }]
    - { name: none, configMap: { name: nobody, optional: true } }`,
  );
  const write = (data: Readonly<Record<string, string>>) =>
    file('pod.yaml', configMap('settings', { odd, ...data }) + pod);
  const read = (path: string, container = 'app') => exec(`${id}-${container}`, 'cat', path);
  const stat = (path: string, container = 'app') =>
    exec(`${id}-${container}`, 'stat', '-L', '-c', '%a %u:%g', path);

  await write({ 'a.conf': 'one\n', 'gone.conf': 'soon\n' });
  await ok('up', '-d');
  await step('each key is a file, whatever is in it', async () => {
    assert.equal(await read('/config/a.conf'), 'one\n');
    assert.equal(await read('/config/odd'), odd);
    assert.equal(await read('/one.conf', 'sub'), 'one\n');
    assert.equal(await exec(`${id}-app`, 'ls', '/config'), 'a.conf\ngone.conf\nodd\n');
  });
  await step('the files have their modes and belong to root', async () => {
    assert.equal(await stat('/config/a.conf'), '644 0:0\n');
    assert.equal(await stat('/config/'), '777 0:0\n');
    assert.equal(await stat('/some/odd file', 'other'), '755 0:0\n');
    assert.equal(await stat('/some/deep/down/a', 'other'), '440 0:0\n');
    assert.equal(await stat('/some/deep/down', 'other'), '755 0:0\n');
  });
  await step('a user that the mode keeps out cannot read', async () => {
    assert.equal(await exec(`${id}-other`, 'cat', '/some/odd file'), odd);
    assert.notEqual((await tryPodman('exec', `${id}-other`, 'cat', '/some/deep/down/a')).code, 0);
  });
  await step('nobody can write', async () => {
    const { code, stderr } = await tryPodman('exec', `${id}-app`, 'sh', '-c', 'echo x > /config/new');
    assert.notEqual(code, 0);
    assert.match(stderr, /Read-only file system/);
  });
  await step('an optional one that is missing is an empty folder', async () => {
    assert.equal(await exec(`${id}-other`, 'ls', '/none'), '');
  });
  const first = await livePod(id);
  await step('up on the unchanged file does nothing', async () => {
    await ok('plan', '--detailed-exitcode');
    await ok('up', '-d');
    assertChanged(first, await livePod(id), {});
  });
  await step('a change is planned for the volume, and for who has a file of it by itself', async () => {
    await write({ 'a.conf': 'two\n', 'new.conf': 'new\n' });
    const { stdout } = await ok('plan');
    assert.match(
      stdout,
      /~ pod\/\S+ volume\/config +3 fields changed\n +spec\.volumes\[config\]\.configMap\.items\[a\.conf\]:\n/,
    );
    assert.match(stdout, /~ pod\/\S+ volume\/some +1 field changed/);
    assert.match(stdout, /-\/\+ pod\/\S+ container\/sub +1 field changed/);
    assert.match(
      stdout,
      /Plan: 0 to create, 1 container to replace, 2 volumes to update in place, 0 to remove\./,
    );
  });
  await step('whoever looks while it changes sees all of the old files or all of the new', async () => {
    // The folder behind ..data is entered once: what is in it belongs together, also when it is taken away meanwhile.
    const watch = `
      looks=0; old=0; new=0
      while [ $new -lt 20 ] && [ $looks -lt 100000 ]; do
        looks=$((looks+1))
        cd /config/..data 2>/dev/null && value=$(cat a.conf 2>/dev/null) || continue
        if [ "$value" = one ]; then
          old=1; [ -e new.conf ] && echo 'an old file beside a new one'
        else
          new=$((new+1)); [ -e new.conf ] && [ ! -e gone.conf ] || echo 'a new file, and not all of them'
        fi
      done
      echo "$old $new"`;
    const [seen] = await Promise.all([exec(`${id}-app`, 'sh', '-c', watch), ok('up', '-d')]);
    assert.equal(seen, '1 20\n');
  });
  await step('only the container with the sub path is another one', async () => {
    const now = await livePod(id);
    const { [`${id}_files`]: note, ...containers } = now.containers;
    assertChanged(first, { ...now, containers }, { replaced: ['sub'] });
    // It says what the volumes hold now, and is never started.
    assert.equal(note?.status, 'created');
  });
  await step('nobody is told of it', async () => {
    assert.equal((await ok('logs')).stdout, '');
    assert.doesNotMatch((await ok('ps')).stdout, /_files/);
    assert.equal((await ok('diff')).stdout, '');
  });
  await step('the others see the new files, and no old ones', async () => {
    assert.equal(await read('/config/a.conf'), 'two\n');
    assert.equal(await exec(`${id}-app`, 'ls', '/config'), 'a.conf\nnew.conf\nodd\n');
    assert.equal(await read('/one.conf', 'sub'), 'two\n');
    assert.equal(await exec(`${id}-app`, 'sh', '-c', 'ls -A /config | wc -l'), '5\n');
  });
  await step('that is remembered', async () => {
    await ok('plan', '--detailed-exitcode');
    await write({ 'a.conf': 'one\n', 'gone.conf': 'soon\n' });
    const { code, stdout } = await podpose(['diff']);
    assert.equal(code, 1);
    assert.match(stdout, /^-\s+a\.conf: sha256:\w+\n(?:.*\n)*?\+\s+a\.conf: sha256:\w+$/m);
    await ok('up', '-d');
    assert.equal(await read('/config/a.conf'), 'one\n');
    await ok('plan', '--detailed-exitcode');
  });
  await step('down takes it all', async () => {
    await ok('down');
    await assertNothingLeft(story);
  });
});

scenario('A Secret is in memory only, and comes back after its volume was lost', async (story) => {
  const { id, directory, step, file, ok } = story;
  const marker = `marker-${id}-of-the-secret`;
  const pod = podText(
    id,
    `
  securityContext: { fsGroup: 2345 }
  terminationGracePeriodSeconds: 1
  containers:
    - name: app
      image: ${BUSYBOX}
      command: ${STAYS}
      securityContext: { runAsUser: 4711 }
      volumeMounts: [{ name: login, mountPath: /login }]
  volumes:
    - { name: login, secret: { secretName: login, defaultMode: 0400 } }`,
  );
  const write = (password: string) => file('pod.yaml', secret('login', { password, user: 'ann' }) + pod);
  const password = () => exec(`${id}-app`, 'cat', '/login/password');

  const begin = Date.now();
  await write(`${marker}-1`);
  const { stderr } = await ok('up', '-d', '-v');
  await step('the group of the pod can read what only root could', async () => {
    assert.equal(await password(), `${marker}-1`);
    assert.equal(await exec(`${id}-app`, 'stat', '-L', '-c', '%a %u:%g', '/login/password'), '440 0:2345\n');
  });
  await step('it is on a tmpfs', async () => {
    assert.match(await exec(`${id}-app`, 'cat', '/proc/mounts'), /^tmpfs \/login tmpfs ro,/m);
  });
  await step(
    'what podman keeps on the disk does not have it, nor its labels, nor what is printed',
    async () => {
      const root = (await podman('info', '--format', '{{.Store.GraphRoot}}')).trim();
      assert.notDeepEqual(filesWith(marker, directory, begin), [], 'the manifest has it, and it is found');
      assert.deepEqual(filesWith(marker, root, begin), []);
      assert.doesNotMatch(await podman('inspect', id, `${id}-app`), new RegExp(marker));
      assert.doesNotMatch(stderr, new RegExp(marker));
    },
  );
  await step('another value takes its place as the container runs, and is shown to nobody', async () => {
    const before = await livePod(id);
    await write(`${marker}-2`);
    const { stdout } = await ok('plan');
    assert.match(
      stdout,
      /spec\.volumes\[login\]\.secret\.items\[password\]: \*\*\*\(before\) -> \*\*\*\(after\)/,
    );
    assert.doesNotMatch(stdout, new RegExp(`${marker}|hmac`));
    await ok('up', '-d');
    assert.equal(await password(), `${marker}-2`);
    assert.equal((await livePod(id)).containers['app']?.startedAt, before.containers['app']?.startedAt);
  });
  await step('a volume that was lost with the machine is filled again', async () => {
    await podman('pod', 'stop', '--time', '1', id);
    await podman('unshare', process.env['PODPOSE_PODMAN'] ?? 'podman', 'volume', 'unmount', `${id}-login`);
    await ok('up', '-d');
    assert.equal(await password(), `${marker}-2`);
    await ok('plan', '--detailed-exitcode');
  });
  await step('down takes it all', async () => {
    await ok('down');
    await assertNothingLeft(story);
  });
});

scenario('One volume is made of a ConfigMap, a Secret and the pod itself', async (story) => {
  const { id, step, file, directory, ok, startProgram } = story;
  const documents = `${configMap('settings', { 'app.conf': ODD })}${secret('login', { password: 'pa55 \'word"' })}apiVersion: v1
kind: ConfigMap
metadata: { name: bytes }
binaryData: { logo: AP8BAg== }
---
`;
  const text = `${documents}apiVersion: v1
kind: Pod
metadata:
  name: ${id}
  labels: { app: shop, tier: front }
  annotations: { note: "two\\nlines" }
spec:
  terminationGracePeriodSeconds: 1
  containers:
    - name: app
      image: ${BUSYBOX}
      command: ${STAYS}
      resources: { limits: { memory: 64Mi } }
      volumeMounts: [{ name: all, mountPath: /all }, { name: about, mountPath: /about }]
  volumes:
    - name: all
      projected:
        defaultMode: 0400
        sources:
          - configMap: { name: settings, items: [{ key: app.conf, path: conf/app.conf, mode: 0444 }] }
          - configMap: { name: bytes }
          - secret: { name: login }
          - secret: { name: nobody, optional: true }
          - downwardAPI:
              items: [{ path: limit, resourceFieldRef: { containerName: app, resource: limits.memory, divisor: 1Mi } }]
    - name: about
      downwardAPI:
        items:
          - { path: labels, fieldRef: { fieldPath: metadata.labels } }
          - { path: annotations, fieldRef: { fieldPath: metadata.annotations } }
          - { path: name, fieldRef: { fieldPath: metadata.name } }
          - { path: app, fieldRef: { fieldPath: "metadata.labels['app']" } }
`;
  await file('pod.yaml', text);
  const check = async () => {
    const read = (path: string) => exec(`${id}-app`, 'cat', path);
    assert.equal(await read('/all/conf/app.conf'), ODD);
    assert.equal(await read('/all/password'), 'pa55 \'word"');
    assert.equal(await read('/all/limit'), '64');
    assert.equal(await exec(`${id}-app`, 'od', '-An', '-tx1', '/all/logo'), ' 00 ff 01 02\n');
    assert.equal(await read('/about/labels'), 'app="shop"\ntier="front"');
    assert.equal(await read('/about/annotations'), 'note="two\\nlines"');
    assert.equal(await read('/about/name'), id);
    assert.equal(await read('/about/app'), 'shop');
    const modes = await exec(
      `${id}-app`,
      'sh',
      '-c',
      'stat -L -c %a /all/conf/app.conf /all/password /about/name',
    );
    assert.equal(modes, '444\n400\n644\n');
    assert.match(await exec(`${id}-app`, 'cat', '/proc/mounts'), /^tmpfs \/all tmpfs ro,/m);
  };
  await step('up, and all of it is there', async () => {
    await ok('up', '-d');
    await check();
    await ok('down');
    await assertNothingLeft(story);
  });
  await step('the commands of the plan, pasted into a shell, do the same', async () => {
    const { stdout } = await ok('plan', '--format', 'commands');
    assert.doesNotMatch(stdout, /pa55/);
    await file('password', 'pa55 \'word"');
    const variable = /^#   (SECRET_\w+): file password of pod/m.exec(stdout)?.[1] ?? '';
    // A shell on a terminal goes on with the next pasted line after an error.
    for (const flags of [['-e'], ['-i']]) {
      const missing = await startProgram('sh', flags, { input: stdout, cwd: directory }).end;
      assert.match(missing.stderr, new RegExp(`${variable}: set it to the path of a file`));
      await assertNothingLeft(story);
    }
    const ended = await startProgram('sh', ['-e'], {
      input: `${variable}=password\n${stdout}`,
      cwd: directory,
    }).end;
    assert.equal(ended.code, 0, ended.story);
    await check();
    await ok('plan', '--detailed-exitcode');
  });
});

scenario('plan and diff show which lines of a ConfigMap change, and nothing of a Secret', async (story) => {
  const { id, step, file, podpose, ok } = story;
  const write = (line: string, password: string) =>
    file(
      'pod.yaml',
      `
apiVersion: v1
kind: Pod
metadata: { name: ${id} }
spec:
  terminationGracePeriodSeconds: 1
  containers:
    - name: app
      image: ${BUSYBOX}
      command: [sh, -c, "trap 'exit 0' TERM; sleep 3600 & wait"]
      volumeMounts: [{ name: config, mountPath: /config }, { name: secret, mountPath: /secret }]
  volumes:
    - { name: config, configMap: { name: ${id} } }
    - { name: secret, secret: { secretName: ${id} } }
---
apiVersion: v1
kind: ConfigMap
metadata: { name: ${id} }
data: { app.conf: "first\\n${line}\\nlast\\n" }
---
apiVersion: v1
kind: Secret
metadata: { name: ${id} }
stringData: { password: ${password} }
`,
    );
  const shows = (text: string, before: string, after: string) => {
    assert.match(text, new RegExp(`^ *-${before}\\n *\\+${after}$`, 'm'));
    assert.doesNotMatch(text, /pass-word/);
  };
  await write('old', 'pass-word-1');
  await ok('up', '-d');
  await step('what the pod was made with, beside the file', async () => {
    await write('new', 'pass-word-2');
    shows((await ok('plan')).stdout, 'old', 'new');
    shows((await podpose(['diff'])).stdout, 'old', 'new');
    assert.match((await ok('plan', '--format', 'json')).stdout, /"diff": "@@ -1,3 \+1,3 @@/);
  });
  await step('what was written into the running pod, beside the file', async () => {
    await ok('up', '-d');
    await write('newer', 'pass-word-2');
    shows((await ok('plan')).stdout, 'new', 'newer');
  });
});
