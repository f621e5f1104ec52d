import assert from 'node:assert/strict';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { TEST_IMAGE, TEST_IMAGE_2 } from './support/images.ts';
import { fetchText, freePort, getUntil } from './support/network.ts';
import { containerState, NOTHING, podman, thingsOf, type Things } from './support/podman.ts';
import { startRegistry } from './support/registry.ts';
import { assertNothingLeft, assertRefused, podText, scenario, type Scenario } from './support/scenario.ts';

/** A registry whose images are removed from podman at the end. */
async function registryFor(
  { directory, after }: Scenario,
  beforeAnswer?: () => Promise<void>,
  credentials?: string,
) {
  const registry = await startRegistry(directory, beforeAnswer, credentials);
  after(async () => {
    registry.close();
    // By name, so that the image that it was made from keeps its own names.
    for (const name of (await podman('images', '--format', '{{.Repository}}:{{.Tag}}')).split('\n'))
      if (name.startsWith(registry.host)) await podman('rmi', '--force', name);
  });
  return registry;
}

scenario('Images are pulled before anything is made, each once', async (story) => {
  const { id, step, pod, podpose } = story;
  const whilePulling: Things[] = [];
  const registry = await registryFor(story, async () => {
    whilePulling.push(await thingsOf(id));
  });
  await registry.push(TEST_IMAGE, '1');
  await registry.push(TEST_IMAGE_2, '2');
  const port = await freePort();
  const image = `${registry.host}/app`;
  await pod(`
  initContainers:
    - { name: init, image: "${image}:2", command: ["true"] }
  containers:
    - { name: web, image: "${image}:1", ports: [{ containerPort: 8080, hostPort: ${port} }] }
    - { name: other, image: "${image}:1", env: [{ name: PORT, value: "8081" }] }`);

  await step('up pulls what the pod needs, and the pod answers', async () => {
    const ended = await podpose(['up', '-d'], { env: registry.env });
    assert.equal(ended.code, 0, ended.story);
    assert.match(await fetchText(`http://127.0.0.1:${port}/`), /^version: 1$/m);
  });
  await step('two containers of one image pull it once', () => {
    const asked = registry.requests.filter((request) => request.startsWith('GET /v2/app/manifests/'));
    assert.equal(new Set(asked).size, asked.length, asked.join('\n'));
  });
  await step('while images were pulled, there was no pod, container or volume', () => {
    assert.ok(whilePulling.length > 0);
    for (const things of whilePulling) assert.deepEqual(things, NOTHING);
  });
  await step('another up asks the registry for nothing', async () => {
    const before = registry.requests.length;
    const ended = await podpose(['up', '-d'], { env: registry.env });
    assert.equal(ended.code, 0, ended.story);
    assert.equal(registry.requests.length, before);
  });
});

scenario('up --pull always replaces a container when its tag has moved, and only then', async (story) => {
  const { id, step, pod, podpose } = story;
  const registry = await registryFor(story);
  await registry.push(TEST_IMAGE, 'stable');
  const port = await freePort();
  await pod(`
  containers:
    - { name: web, image: "${registry.host}/app:stable", ports: [{ containerPort: 8080, hostPort: ${port} }] }`);
  const up = async (...options: readonly string[]) => {
    const ended = await podpose(['up', '-d', ...options], { env: registry.env });
    assert.equal(ended.code, 0, ended.story);
  };
  await up();
  const isVersion = (version: string) =>
    getUntil(`http://127.0.0.1:${port}/`, ({ text }) => text.includes(`version: ${version}\n`));
  await isVersion('1');
  const before = await containerState(`${id}-web`);

  await step('the tag is where it was: the registry is asked, the container stays', async () => {
    const requests = registry.requests.length;
    await up('--pull', 'always');
    assert.ok(registry.requests.length > requests);
    assert.deepEqual(await containerState(`${id}-web`), before);
  });
  await step('the tag has moved: the container is replaced', async () => {
    await registry.push(TEST_IMAGE_2, 'stable');
    await up('--pull', 'always');
    await isVersion('2');
    assert.notEqual((await containerState(`${id}-web`)).id, before.id);
  });
});

scenario('A tag that the registry does not have is said to be missing', async (story) => {
  const { step, pod, podpose } = story;
  const registry = await registryFor(story);
  await registry.push(TEST_IMAGE, '1');
  const image = `${registry.host}/app:2`;
  await pod(`
  containers:
    - { name: good, image: "${registry.host}/app:1" }
    - { name: bad, image: "${image}" }`);
  await step('up names the image and nothing is made', async () => {
    const ended = await podpose(['up', '-d'], { env: registry.env });
    assertRefused(ended, 1, new RegExp(`${image}.*image not found`));
    await assertNothingLeft(story);
  });
});

scenario('An image of a registry that asks for a password is pulled with imagePullSecrets', async (story) => {
  const { id, directory, step, file, podpose, after } = story;
  const registry = await registryFor(story, undefined, 'ann:pa55:word');
  await registry.push(TEST_IMAGE, '1');
  const image = `${registry.host}/app:1`;
  const auth = Buffer.from('ann:pa55:word').toString('base64');
  const up = () => podpose(['up', '-d'], { env: registry.env });
  const withSecret = (config: object) =>
    file(
      'pod.yaml',
      `apiVersion: v1
kind: Secret
metadata: { name: registry }
type: kubernetes.io/dockerconfigjson
stringData: { .dockerconfigjson: '${JSON.stringify(config)}' }
---
${podText(id, `\n  imagePullSecrets: [{ name: registry }]\n  containers: [{ name: app, image: "${image}" }]`)}`,
    );
  await step('without them it is refused, and said why', async () => {
    await file('pod.yaml', podText(id, `\n  containers: [{ name: app, image: "${image}" }]`));
    const ended = await up();
    assert.equal(ended.code, 1);
    assert.match(ended.stderr, /imagePullSecrets|log(?:ged)? in/);
  });
  await step('with the wrong ones, too', async () => {
    await withSecret({ auths: { [registry.host]: { auth: 'YW5uOndyb25n' } } });
    assert.equal((await up()).code, 1);
  });
  await step('with the right ones it runs', async () => {
    await withSecret({ auths: { 'example.com': { auth: 'eDp5' }, [registry.host]: { auth } } });
    const ended = await up();
    assert.equal(ended.code, 0, ended.stderr);
    assert.equal((await containerState(`${id}-app`)).status, 'running');
  });
  await step('a name and a password will do as well', async () => {
    await podman('pod', 'rm', '--force', '--time', '0', id);
    await podman('rmi', '--force', image);
    await withSecret({ auths: { [registry.host]: { username: 'ann', password: 'pa55:word' } } });
    const ended = await up();
    assert.equal(ended.code, 0, ended.stderr);
  });
  const upWithoutSecret = async (env: Readonly<Record<string, string>>) => {
    await podman('pod', 'rm', '--force', '--time', '0', id);
    await podman('rmi', '--force', image);
    await file('pod.yaml', podText(id, `\n  containers: [{ name: app, image: "${image}" }]`));
    const ended = await podpose(['up', '-d'], { env: { ...registry.env, ...env } });
    assert.equal(ended.code, 0, ended.stderr);
  };
  await step('so will the file that REGISTRY_AUTH_FILE names', async () => {
    await file('auth.json', JSON.stringify({ auths: { [registry.host]: { auth } } }));
    await upWithoutSecret({ REGISTRY_AUTH_FILE: join(directory, 'auth.json') });
  });
  await step("so will 'podman login'", async () => {
    await podman(
      'login',
      '--tls-verify=false',
      '--username',
      'ann',
      '--password',
      'pa55:word',
      registry.host,
    );
    after(() => podman('logout', registry.host));
    await upWithoutSecret({});
  });
  await step('no file with them is left', () => {
    const left = [process.env['XDG_RUNTIME_DIR'] ?? '/tmp', '/tmp'].flatMap((path) =>
      readdirSync(path).filter((name) => /^podpose\.\w{6}$/.test(name)),
    );
    assert.deepEqual(left, []);
  });
});

scenario('What podman resolves to an image that is here is used without a registry', async (story) => {
  const { id, step, pod, podpose, after } = story;
  const built = `${id}-built`;
  await podman('tag', TEST_IMAGE, `localhost/${built}:latest`);
  after(() => podman('untag', TEST_IMAGE, `localhost/${built}:latest`));
  const digest = await podman('image', 'inspect', '--format', '{{.Digest}}', TEST_IMAGE);
  const [repository = ''] = TEST_IMAGE.split(/:[^/]*$/);
  await pod(`
  terminationGracePeriodSeconds: 1
  containers:
    - { name: short, image: ${built}, env: [{ name: PORT, value: "8081" }] }
    - { name: digest, image: "${repository}:9.99@${digest.trim()}", env: [{ name: PORT, value: "8082" }] }`);
  await step(
    'the service of podman and its command say the same: the pod runs, and up again does nothing',
    async () => {
      const first = await podpose(['up', '-d']);
      assert.equal(first.code, 0, first.story);
      const states = ['short', 'digest'].map(async (name) => (await containerState(`${id}-${name}`)).status);
      assert.deepEqual(await Promise.all(states), ['running', 'running']);
      const again = await podpose(['plan', '--detailed-exitcode']);
      assert.equal(again.code, 0, again.story);
    },
  );
  await step('one that was never built is refused with the command that builds it', async () => {
    await pod(`
  containers: [{ name: app, image: "localhost/${id}-never:1" }]`);
    const ended = await podpose(['up', '-d']);
    assertRefused(ended, 1, new RegExp(`podman build -t localhost/${id}-never:1 \\.`));
  });
});
