import assert from 'node:assert/strict';
import { mkdir, readFile, readlink } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { BUSYBOX, TEST_IMAGE } from './support/images.ts';
import { fetchText, freePort, get } from './support/network.ts';
import { exec } from './support/podman.ts';
import { assertNothingLeft, scenario } from './support/scenario.ts';

/** Stays until it is told to stop. */
const STAYS = `["sh", "-c", "trap 'exit 0' TERM; sleep 3600 & wait"]`;

const NAMESPACES = ['ipc', 'mnt', 'net', 'pid', 'uts'] as const;

/** Which namespaces a container is in, as the kernel names them. */
async function namespacesOf(container: string) {
  const links = await exec(
    container,
    'sh',
    '-c',
    `for n in ${NAMESPACES.join(' ')}; do readlink /proc/self/ns/$n; done`,
  );
  return namesOf(links.trim().split('\n'));
}

/** Those of this test, which are the host's as far as an ordinary user is concerned. */
async function ownNamespaces() {
  return namesOf(await Promise.all(NAMESPACES.map((name) => readlink(`/proc/self/ns/${name}`))));
}

function namesOf(links: readonly string[]) {
  return new Map(NAMESPACES.map((name, index) => [name, links[index]]));
}

function inCommon(a: ReadonlyMap<string, unknown>, b: ReadonlyMap<string, unknown>): readonly string[] {
  return [...a].filter(([name, link]) => b.get(name) === link).map(([name]) => name);
}

const TWO_THAT_STAY = `
  containers:
    - { name: one, image: ${BUSYBOX}, command: ${STAYS} }
    - { name: two, image: ${BUSYBOX}, command: ${STAYS} }`;

scenario('Containers of a pod share network, host name and IPC, and nothing with the host', async (story) => {
  const { id, step, pod, ok } = story;
  await pod(TWO_THAT_STAY);
  await ok('up', '-d');
  const [one, two, own] = await Promise.all([
    namespacesOf(`${id}-one`),
    namespacesOf(`${id}-two`),
    ownNamespaces(),
  ]);
  await step('with each other: ipc, net, uts', () => {
    assert.deepEqual(inCommon(one, two), ['ipc', 'net', 'uts']);
  });
  await step('with the host: nothing', () => {
    assert.deepEqual(inCommon(one, own), []);
  });
  await step('each is its own PID 1', async () => {
    assert.equal(await exec(`${id}-one`, 'cat', '/proc/1/comm'), 'sh\n');
  });
});

scenario('shareProcessNamespace: all see all processes, and PID 1 is the pause process', async (story) => {
  const { id, step, pod, ok } = story;
  await pod(`
  shareProcessNamespace: true
  initContainers:
    - { name: init, image: ${BUSYBOX}, command: [cat, /proc/1/comm] }
  containers:
    - { name: one, image: ${BUSYBOX}, command: [sleep, "3601"] }
    - { name: two, image: ${BUSYBOX}, command: [sleep, "3602"] }`);
  await ok('up', '-d');
  await step('PID 1 is the pause process, for the init container too', async () => {
    assert.match((await ok('logs', '-c', 'init', '--no-prefix')).stdout, /^(catatonit|pause)$/m);
    assert.match(await exec(`${id}-one`, 'cat', '/proc/1/comm'), /^(catatonit|pause)$/m);
  });
  await step('one sees the process of two, and may send it a signal', async () => {
    assert.match(await exec(`${id}-one`, 'ps'), /sleep 3602/);
    await exec(`${id}-one`, 'sh', '-c', 'kill -0 "$(pgrep -f "sleep 3602")"');
  });
  await step('processes that handle no TERM are stopped by it at once, not being PID 1', async () => {
    const { milliseconds } = await ok('down');
    assert.ok(milliseconds < 20_000, `${milliseconds} ms`);
  });
});

scenario('hostNetwork, hostPID and hostIPC are those of the host', async (story) => {
  const { id, step, pod, ok, after } = story;
  const server = createServer((_request, response) => response.end('only on localhost'));
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  after(() => server.close());
  const { port } = server.address() as AddressInfo;
  await pod(`
  hostNetwork: true
  hostPID: true
  hostIPC: true
${TWO_THAT_STAY}`);
  await ok('up', '-d');
  await step('both containers are in these namespaces of the host', async () => {
    const own = await ownNamespaces();
    for (const container of ['one', 'two']) {
      const shared = inCommon(await namespacesOf(`${id}-${container}`), own);
      for (const name of ['ipc', 'net', 'pid']) assert.ok(shared.includes(name), `${name} of ${container}`);
    }
  });
  await step("a server on the host's own localhost is reached", async () => {
    const url = `http://127.0.0.1:${port}/`;
    assert.equal(await exec(`${id}-one`, 'wget', '-q', '-O', '-', url), 'only on localhost');
  });
});

scenario('Host name, aliases and DNS are seen from inside of every container', async (story) => {
  const { id, step, pod, ok } = story;
  await pod(`
  hostname: web-1
  dnsPolicy: None
  hostAliases:
    - { ip: 203.0.113.7, hostnames: [db.example, cache.example] }
    - { ip: 203.0.113.8, hostnames: [mail.example] }
  dnsConfig:
    nameservers: [203.0.113.53]
    searches: [one.example, two.example]
    options: [{ name: ndots, value: "2" }, { name: edns0 }]
${TWO_THAT_STAY}`);
  await ok('up', '-d');
  for (const container of ['one', 'two']) {
    await step(`${container}: the host name`, async () => {
      assert.equal(await exec(`${id}-${container}`, 'hostname'), 'web-1\n');
    });
    await step(`${container}: the aliases`, async () => {
      const hosts = await exec(`${id}-${container}`, 'cat', '/etc/hosts');
      for (const [ip, name] of [
        ['203.0.113.7', 'db.example'],
        ['203.0.113.7', 'cache.example'],
        ['203.0.113.8', 'mail.example'],
      ] as const)
        assert.match(hosts, new RegExp(`^${ip.replaceAll('.', '\\.')}\\s.*${name}`, 'm'));
    });
    await step(`${container}: the DNS servers, search list and options`, async () => {
      const resolv = await exec(`${id}-${container}`, 'cat', '/etc/resolv.conf');
      // From podman 4.4.3 on, the DNS server of the network is there, and asks it.
      assert.match(resolv, /^nameserver (?:203\.0\.113\.53|10\.89\.\d+\.1)$/m);
      assert.match(resolv, /^search one\.example two\.example$/m);
      assert.match(resolv, /^options .*ndots:2/m);
      assert.match(resolv, /^options .*edns0/m);
    });
  }
});

scenario('Without a hostname, the host is called as the pod', async (story) => {
  const { id, step, pod, ok } = story;
  await pod(TWO_THAT_STAY);
  await ok('up', '-d');
  await step('in the kernel and in the environment', async () => {
    assert.equal(await exec(`${id}-one`, 'sh', '-c', 'hostname; echo $HOSTNAME'), `${id}\n${id}\n`);
  });
});

scenario('The containers of a pod reach each other on localhost', async (story) => {
  const { id, step, pod, ok } = story;
  await pod(`
  containers:
    - { name: server, image: ${TEST_IMAGE} }
    - { name: client, image: ${BUSYBOX}, command: ${STAYS} }`);
  await ok('up', '-d');
  await step('the client gets an answer from the port of the server', async () => {
    const script =
      'for n in 1 2 3 4 5 6 7 8 9; do wget -q -O - http://127.0.0.1:8080/ && break; sleep 0.3; done';
    assert.match(await exec(`${id}-client`, 'sh', '-c', script), /^greeting: hello from the image$/m);
  });
});

scenario('A hostPort listens on 127.0.0.1 only, unless the manifest or --host-ip opens it', async (story) => {
  const { step, pod, ok } = story;
  const [closed, open] = [await freePort(), await freePort()];
  const spec = `
  containers:
    - name: app
      image: ${TEST_IMAGE}
      ports:
        - { containerPort: 8080, hostPort: ${closed} }
        - { containerPort: 8080, hostPort: ${open}, hostIP: 0.0.0.0 }
        - { containerPort: 9999 }`;
  await pod(spec);
  await ok('up', '-d');
  await step('both answer on 127.0.0.1', async () => {
    await fetchText(`http://127.0.0.1:${closed}/`);
    await fetchText(`http://127.0.0.1:${open}/`);
  });
  await step('on another address of this machine only the one with hostIP 0.0.0.0 answers', async () => {
    assert.equal((await get(`http://127.0.0.2:${open}/`)).status, 200);
    await assert.rejects(get(`http://127.0.0.2:${closed}/`));
  });
  await step('with --host-ip 0.0.0.0 the other one does, too', async () => {
    await ok('up', '-d', '--host-ip', '0.0.0.0');
    await fetchText(`http://127.0.0.2:${closed}/`);
  });
});

scenario('plan tells of a hostPort that this user may not listen on, as up does', async (story) => {
  const { step, pod, ok, podpose } = story;
  await pod(`
  containers:
    - name: app
      image: ${BUSYBOX}
      ports: [{ containerPort: 80, hostPort: 81 }]`);
  const first = Number(await readFile('/proc/sys/net/ipv4/ip_unprivileged_port_start', 'utf8'));
  const { stdout, stderr } = await ok('plan');
  await step('plan shows what it would do', () => {
    assert.match(stdout, /1 pod and 1 container to create/);
  });
  // Some machines, and most containers, have no such ports: whoever likes may listen there.
  if (first <= 81) {
    assert.equal(stderr, '');
    return;
  }
  await step('and warns', () => {
    assert.match(stderr, /warning \(podpose\): .*cannot bind port 81 without root: up would fail/);
    assert.match(stderr, /hostPort of 1024 or more/);
  });
  await step('up does nothing', async () => {
    const ended = await podpose(['up', '-d']);
    assert.equal(ended.code, 1);
    assert.match(ended.stderr, /error \(podpose\): .*cannot bind port 81 without root/);
  });
});

scenario('down waits for the grace period of the pod, and no longer', async (story) => {
  const { directory, step, pod, ok } = story;
  await mkdir(join(directory, 'shared'));
  const container = (onTerm: string, grace: number) => `
  terminationGracePeriodSeconds: ${grace}
  containers:
    - name: app
      image: ${BUSYBOX}
      command: ["sh", "-c"]
      args: ["trap '${onTerm}' TERM; touch /shared/ready; while true; do sleep 0.1; done"]
      volumeMounts: [{ name: shared, mountPath: /shared }]
  volumes:
    - name: shared
      hostPath: { path: shared }`;
  await step('a container that tidies up within the period is left to finish', async () => {
    await pod(container('sleep 2; echo tidy > /shared/end; exit 0', 20));
    await ok('up', '-d');
    const { milliseconds } = await ok('down');
    assert.equal(await readFile(join(directory, 'shared/end'), 'utf8'), 'tidy\n');
    assert.ok(milliseconds >= 2000 && milliseconds < 18_000, `${milliseconds} ms`);
  });
  await step('one that does not end is killed when the period is over', async () => {
    await pod(container('echo no > /shared/end', 2));
    await ok('up', '-d');
    const { milliseconds } = await ok('down');
    assert.equal(await readFile(join(directory, 'shared/end'), 'utf8'), 'no\n');
    assert.ok(milliseconds >= 2000 && milliseconds < 20_000, `${milliseconds} ms`);
    await assertNothingLeft(story);
  });
  await step('down --time gives another period', async () => {
    await pod(container('echo never', 30));
    await ok('up', '-d');
    const { milliseconds } = await ok('down', '--time', '0');
    assert.ok(milliseconds < 20_000, `${milliseconds} ms`);
    await assertNothingLeft(story);
  });
});
