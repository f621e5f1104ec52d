import assert from 'node:assert/strict';
import { eventually } from './support/eventually.ts';
import { BUSYBOX, TEST_IMAGE } from './support/images.ts';
import { containerState, exec, podman } from './support/podman.ts';
import { assertRefused, scenario, type Scenario } from './support/scenario.ts';

/** Stays until it is told to stop. */
const STAYS = `["sh", "-c", "trap 'exit 0' TERM; sleep 3600 & wait"]`;

/** Brings a pod up whose containers print something and end, and gives what each has printed. */
async function printed({ id, pod, ok }: Scenario, containers: Readonly<Record<string, string>>, more = '') {
  await pod(
    `${more}\n  restartPolicy: Never\n  containers:\n${Object.entries(containers)
      .map(([name, fields]) => `    - name: ${name}\n${fields}`)
      .join('\n')}`,
  );
  await ok('up', '-d');
  await ok('wait', '--for', 'phase=Succeeded', '--timeout', '30s');
  return async (name: string) => {
    const text = await podman('logs', `${id}-${name}`);
    assert.equal((await containerState(`${id}-${name}`)).exitCode, 0, text);
    return text;
  };
}

scenario('command replaces ENTRYPOINT and drops CMD, args alone replaces CMD', async (story) => {
  const fields = (more: string) =>
    `      image: ${TEST_IMAGE}\n      env: [{ name: EXIT, value: "0" }]\n${more}`;
  const output = await printed(story, {
    neither: fields(''),
    args: fields('      args: [mine]'),
    command: fields('      command: [/bin/show, mine]'),
    both: fields('      command: [/bin/show, mine]\n      args: [too]'),
    'empty-lists': fields('      command: []\n      args: []'),
  });
  const expected = {
    neither: 'args: entrypoint cmd',
    args: 'args: entrypoint mine',
    command: 'args: mine',
    both: 'args: mine too',
    'empty-lists': 'args: entrypoint cmd',
  };
  for (const [name, line] of Object.entries(expected))
    await story.step(`${name}: ${line}`, async () => {
      assert.equal((await output(name)).split('\n')[0], line);
    });
});

scenario(
  'Words of a command arrive as they were written, with $(NAME) replaced by its value',
  async (story) => {
    const output = await printed(story, {
      words: `
      image: ${BUSYBOX}
      env:
        - { name: NAME, value: a value }
        - { name: GIVEN, value: "$(NAME) and more" }
        - { name: TOO_EARLY, value: "$(LATER)" }
        - { name: LATER, value: later }
      command: [sh, -c, 'printf "<%s>\\n" "$@"; echo "$GIVEN"; echo "$TOO_EARLY"', sh]
      args:
        - two words
        - ""
        - 'quotes " and '' and \\'
        - "two\\nlines"
        - "$HOME *"
        - $(NAME)
        - $$(NAME)
        - $(NOBODY)
        - --not-an-option
        - größer`,
    });
    await story.step('each word is one argument, and only known names are expanded', async () => {
      assert.equal(
        await output('words'),
        [
          '<two words>',
          '<>',
          `<quotes " and ' and \\>`,
          '<two\nlines>',
          '<$HOME *>',
          '<a value>',
          '<$(NAME)>',
          '<$(NOBODY)>',
          '<--not-an-option>',
          '<größer>',
          'a value and more',
          '$(LATER)',
          '',
        ].join('\n'),
      );
    });
  },
);

scenario("The image's own ENTRYPOINT and CMD are not expanded", async (story) => {
  const { id, step, after } = story;
  const image = `localhost/${id}:1`;
  await step('an image whose CMD has $(NAME) in it', async () => {
    const path = await story.file('Containerfile', `FROM ${BUSYBOX}\nCMD ["echo", "$(NAME)"]\n`);
    await podman('build', '--quiet', '--tag', image, '--file', path, story.directory);
    after(() => podman('rmi', '--force', image));
  });
  const output = await printed(story, {
    plain: `      image: ${image}\n      env: [{ name: NAME, value: expanded }]`,
  });
  await step('prints it as it is', async () => {
    assert.equal(await output('plain'), '$(NAME)\n');
  });
});

scenario('Environment variables arrive as they were written, over those of the image', async (story) => {
  const output = await printed(story, {
    env: `
      image: ${TEST_IMAGE}
      command: [sh, -c, 'printf "<%s>\\n" "$GREETING" "$VERSION" "$EMPTY" "$SIGNS" "$LINES" "$EQUALS" "$AS_IT_IS"']
      env:
        - { name: GREETING, value: mine }
        - { name: EMPTY }
        - { name: SIGNS, value: "\\"'\`\\\\!#&;|<>*?~" }
        - { name: LINES, value: "one\\ntwo\\n" }
        - { name: EQUALS, value: "a=b=c" }
        - { name: AS_IT_IS, value: $HOME }`,
  });
  await story.step('each has the value that the manifest gives it, and else that of the image', async () => {
    assert.equal(
      await output('env'),
      ['<mine>', '<1>', '<>', `<"'\`\\!#&;|<>*?~>`, '<one\ntwo\n>', '<a=b=c>', '<$HOME>', ''].join('\n'),
    );
  });
});

scenario('workingDir is where the command begins', async (story) => {
  const fields = (more: string) => `      image: ${TEST_IMAGE}\n      command: [pwd]\n${more}`;
  const output = await printed(
    story,
    {
      'of-the-image': fields(''),
      mine: fields('      workingDir: /usr/bin'),
      // Nothing but the volume makes this folder.
      'in-a-volume': fields(
        '      workingDir: /data/in\n      volumeMounts: [{ name: data, mountPath: /data/in }]',
      ),
    },
    '  volumes: [{ name: data }]',
  );
  const expected = { 'of-the-image': '/srv', mine: '/usr/bin', 'in-a-volume': '/data/in' };
  for (const [name, directory] of Object.entries(expected))
    await story.step(`${name}: ${directory}`, async () => {
      assert.equal(await output(name), `${directory}\n`);
    });
});

scenario('A workingDir that the image does not have is made', async (story) => {
  const { id, step, pod, ok, podpose } = story;
  const show = (name: string, workingDir: string, more = '') => `
    - name: ${name}
      image: ${BUSYBOX}
      workingDir: "${workingDir}"
      command: [sh, -c, "pwd; stat -c '%a %u' .; sleep ${name === 'init' ? 0 : 3600}"]
      ${more}`;
  const podWith = (app: string) => `
  restartPolicy: Never
  terminationGracePeriodSeconds: 0
  initContainers:${show('init', '/made/for/init')}
  containers:${show('app', app)}${show('user', '/made/for/user', 'securityContext: { runAsUser: 1000, readOnlyRootFilesystem: true }')}${show('volume', '/data/in', 'volumeMounts: [{ name: data, mountPath: /data }]')}
  volumes: [{ name: data }]`;
  await pod(podWith('/with space/ä'));
  const { stderr } = await ok('up', '-d');
  const expected = {
    init: '/made/for/init\n755 0\n',
    app: '/with space/ä\n755 0\n',
    user: '/made/for/user\n755 0\n',
    volume: '/data/in\n755 0\n',
  };
  for (const [name, text] of Object.entries(expected))
    await step(`${name}: ${text.split('\n')[0] ?? ''}`, async () => {
      const printed = await eventually('what it prints', async () => {
        const printed = await podman('logs', `${id}-${name}`);
        return printed.split('\n').length > 2 ? printed : undefined;
      });
      assert.equal(printed, text);
    });
  await step('podman is not heard of what it did not find', () => {
    assert.doesNotMatch(stderr, /workdir|Error/);
  });
  await pod(podWith('/another'));
  await step('in one that takes the place of another, too', async () => {
    await ok('up', '-d');
    assert.equal(await exec(`${id}-app`, 'pwd'), '/another\n');
  });
  await pod(podWith('/bin/sh/in'));
  await step('a file on the way is said to be there, and what runs goes on', async () => {
    assertRefused(await podpose(['up', '-d']), 1, /container[ \/]app/, /not a directory|no folder/);
    assert.equal(await exec(`${id}-app`, 'pwd'), '/another\n');
  });
});

scenario('User and group come from the container, else from the pod, else from the image', async (story) => {
  const show = (securityContext: string, image = TEST_IMAGE) => `
      image: ${image}
      command: [sh, -c, 'echo "$(id -u):$(id -g)"']
      securityContext: ${securityContext}`;
  const output = await printed(story, {
    image: show('{}'),
    user: show('{ runAsUser: 4711 }'),
    both: show('{ runAsUser: 4711, runAsGroup: 4712 }'),
    // podman on its own would take the user to be root.
    group: show('{ runAsGroup: 4712 }'),
    'group-of-root': show('{ runAsGroup: 4712 }', BUSYBOX),
    root: show('{ runAsUser: 0 }'),
  });
  const expected = {
    image: '1000:2000',
    user: '4711:0',
    both: '4711:4712',
    group: '1000:4712',
    'group-of-root': '0:4712',
    root: '0:0',
  };
  for (const [name, ids] of Object.entries(expected))
    await story.step(`${name}: ${ids}`, async () => {
      assert.equal(await output(name), `${ids}\n`);
    });
});

scenario('The user and group of the pod count for every container that names none', async (story) => {
  const { id, step, pod, ok } = story;
  await pod(`
  restartPolicy: Never
  securityContext: { runAsUser: 4711, runAsGroup: 4712 }
  initContainers:
    - name: first
      image: ${TEST_IMAGE}
      command: [id]
  containers:
    - name: same
      image: ${TEST_IMAGE}
      command: [id]
    - name: other
      image: ${TEST_IMAGE}
      command: [id]
      securityContext: { runAsUser: 4713 }`);
  await ok('up', '-d');
  await ok('wait', '--for', 'phase=Succeeded', '--timeout', '30s');
  const expected = { first: 'uid=4711 gid=4712', same: 'uid=4711 gid=4712', other: 'uid=4713 gid=4712' };
  for (const [name, ids] of Object.entries(expected))
    await step(`${name}: ${ids}`, async () => {
      assert.equal((await podman('logs', `${id}-${name}`)).replace(/\(.*?\)| groups.*\n/g, ''), ids);
    });
});

scenario('readOnlyRootFilesystem leaves nothing to write to but volumes', async (story) => {
  const { id, step, pod, ok } = story;
  await pod(`
  containers:
    - name: app
      image: ${BUSYBOX}
      command: ${STAYS}
      securityContext: { readOnlyRootFilesystem: true }
      volumeMounts: [{ name: data, mountPath: /data }]
  volumes: [{ name: data }]`);
  await ok('up', '-d');
  for (const directory of ['/', '/tmp', '/run', '/var/tmp', '/etc'])
    await step(`${directory} cannot be written to`, async () => {
      const script = `mkdir -p ${directory} && touch ${directory}/file`;
      await assert.rejects(exec(`${id}-app`, 'sh', '-c', script), /Read-only file system/);
    });
  await step('the volume can', () => exec(`${id}-app`, 'touch', '/data/file'));
});

scenario('Capabilities and privilege escalation are what the kernel says they are', async (story) => {
  const show = (securityContext: string) => `
      image: ${BUSYBOX}
      command: [grep, -E, '^(CapEff|CapBnd|NoNewPrivs)', /proc/self/status]
      securityContext: ${securityContext}`;
  const output = await printed(story, {
    plain: show('{}'),
    none: show('{ capabilities: { drop: [ALL] } }'),
    one: show('{ capabilities: { drop: [ALL], add: [NET_BIND_SERVICE] } }'),
    more: show('{ capabilities: { add: [NET_ADMIN], drop: [CHOWN] } }'),
    'no-new': show('{ allowPrivilegeEscalation: false }'),
    privileged: show('{ privileged: true }'),
  });
  const status = async (name: string) => {
    const text = await output(name);
    const field = (key: string) => new RegExp(`^${key}:\\s*(\\w+)$`, 'm').exec(text)?.[1] ?? '';
    const bits = BigInt(`0x${field('CapEff')}`);
    const has = (bit: number) => ((bits >> BigInt(bit)) & 1n) === 1n;
    return { bits, has, noNewPrivileges: field('NoNewPrivs') };
  };
  const [CHOWN, NET_BIND_SERVICE, NET_ADMIN, SYS_ADMIN] = [0, 10, 12, 21];

  await story.step('without a word, a container has some, and not those that rule the machine', async () => {
    const { has, noNewPrivileges } = await status('plain');
    assert.deepEqual([has(CHOWN), has(NET_ADMIN), has(SYS_ADMIN)], [true, false, false]);
    assert.equal(noNewPrivileges, '0');
  });
  await story.step('drop ALL leaves none', async () => {
    assert.equal((await status('none')).bits, 0n);
  });
  await story.step('drop ALL and add one leaves one', async () => {
    assert.equal((await status('one')).bits, 1n << BigInt(NET_BIND_SERVICE));
  });
  await story.step('one more, and one less', async () => {
    const { has } = await status('more');
    assert.deepEqual([has(CHOWN), has(NET_ADMIN)], [false, true]);
  });
  await story.step('allowPrivilegeEscalation: false sets the bit no_new_privs', async () => {
    assert.equal((await status('no-new')).noNewPrivileges, '1');
  });
  await story.step('privileged has all', async () => {
    assert.ok((await status('privileged')).has(SYS_ADMIN));
  });
});

scenario('tty gives a terminal, stdin an open input', async (story) => {
  const { id, step, pod, ok } = story;
  await pod(`
  restartPolicy: Never
  containers:
    - { name: plain, image: ${BUSYBOX}, command: [sh, -c, 'test -t 1 || echo no terminal; cat; echo end of input'] }
    - { name: tty, image: ${BUSYBOX}, tty: true, command: [sh, -c, 'test -t 1 && echo a terminal'] }
    - { name: stdin, image: ${BUSYBOX}, stdin: true, command: [sh, -c, 'cat; echo end of input'] }
  terminationGracePeriodSeconds: 1`);
  await ok('up', '-d');
  await step('without them, there is no terminal and nothing to read', async () => {
    await podman('wait', `${id}-plain`);
    assert.equal(await podman('logs', `${id}-plain`), 'no terminal\nend of input\n');
  });
  await step('with tty, there is a terminal', async () => {
    await podman('wait', `${id}-tty`);
    assert.equal((await podman('logs', `${id}-tty`)).trim(), 'a terminal');
  });
  await step('with stdin, the input stays open', async () => {
    assert.equal((await containerState(`${id}-stdin`)).status, 'running');
  });
});

scenario('A pod with resources comes up, also where this machine cannot limit anything', async (story) => {
  const { id, step, pod, ok } = story;
  await pod(`
  resources: { limits: { cpu: 1, memory: 256Mi } }
  containers:
    - name: app
      image: ${TEST_IMAGE}
      resources:
        requests: { cpu: 100m, memory: 16Mi }
        limits: { cpu: "0.5", memory: 64Mi }
    - name: other
      image: ${TEST_IMAGE}
      env: [{ name: PORT, value: "8081" }]
      resources: { limits: { memory: 64Mi } }`);
  const { stderr } = await ok('up', '-d');
  await step('both run', async () => {
    for (const name of ['app', 'other'])
      assert.equal((await containerState(`${id}-${name}`)).status, 'running');
  });
  const controllers = await podman('info', '--format', '{{.Host.CgroupControllers}}');
  const given = ['cpu', 'memory'].filter((name) => new RegExp(`\\b${name}\\b`).test(controllers));
  await step('what cannot be limited is told once', () => {
    const told = stderr.match(/are ignored: this user cannot set them/g) ?? [];
    assert.equal(told.length, given.length === 2 ? 0 : 1, stderr);
    assert.doesNotMatch(stderr, /not supported and ignored/, 'podman has nothing left to say');
  });
  await step('what can be limited is', async () => {
    const format = '{{.HostConfig.NanoCpus}} {{.HostConfig.Memory}} {{.HostConfig.MemorySwap}}';
    const [cpu = '', memory = '', swap = ''] = (await podman('inspect', '--format', format, `${id}-app`))
      .trim()
      .split(' ');
    assert.equal(cpu, given.includes('cpu') ? '500000000' : '0');
    assert.equal(memory, given.includes('memory') ? String(64 * 2 ** 20) : '0');
    assert.equal(swap, memory);
  });
  await step('another up has nothing to do, and nothing to say of it', async () => {
    const again = await ok('up', '-d');
    assert.match(again.stderr, /Nothing to do/);
    assert.doesNotMatch(again.stderr, /left out/);
  });
});
