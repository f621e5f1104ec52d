import assert from 'node:assert/strict';
import { chmod, mkdir, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { BUSYBOX, TEST_IMAGE } from './support/images.ts';
import { freePort } from './support/network.ts';
import { thingsOf } from './support/podman.ts';
import { assertNothingLeft, assertRefused, podText, scenario } from './support/scenario.ts';

const SIMPLE = `\n  containers: [{ name: app, image: ${TEST_IMAGE} }]`;

scenario('A port in use is found out before anything is made', async (story) => {
  const { step, pod, podpose, after } = story;
  const server = createServer();
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  after(() => server.close());
  const { port } = server.address() as AddressInfo;
  await pod(`
  initContainers: [{ name: init, image: ${BUSYBOX}, command: ["true"] }]
  containers:
    - { name: app, image: ${TEST_IMAGE}, ports: [{ containerPort: 8080, hostPort: ${port} }], volumeMounts: [{ name: data, mountPath: /data }] }
  volumes: [{ name: data }]`);
  await step('up names the port and the place of it in the file', async () => {
    assertRefused(await podpose(['up', '-d']), 1, new RegExp(`127\\.0\\.0\\.1:${port}`), /pod\.yaml:\d+/);
  });
  await step('nothing is left', () => assertNothingLeft(story));
});

scenario('An image that cannot be had leaves nothing behind', async (story) => {
  const { step, pod, podpose } = story;
  // Nobody listens there: the registry cannot be reached.
  const registry = `127.0.0.1:${await freePort()}`;
  const spec = (image: string, policy: string) => `
  initContainers: [{ name: init, image: ${BUSYBOX}, command: ["true"], volumeMounts: [{ name: data, mountPath: /data }] }]
  containers:
    - { name: good, image: ${TEST_IMAGE} }
    - { name: bad, image: "${image}", imagePullPolicy: ${policy} }
  volumes: [{ name: data }]`;
  await step('with a registry that does not answer', async () => {
    await pod(spec(`${registry}/no/such:1`, 'IfNotPresent'));
    assertRefused(await podpose(['up', '-d']), 1, new RegExp(`${registry}/no/such:1`));
    await assertNothingLeft(story);
  });
  await step('with imagePullPolicy Never', async () => {
    await pod(spec('localhost/no/such:1', 'Never'));
    assertRefused(await podpose(['up', '-d']), 1, /localhost\/no\/such:1/);
    await assertNothingLeft(story);
  });
  await step('with --pull never', async () => {
    await pod(spec('localhost/no/such:1', 'Always'));
    assertRefused(await podpose(['up', '-d', '--pull', 'never']), 1, /localhost\/no\/such:1/);
    await assertNothingLeft(story);
  });
});

scenario('A host path that does not exist is found out before anything is made', async (story) => {
  const { step, pod, podpose } = story;
  await pod(`${SIMPLE.replace(' }]', ', volumeMounts: [{ name: host, mountPath: /host }] }]')}
  volumes: [{ name: host, hostPath: { path: /no/such/folder } }]`);
  await step('up names it and its place in the file', async () => {
    assertRefused(await podpose(['up', '-d']), 2, /\/no\/such\/folder/, /pod\.yaml:\d+:\d+/);
  });
  await step('nothing is left', () => assertNothingLeft(story));
});

scenario('Without a podman, or with one that is too old, podpose says so', async (story) => {
  const { directory, step, pod, file, podpose } = story;
  await pod(SIMPLE);
  await step('a connection that podman does not have is named', async () => {
    for (const command of [['plan'], ['ps']])
      assertRefused(
        await podpose(['-c', 'no-such-connection', ...command]),
        1,
        /podman has no connection 'no-such-connection'/,
      );
  });
  const nowhere = { PATH: directory, PODPOSE_PODMAN: undefined };
  for (const verb of [['up', '-d'], ['plan'], ['ps'], ['logs'], ['down']])
    await step(`no podman on PATH: ${verb[0] ?? ''}`, async () => {
      assertRefused(await podpose(verb, { env: nowhere }), 1, /podman/, /PATH/, /4\.3/);
    });
  await step('a podman by a wrong name', async () => {
    const ended = await podpose(['--podman', '/no/such/podman', 'up', '-d']);
    assertRefused(ended, 1, /\/no\/such\/podman/);
  });
  await step('a program that is not podman', async () => {
    assertRefused(
      await podpose(['--podman', 'echo', 'up', '-d']),
      1,
      /'echo' is not podman/,
      /PODPOSE_PODMAN/,
    );
  });
  await step('a podman of another time', async () => {
    const script = '#!/bin/sh\ncase $1 in --version) echo podman version 3.4.4 ;; *) echo "[]" ;; esac\n';
    const old = await file('podman', script);
    await chmod(old, 0o755);
    assertRefused(await podpose(['--podman', old, 'up', '-d']), 1, /3\.4\.4/, /4\.3/);
  });
  await step('validate needs none', async () => {
    const ended = await podpose(['validate'], { env: nowhere });
    assert.equal(ended.code, 0, ended.story);
  });
});

scenario('Mistakes of real tutorials are shown at their places with what was meant', async (story) => {
  const { id, step, file, podpose } = story;
  await file(
    'volumes.yaml',
    `apiVersion: v1
kind: pod
metadata:
  name: ${id}
spec:
  restartPolicy: Nerver
  volumes:
    - name: shared
      hostPath:
        path: /tmp
  containers:
    - name: web
      image: nginx
      volumeMounts:
        - name: shared
          mountPath: /usr/share/nginx/html
`,
  );
  await file(
    'java.yaml',
    `apiVersion: v1
kind: Pod
metadata:
  name: ${id}
spec:
  initContainers:
    - name: war
      image: sample:v2
      volumeMounts:
        - mountPaht: /app
          name: app
  containers:
    - name: tomcat
      image: tomcat
      ports:
        - containerPort: 8080
          hostPort:8001
  volumes:
    - name: app
      emptyDir: {}
`,
  );
  const expected = [
    {
      name: 'volumes.yaml',
      words: [/volumes\.yaml:2:7: error: .*pod.*\bPod\b/s, /:6:18: error: .*Nerver.*\bNever\b/s],
    },
    {
      name: 'java.yaml',
      words: [/java\.yaml:10:11: error: .*mountPaht.*mountPath/s, /:17:11: error: .*hostPort/s],
    },
  ];
  for (const { name, words } of expected)
    for (const verb of ['validate', 'plan', 'up'])
      await step(`${verb} ${name}`, async () => {
        assertRefused(await podpose([verb, name]), 2, ...words);
        await assertNothingLeft(story);
      });
});

scenario('All mistakes of a file are shown in one run, and podman is not touched', async (story) => {
  const { step, pod, podpose } = story;
  await pod(`
  containers:
    - name: Web_1
      image: ${TEST_IMAGE}
      volumeMounts: [{ name: nowhere, mountPath: /data }]
      ports:
        - { containerPort: 80800, hostPort: 8080 }
    - name: two
      ports: [{ containerPort: 80, hostPort: 8080 }]
    - name: two
      image: ${TEST_IMAGE}
      resources: { limits: { memory: 1.5Gib } }`);
  await step('up names each of them', async () => {
    const ended = await podpose(['up', '-d']);
    assert.equal(ended.code, 2, ended.story);
    for (const word of [/Web_1/, /nowhere/, /80800/, /image/, /'?two'?/, /1\.5Gib/])
      assert.match(ended.stderr, word);
    const places = ended.stderr.match(/pod\.yaml:\d+:\d+: error/g) ?? [];
    assert.ok(places.length >= 6, ended.stderr);
  });
  await step('nothing is left', () => assertNothingLeft(story));
});

scenario('Files that are no manifests get a message, quickly', async (story) => {
  const { directory, step, podpose } = story;
  const aliasBomb = [
    'a0: &a0 [x, x, x, x, x, x, x, x, x]',
    ...Array.from({ length: 12 }, (_, index) => {
      const names = Array.from({ length: 9 }, () => `*a${index}`).join(', ');
      return `a${index + 1}: &a${index + 1} [${names}]`;
    }),
  ].join('\n');
  const contents: readonly (readonly [string, string | Uint8Array])[] = [
    ['broken', 'apiVersion: v1\nkind: Pod\nmetadata: {name: a\nspec: [}\n'],
    ['a tab for indentation', 'apiVersion: v1\nkind: Pod\nmetadata:\n\tname: a\n'],
    ['empty', ''],
    ['only comments', '# nothing\n---\n# at all\n'],
    ['a single word', 'hello\n'],
    ['binary', Uint8Array.from({ length: 4096 }, (_, index) => (index * 7919) % 256)],
    [
      'ten megabytes',
      `apiVersion: v1\nkind: Pod\nmetadata:\n  name: a\n  annotations:\n    x: ${'y'.repeat(10_000_000)}\nspec: {}\n`,
    ],
    ['ten megabytes of lines', `a:\n${'  - b: [c, {d: e}]\n'.repeat(500_000)}`],
    ['deeply nested', `${'['.repeat(100_000)}${']'.repeat(100_000)}`],
    [
      'deeply nested by lines',
      Array.from({ length: 3000 }, (_, depth) => `${' '.repeat(depth)}a:`).join('\n'),
    ],
    ['an alias bomb', aliasBomb],
    ['an alias of itself', 'a: &a\n  b: *a\n'],
    ['another kind', 'apiVersion: v1\nkind: Spaceship\nmetadata: {name: a}\n'],
  ];
  for (const [what, text] of contents)
    await step(what, async () => {
      await writeFile(join(directory, 'pod.yaml'), text);
      for (const verb of ['validate', 'up']) {
        const ended = await podpose([verb]);
        assertRefused(ended, 2, /pod\.yaml/);
        assert.ok(ended.stderr.length < 10_000, `${ended.stderr.length} characters`);
        assert.ok(ended.milliseconds < 20_000, `${ended.milliseconds} ms`);
      }
    });
});

scenario('Files that are not there get a message', async (story) => {
  const { directory, step, podpose } = story;
  await step('a missing file', async () => {
    assertRefused(await podpose(['up', '-d', 'missing.yaml']), 2, /missing\.yaml/);
  });
  await step('no file at all', async () => {
    assertRefused(await podpose(['up', '-d']), 2, /pod\.yaml/);
  });
  await step('a folder without manifests', async () => {
    await mkdir(join(directory, 'empty'));
    assertRefused(await podpose(['up', '-d', 'empty']), 2, /empty/);
  });
  await step('a file that may not be read', async () => {
    await writeFile(join(directory, 'secret.yaml'), podText('secret', SIMPLE), { mode: 0o000 });
    assertRefused(await podpose(['up', '-d', 'secret.yaml']), 2, /secret\.yaml/);
  });
});

scenario('A command line that is wrong gets a message with what was meant', async (story) => {
  const { step, pod, podpose } = story;
  await pod(SIMPLE);
  const wrong: readonly (readonly [readonly string[], RegExp])[] = [
    [['upp'], /'?up'?/],
    [['up', '--detatch'], /--detach/],
    [['up', '--pull', 'sometimes'], /always, missing/],
    [['up', '--timeout', 'soon'], /--timeout/],
    [['up', '--progress', 'fancy'], /plain/],
    [['logs', '--tail', 'some'], /--tail/],
    [['-p', 'Not_A_Label', 'up'], /Not_A_Label/],
  ];
  for (const [args, word] of wrong)
    await step(args.join(' '), async () => {
      assertRefused(await podpose(args), 2, word);
    });
  await step('nothing was made by any of them', async () => {
    assert.deepEqual((await thingsOf(story.id)).pods, []);
  });
});
