import assert from 'node:assert/strict';
import { TEST_IMAGE, BUSYBOX } from './support/images.ts';
import { at, listAt, parse } from './support/json.ts';
import { fetchText, freePort } from './support/network.ts';
import { exec, podman, tryPodman } from './support/podman.ts';
import { assertNothingLeft, assertRefused, podText, scenario } from './support/scenario.ts';

const DEBIAN = 'docker.io/library/debian:12';

/** A server on port 8080, and a container that can ask for names. */
function server(namespace = 'default', ports = ''): string {
  return `
  terminationGracePeriodSeconds: 1
  containers:
    - { name: web, image: ${TEST_IMAGE}, env: [{ name: NAMESPACE, value: ${namespace} }]${ports} }
    - { name: client, image: ${DEBIAN}, command: [sleep, "3600"] }`;
}

/**
 * The address that a name has in a container; empty without one. It is asked for twice: podman's DNS server of 4.3.1 knows no
 * names for a moment when a container starts or ends.
 */
async function lookUp(container: string, name: string): Promise<string> {
  const script = 'getent ahostsv4 "$1" || { sleep 0.3; getent ahostsv4 "$1"; }';
  const { stdout } = await tryPodman('exec', container, 'sh', '-c', script, 'sh', name);
  return stdout.split(/\s/, 1)[0] ?? '';
}

/** The first line of the answer of the server at port 8080 of a host, which is asked a second time if there is none. */
async function ask(container: string, host: string): Promise<string> {
  const once =
    '(exec 3<>"/dev/tcp/$1/8080" && printf "GET / HTTP/1.0\\r\\n\\r\\n" >&3 && head -n 1 <&3 | grep .)';
  const script = `${once} || { sleep 0.3; ${once}; }`;
  return (
    await tryPodman('exec', container, 'timeout', '15', 'bash', '-c', script, 'bash', host)
  ).stdout.trim();
}

async function networksOf(pod: string): Promise<readonly string[]> {
  const infra = (await podman('pod', 'inspect', '--format', '{{.InfraContainerID}}', pod)).trim();
  const [inspected] = listAt(parse(await podman('container', 'inspect', infra)));
  return Object.keys(at(inspected, 'NetworkSettings', 'Networks') ?? {});
}

async function addressOf(pod: string): Promise<string> {
  const infra = (await podman('pod', 'inspect', '--format', '{{.InfraContainerID}}', pod)).trim();
  return (
    await podman('inspect', '--format', '{{range .NetworkSettings.Networks}}{{.IPAddress}}{{end}}', infra)
  ).trim();
}

scenario('The pods of a project reach each other by name, on a network of the project', async (story) => {
  const { id, step, file, ok, podpose } = story;
  const port = await freePort();
  const one = `${id}-a`;
  const own = `${id}-b`;
  // Its name in podman: it is in another namespace.
  const two = `shop_${own}`;
  const first = podText(one, server('default', `, ports: [{ containerPort: 8080, hostPort: ${port} }]`));
  const second = podText(own, `  hostname: b-0\n  subdomain: b${server('shop')}`).replace(
    `name: ${own}\n`,
    `name: ${own}\n  namespace: shop\n`,
  );
  await file('pod.yaml', `${first}---\n${second}`);
  const up = await ok('up', '-d');
  await step('the network is created once, and carries the label of the project', async () => {
    assert.match(up.stderr, new RegExp(`^network/podpose-${id} +created`, 'm'));
    const [network] = listAt(parse(await podman('network', 'inspect', `podpose-${id}`)));
    assert.equal(at(network, 'labels', 'podpose.project'), id);
    assert.deepEqual(await networksOf(two), [`podpose-${id}`]);
  });
  await step('each pod has an address, which ps shows and its names resolve to', async () => {
    const [a, b] = [await addressOf(one), await addressOf(two)];
    const wide = (await ok('ps', '-o', 'wide')).stdout;
    for (const [namespace, pod, address] of [
      ['default', one, a],
      ['shop', own, b],
    ] as const)
      assert.match(wide, new RegExp(`^${namespace} +${pod} .* ${address.replaceAll('.', '\\.')} `, 'm'));
    const list = parse((await ok('ps', '-o', 'json')).stdout);
    assert.deepEqual(
      listAt(at(list, 'items')).map((pod) => [
        at(pod, 'status', 'podIP'),
        at(pod, 'status', 'podIPs', 0, 'ip'),
      ]),
      [
        [a, a],
        [b, b],
      ],
    );
    for (const name of [one, `${one}.default`, `${one}.default.svc`, `${one}.default.svc.cluster.local`])
      assert.equal(await lookUp(`${two}-client`, name), a, name);
    for (const name of [`${own}.shop`, 'b-0.b.shop', 'b-0.b.shop.svc.cluster.local'])
      assert.equal(await lookUp(`${one}-client`, name), b, name);
    for (const name of [own, 'b-0.b'])
      assert.equal(await lookUp(`${two}-client`, name), b, 'in its own namespace');
  });
  await step('servers answer at the name of the pod, at localhost in it, and at the host port', async () => {
    assert.match(await ask(`${two}-client`, one), / 200 /);
    assert.match(await ask(`${one}-client`, `${own}.shop`), / 200 /);
    assert.match(await ask(`${two}-client`, 'localhost'), / 200 /);
    assert.match(await fetchText(`http://127.0.0.1:${port}/`), /version/);
  });
  await step('applied again, nothing changes', async () => {
    assert.match((await ok('up', '-d')).stderr, /^Nothing to do/);
  });
  await step('a pod that comes and goes takes no name and no gateway from another', async () => {
    const bridge = await bridgeAddress(`podpose-${id}`);
    await ok('down', own);
    assert.equal(await bridgeAddress(`podpose-${id}`), bridge);
    await ok('up', '-d');
    assert.equal(await bridgeAddress(`podpose-${id}`), bridge);
    assert.equal(await lookUp(`${one}-client`, `${own}.shop`), await addressOf(two));
  });
  await step('another project has another network', async () => {
    await file('other.yaml', podText(`${id}-c`, server()));
    assert.equal((await podpose(['-p', `${id}-other`, 'up', '-d', 'other.yaml'])).code, 0);
    assert.deepEqual(await networksOf(`${id}-c`), [`podpose-${id}-other`]);
    assert.equal(await lookUp(`${id}-c-client`, one), '');
    await ok('-p', `${id}-other`, 'down');
  });
  await step('the network goes with the last pod', async () => {
    const { stderr } = await ok('down');
    assert.match(stderr, new RegExp(`^network/podpose-${id} +removed`, 'm'));
    await assertNothingLeft(story);
  });
});

/** The address of the bridge of a network, in the namespace that the bridges of a user share. */
async function bridgeAddress(network: string): Promise<string> {
  const bridge = (await podman('network', 'inspect', '--format', '{{.NetworkInterface}}', network)).trim();
  const shown = await podman('unshare', '--rootless-netns', 'ip', '-o', 'link', 'show', 'dev', bridge);
  return /link\/ether (\S+)/.exec(shown)?.[1] ?? '';
}

const STAYS = `
  terminationGracePeriodSeconds: 1
  containers:
    - { name: app, image: ${BUSYBOX}, command: [sleep, "3600"] }`;

scenario('--network joins an existing network, which podpose never removes', async (story) => {
  const { id, step, pod, ok, podpose } = story;
  const shared = `${id}-shared`;
  await pod(server());
  await step('a missing one is refused before anything changes', async () => {
    assertRefused(
      await podpose(['up', '-d', '--network', shared]),
      1,
      new RegExp(`network '${shared}' does not exist`),
      new RegExp(`podman network create ${shared}`),
    );
    await assertNothingLeft(story);
  });
  await podman('network', 'create', shared);
  await podman('run', '-d', '--network', shared, '--name', `${id}-theirs`, TEST_IMAGE);
  await ok('up', '-d', '--network', shared);
  await step('the pod reaches a container of somebody else on it', async () => {
    assert.deepEqual(await networksOf(id), [shared]);
    assert.match(await ask(`${id}-client`, `${id}-theirs`), / 200 /);
  });
  await step('without the option, the pod belongs on the network of the project', async () => {
    assert.match((await ok('up', '-d', '--network', shared)).stderr, /^Nothing to do/);
    const { stdout } = await ok('plan');
    assert.match(stdout, new RegExp(`network: ${shared} -> podpose-${id}`));
    assert.match(stdout, new RegExp(`\\+ network/podpose-${id}`));
  });
  await step('down keeps the network', async () => {
    await ok('down');
    assert.equal((await tryPodman('network', 'exists', shared)).code, 0);
  });
});

scenario('A network of that name that podpose did not create is refused and kept', async (story) => {
  const { id, step, pod, ok, podpose } = story;
  await podman('network', 'create', `podpose-${id}`);
  await pod(STAYS);
  await step('up refuses it', async () => {
    assertRefused(await podpose(['up', '-d']), 1, new RegExp(`network 'podpose-${id}' already exists`));
  });
  await step('a pod with hostNetwork needs none', async () => {
    await pod(`  hostNetwork: true${STAYS}`);
    await ok('up', '-d');
    await ok('down');
    assert.equal((await tryPodman('network', 'exists', `podpose-${id}`)).code, 0);
  });
});

scenario('A pod of an earlier podpose keeps its network', async (story) => {
  const { id, step, pod, ok, startProgram } = story;
  await pod(STAYS);
  const { stdout } = await ok('plan', '--format', 'commands');
  const earlier = stdout
    .split('\n')
    .filter((line) => !/ network create | --rootless-netns /.test(line))
    .map((line) =>
      line.replaceAll(
        / --network \S+| --dns(?:-\w+)? (?:"\$\(.*?\)"|\S+)| --label podpose\.network=\S*/g,
        '',
      ),
    )
    .join('\n');
  assert.equal((await startProgram('sh', ['-ec', earlier]).end).code, 0, earlier);
  await step('up and plan tell of it, and change nothing', async () => {
    assert.deepEqual(
      (await networksOf(id)).filter((name) => name.startsWith('podpose-')),
      [],
    );
    const { stderr } = await ok('up', '-d');
    assert.match(stderr, new RegExp(`note: .*without the network of the project: pod/${id}`));
    assert.match(stderr, /Nothing to do/);
    assert.equal((await ok('diff')).stdout, '');
  });
  await step('another container of it changes inside the pod', async () => {
    await pod(STAYS.replace('3600', '3601'));
    await ok('up', '-d');
    assert.deepEqual(
      (await networksOf(id)).filter((name) => name.startsWith('podpose-')),
      [],
    );
  });
  await step('--force-recreate puts it on the network', async () => {
    const { stderr } = await ok('up', '-d', '--force-recreate');
    assert.doesNotMatch(stderr, /note:/);
    assert.deepEqual(await networksOf(id), [`podpose-${id}`]);
    assert.match(
      await exec(`${id}-app`, 'cat', '/etc/resolv.conf'),
      /^search default\.svc\.cluster\.local /m,
    );
  });
});
