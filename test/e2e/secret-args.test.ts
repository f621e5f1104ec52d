import assert from 'node:assert/strict';
import { join } from 'node:path';
import { BUSYBOX, TEST_IMAGE } from './support/images.ts';
import { assertChanged, livePod } from './support/live-pod.ts';
import { exec, podman, secretsOf, tryPodman } from './support/podman.ts';
import { assertRefused, podText, scenario, type Scenario } from './support/scenario.ts';
import { watchProcesses } from './support/watched-processes.ts';

/** A Secret and a Pod with this `spec`. */
function withSecret(name: string, password: string, spec: string): string {
  return `apiVersion: v1
kind: Secret
metadata: { name: db }
stringData: { password: ${JSON.stringify(password)}, none: "" }
---
${podText(name, spec)}`;
}

const PASSWORD = '{ name: PASSWORD, valueFrom: { secretKeyRef: { name: db, key: password } } }';

/** What podman shows of a container, and of the secrets of the scenario, without the variables of the process. */
async function shown({ id }: Scenario, container: string): Promise<readonly string[]> {
  const format =
    '{{json .Config.Cmd}} {{json .Config.Entrypoint}} {{json .Config.Labels}} {{.Path}} {{json .Args}}';
  return [
    await podman('inspect', '--format', format, `${id}-${container}`),
    await podman('ps', '--all', '--no-trunc', '--format', 'json'),
    await podman('secret', 'inspect', ...(await secretsOf(id))),
  ];
}

scenario('A secret in args reaches the program as one word, and nothing else has it', async (story) => {
  const { id, step, file, podpose, ok } = story;
  const marker = `marker-${id}-${Math.random().toString(36).slice(2)}`;
  const value = `${marker} it's "x" $(HOME) \`id\`\nsecond line\n`;
  const spec = (more: string) =>
    withSecret(
      id,
      value + more,
      `
  terminationGracePeriodSeconds: 1
  containers:
    - name: show
      image: ${TEST_IMAGE}
      env: [${PASSWORD}]
      args: [--port, "$(PASSWORD)", "$$(PASSWORD)", "db://$(PASSWORD)@db"]
    - name: sealed
      image: ${BUSYBOX}
      env:
        - ${PASSWORD}
        - { name: discovery.type, value: single-node }
        - { name: NONE, valueFrom: { secretKeyRef: { name: db, key: none } } }
      command: [sh, -c, "sleep 1000 & trap exit TERM; wait", sh, "$(NONE)$(NOTHING)$(PASSWORD)"]
      workingDir: /var
      securityContext:
        runAsUser: 1234
        readOnlyRootFilesystem: true
        allowPrivilegeEscalation: false
        capabilities: { drop: [ALL] }
    - name: other
      image: ${BUSYBOX}
      command: [sleep, "1000"]`,
    );
  const outputs: string[] = [];
  const run = async (...args: readonly string[]) => {
    const ended = await podpose(args);
    outputs.push(`${args.join(' ')}:\n${ended.stdout}${ended.stderr}`);
    assert.ok(ended.code === 0 || args[0] === 'plan' || args[0] === 'diff', ended.story);
  };
  const cmdline = async (container: string) =>
    (await exec(`${id}-${container}`, 'cat', '/proc/1/cmdline')).split('\0').slice(0, -1);

  await file('pod.yaml', spec(''));
  const stop = watchProcesses(marker);
  await step('podpose plans and starts it', async () => {
    for (const format of ['text', 'commands', 'json']) await run('plan', '--format', format);
    await run('-v', '--progress', 'plain', 'up', '-d');
  });
  await step('the ENTRYPOINT of the image has the expanded words', async () => {
    const words = ['--port', value, '$(PASSWORD)', `db://${value}@db`];
    assert.deepEqual(await cmdline('show'), ['/bin/sh', '/bin/show', 'entrypoint', ...words]);
    const log = await podman('logs', `${id}-show`);
    for (const line of ['user: 1000:2000', 'folder: /srv', 'greeting: hello from the image'])
      assert.ok(log.includes(`${line}\n`), log);
  });
  await step('user, directory and variables are those of the manifest', async () => {
    assert.deepEqual((await cmdline('sealed')).slice(3), ['sh', `$(NOTHING)${value}`]);
    const environ = (await exec(`${id}-sealed`, 'cat', '/proc/1/environ')).split('\0');
    assert.ok(
      environ.includes('discovery.type=single-node') &&
        environ.includes('NONE=') &&
        environ.includes(`PASSWORD=${value}`),
    );
    assert.deepEqual(
      environ.filter((line) => line.startsWith('PODPOSE_')),
      [],
    );
    assert.equal(await exec(`${id}-sealed`, 'readlink', '/proc/1/cwd'), '/var\n');
    assert.match(await exec(`${id}-sealed`, 'cat', '/proc/1/status'), /^Uid:\t1234\t.*^CapEff:\t0+$/ms);
  });
  await step('podman shows the words of the manifest instead of the value', async () => {
    const texts = [...(await shown(story, 'show')), ...(await shown(story, 'sealed'))];
    for (const text of texts) assert.ok(!text.includes(marker), text);
    assert.ok(texts[0]?.includes('db://$(PASSWORD)@db'), texts[0]);
  });
  const before = await livePod(id);
  await step('up has nothing to do the second time', async () => {
    await run('up', '-d');
    assertChanged(before, await livePod(id), {});
    assert.equal((await podpose(['plan', '--detailed-exitcode'])).code, 0);
  });
  await step('another value replaces the containers that use it', async () => {
    await file('pod.yaml', spec('-changed'));
    for (const format of ['text', 'commands', 'json']) await run('plan', '--format', format);
    await run('diff');
    await run('-v', '--progress', 'json', 'up', '-d');
    assertChanged(before, await livePod(id), { replaced: ['show', 'sealed'] });
    assert.deepEqual((await cmdline('show')).at(-1), `db://${value}-changed@db`);
    assert.equal((await secretsOf(id)).length, 3);
  });
  await step('only the programs themselves had it in their command lines', () => {
    const others = stop().filter((line) => !/^\/bin\/sh \/bin\/show |^sh -c sleep /.test(line));
    assert.deepEqual(others, []);
  });
  await step('no output of podpose has it', () => {
    assert.ok(outputs.some((text) => text.includes('***(after)')));
    for (const text of outputs) assert.ok(!text.includes(marker), text);
  });
  await step('a stop reaches the program, which ends with its own code', async () => {
    await podman('stop', '--time', '20', `${id}-show`);
    assert.equal((await podman('inspect', '--format', '{{.State.ExitCode}}', `${id}-show`)).trim(), '0');
    assert.match(await podman('logs', `${id}-show`), /^stopping$/m);
  });
  await step('down removes the secrets', async () => {
    await ok('down');
    assert.deepEqual(await secretsOf(id), []);
  });
});

scenario('An init container has a secret in its command', async (story) => {
  const { id, step, file, ok } = story;
  const init = (code: number) =>
    withSecret(
      id,
      'top secret',
      `
  restartPolicy: Never
  terminationGracePeriodSeconds: 0
  initContainers:
    - name: setup
      image: ${BUSYBOX}
      env: [${PASSWORD}]
      workingDir: /new
      command: [sh, -c, 'echo "$# <$1> $(pwd)" >/proc/1/fd/1; exit "$2"', sh, "$(PASSWORD)", "${code}"]
  containers:
    - { name: app, image: "${BUSYBOX}", command: [sleep, "1000"] }`,
    );
  await step('podpose waits for it, in a directory that the image lacks', async () => {
    await file('pod.yaml', init(0));
    await ok('up', '-d');
    assert.equal(await podman('logs', `${id}-setup`), '2 <top secret> /new\n');
  });
  await step('its exit code counts', async () => {
    await file('pod.yaml', init(7));
    const ended = await story.podpose(['up', '-d']);
    assert.equal(ended.code, 1, ended.story);
    assert.match(ended.stderr, /\b7\b/);
  });
});

scenario('An image without a shell is refused before anything changes', async (story) => {
  const { id, step, file, ok, after } = story;
  const image = `localhost/${id}:1`;
  const spec = (args: string, more = '') =>
    withSecret(
      id,
      '1000',
      `
  terminationGracePeriodSeconds: 0
  containers:
    - name: app
      image: ${image}
      env: [${PASSWORD}]
      args: [${args}]${more}`,
    );
  await step('an image with one static program', async () => {
    const lines = [`FROM ${BUSYBOX} AS tools`, 'FROM scratch', 'COPY --from=tools /bin/busybox /sleep'];
    const path = await file('Containerfile', [...lines, 'ENTRYPOINT ["/sleep"]', ''].join('\n'));
    await podman('build', '--quiet', '--tag', image, '--file', path, story.directory);
    after(() => tryPodman('rmi', '--force', image));
  });
  await step('up says so, and has created nothing', async () => {
    await file('pod.yaml', spec('"$(PASSWORD)"'));
    const ended = await story.podpose(['up', '-d']);
    assertRefused(ended, 1, /has no \/bin\/sh/, /variable or a mounted file/);
    assert.equal((await tryPodman('pod', 'exists', id)).code, 1);
    assert.deepEqual(await secretsOf(id), []);
  });
  await step('without a secret it starts', async () => {
    await file('pod.yaml', spec('"1000"'));
    await ok('up', '-d');
  });
  await step('the running container is kept if the new one could not start', async () => {
    const before = await livePod(id);
    await file('pod.yaml', spec('"$(PASSWORD)"'));
    assertRefused(await story.podpose(['up', '-d']), 1, /has no \/bin\/sh/);
    assertChanged(before, await livePod(id), {});
  });
  await step('a shell from a volume is used', async () => {
    const shell = join(story.directory, 'sh');
    await podman('create', '--name', `${id}-tools`, BUSYBOX);
    await podman('cp', `${id}-tools:/bin/busybox`, shell);
    await podman('rm', `${id}-tools`);
    const mounts = `
      volumeMounts: [{ name: sh, mountPath: /bin/sh }]
  volumes: [{ name: sh, hostPath: { path: ${shell}, type: File } }]`;
    await file('pod.yaml', spec('"$(PASSWORD)"', mounts));
    await ok('up', '-d');
    const cmdline = await podman('top', `${id}-app`, 'args');
    assert.match(cmdline, /^\/sleep 1000 *$/m);
  });
});
