import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { hostname } from 'node:os';
import { BUSYBOX } from './support/images.ts';
import { exec, podman } from './support/podman.ts';
import { assertRefused, scenario } from './support/scenario.ts';

/** Stays until it is told to stop. */
const STAYS = `["sh", "-c", "trap 'exit 0' TERM; sleep 3600 & wait"]`;

const ONE_THAT_STAYS = `
  containers:
    - { name: app, image: ${BUSYBOX}, command: ${STAYS} }`;

/** The lines of a resolv.conf that begin with a word, without it. */
function linesOf(resolvConf: string, keyword: string): readonly string[] {
  return resolvConf
    .split('\n')
    .filter((line) => line.startsWith(`${keyword} `))
    .map((line) => line.slice(keyword.length + 1).trim());
}

function resolvConfOf(container: string): Promise<string> {
  return exec(container, 'cat', '/etc/resolv.conf');
}

/** The address of the network that a container is on, by its default route. */
async function addressOf(container: string): Promise<string> {
  const addresses = await exec(container, 'sh', '-c', 'ip -4 -o address show scope global');
  return /inet ([0-9.]+)/.exec(addresses)?.[1] ?? '';
}

/** The name servers of a pod that its network's DNS server asks (podman 5), or that follow it in resolv.conf (podman 4.3). */
async function serversOf(pod: string): Promise<readonly string[]> {
  const infra = (await podman('pod', 'inspect', '--format', '{{.InfraContainerID}}', pod)).trim();
  const dns = await podman('inspect', '--format', '{{range .HostConfig.Dns}}{{.}} {{end}}', infra);
  return dns.trim().split(' ');
}

async function gatewayOf(network: string): Promise<string> {
  return (await podman('network', 'inspect', '--format', '{{(index .Subnets 0).Gateway}}', network)).trim();
}

/** Before, resolv.conf lists all name servers. */
async function networkDnsForwards(): Promise<boolean> {
  const [, major = '', minor = ''] = /(\d+)\.(\d+)/.exec(await podman('--version')) ?? [];
  return Number(major) > 4 || Number(minor) > 4;
}

const CLUSTER = ['default.svc.cluster.local', 'svc.cluster.local', 'cluster.local'];

scenario('A dnsConfig is added to the name servers that the pod would have without it', async (story) => {
  const { id, step, pod, ok } = story;
  await pod(ONE_THAT_STAYS);
  await ok('up', '-d');
  const before = await resolvConfOf(`${id}-app`);
  const gateway = await gatewayOf(`podpose-${id}`);
  const machine =
    linesOf(await readFile('/etc/resolv.conf', 'utf8'), 'search')
      .at(-1)
      ?.split(' ') ?? [];
  await step('without one, those of a pod on a cluster, at the DNS server of its network', () => {
    assert.deepEqual(linesOf(before, 'nameserver'), [gateway]);
    assert.deepEqual(linesOf(before, 'search'), [[...CLUSTER, ...machine].join(' ')]);
    assert.deepEqual(linesOf(before, 'options'), ['ndots:5']);
  });

  await pod(`
  dnsConfig:
    nameservers: [203.0.113.53]
    searches: [one.example]
    options: [{ name: ndots, value: "2" }, { name: edns0 }]
${ONE_THAT_STAYS}`);
  await ok('up', '-d');
  const after = await resolvConfOf(`${id}-app`);
  await step('its name server is asked after that of the network', async () => {
    const forwards = await networkDnsForwards();
    assert.deepEqual(linesOf(after, 'nameserver'), forwards ? [gateway] : [gateway, '203.0.113.53']);
    const servers = await serversOf(id);
    assert.equal(servers.at(-1), '203.0.113.53');
    assert.ok(servers.length > 1, 'behind those of the machine');
  });
  await step('its search domain comes last', () => {
    assert.deepEqual(linesOf(after, 'search'), [[...CLUSTER, ...machine, 'one.example'].join(' ')]);
  });
  await step('its options are there, and each option once', () => {
    const options = linesOf(after, 'options').flatMap((line) => line.split(' '));
    assert.deepEqual(
      options.filter((option) => option.startsWith('ndots')),
      ['ndots:2'],
    );
    assert.ok(options.includes('edns0'));
  });
  await step('applied again, nothing changes', async () => {
    assert.match((await ok('up', '-d')).stderr, /Nothing to do/);
  });

  await step("with the policy None there is nothing of the machine's", async () => {
    await pod(`
  dnsPolicy: None
  dnsConfig: { nameservers: [203.0.113.54] }
${ONE_THAT_STAYS}`);
    await ok('up', '-d');
    const alone = await resolvConfOf(`${id}-app`);
    assert.deepEqual(await serversOf(id), ['203.0.113.54']);
    assert.deepEqual(linesOf(alone, 'nameserver'), [(await networkDnsForwards()) ? gateway : '203.0.113.54']);
    assert.deepEqual(linesOf(alone, 'search'), []);
    assert.deepEqual(linesOf(alone, 'options'), []);
  });
  await step('with the policy Default there are those of the machine, and none of a cluster', async () => {
    await pod(`
  dnsPolicy: Default
${ONE_THAT_STAYS}`);
    await ok('up', '-d');
    const own = await resolvConfOf(`${id}-app`);
    assert.deepEqual(linesOf(own, 'nameserver'), [gateway]);
    assert.deepEqual(linesOf(own, 'search'), machine.length === 0 ? [] : [machine.join(' ')]);
    assert.ok(!linesOf(own, 'options').includes('ndots:5'));
  });
});

scenario('A dnsConfig of a pod on the network of the machine is added to its name servers', async (story) => {
  const { id, step, pod, ok } = story;
  await pod(`
  hostNetwork: true
  dnsPolicy: ClusterFirstWithHostNet
  dnsConfig: { nameservers: [203.0.113.53] }
${ONE_THAT_STAYS}`);
  await ok('up', '-d');
  await step('the name servers of the machine, then its own', async () => {
    const own = linesOf(await readFile('/etc/resolv.conf', 'utf8'), 'nameserver');
    assert.deepEqual(
      linesOf(await resolvConfOf(`${id}-app`), 'nameserver'),
      [...own, '203.0.113.53'].slice(0, 3),
    );
  });
  await step('the host name is that of the machine', async () => {
    assert.equal((await exec(`${id}-app`, 'hostname')).trim(), hostname());
  });
});

scenario('A pod with a subdomain is called by it too', async (story) => {
  const { id, step, pod, ok } = story;
  const fqdn = `${id}-1.front.default.svc.cluster.local`;
  await pod(`
  hostname: ${id}-1
  subdomain: front
${ONE_THAT_STAYS}`);
  await ok('up', '-d');
  await step('the host name is without it', async () => {
    assert.equal(await exec(`${id}-app`, 'hostname'), `${id}-1\n`);
  });
  await step('/etc/hosts has both for the address of the pod', async () => {
    const hosts = await exec(`${id}-app`, 'cat', '/etc/hosts');
    const line = hosts.split('\n').find((text) => text.includes(fqdn)) ?? '';
    const [address, ...names] = line.split(/\s+/);
    assert.deepEqual(names, [`${id}-1`, fqdn]);
    assert.equal(address, await addressOf(`${id}-app`));
  });
  await step('with setHostnameAsFQDN it is the host name', async () => {
    await pod(`
  hostname: x
  subdomain: front
  setHostnameAsFQDN: true
${ONE_THAT_STAYS}`);
    await ok('up', '-d');
    assert.equal(await exec(`${id}-app`, 'hostname'), 'x.front.default.svc.cluster.local\n');
    assert.match(await exec(`${id}-app`, 'cat', '/etc/hosts'), /\sx\.front\.default\.svc\.cluster\.local\b/);
  });
  await step('hostnameOverride goes before all that', async () => {
    await pod(`
  hostname: x
  subdomain: front
  hostnameOverride: www.example
${ONE_THAT_STAYS}`);
    await ok('up', '-d');
    assert.equal(await exec(`${id}-app`, 'hostname'), 'www.example\n');
    assert.doesNotMatch(await exec(`${id}-app`, 'cat', '/etc/hosts'), /front/);
  });
});

scenario('/etc/hosts is that of a pod', async (story) => {
  const { id, step, pod, file, ok, podpose } = story;
  // A machine that has a name for another in its own /etc/hosts.
  const hostsOfMachine = await file('hosts', '203.0.113.99 of-the-machine\n');
  const settings = await file('containers.conf', `[containers]\nbase_hosts_file = "${hostsOfMachine}"\n`);
  const env = { CONTAINERS_CONF_OVERRIDE: settings };
  // podman 4.3 does not know the setting, and takes the real one.
  const lines = (await readFile('/etc/hosts', 'utf8').catch(() => ''))
    .split('\n')
    .map((line) => line.replace(/#.*/, ''));
  const namesOfMachine = lines.flatMap((line) => line.trim().split(/\s+/).slice(1));
  await pod(`
  hostname: web-1
  hostAliases:
    - { ip: 203.0.113.7, hostnames: [db.example] }
${ONE_THAT_STAYS}`);
  const up = await podpose(['up', '-d'], { env });
  assert.equal(up.code, 0, up.story);
  const itsOwn = async (hosts: string) => {
    assert.match(hosts, /^127\.0\.0\.1\s+localhost\b/m);
    assert.match(hosts, /^203\.0\.113\.7\s+db\.example\b/m);
    assert.match(hosts, /\bhost\.containers\.internal\b/m);
    const address = await addressOf(`${id}-app`);
    assert.match(hosts, new RegExp(`^${address.replaceAll('.', '\\.')}\\s+web-1\\b`, 'm'));
    const names = hosts.split(/\s+/);
    const others = namesOfMachine.filter((name) => names.includes(name) && !/^localhost|^ip6-/.test(name));
    assert.deepEqual(others, []);
    assert.doesNotMatch(hosts, /of-the-machine/);
  };
  const hosts = await exec(`${id}-app`, 'cat', '/etc/hosts');
  await step('localhost, its own name and its aliases, and nothing of the machine', () => itsOwn(hosts));
  await step('podman changes it when it starts the pod, and up writes it again', async () => {
    await podman('pod', 'stop', '--time', '1', id);
    const again = await podpose(['up', '-d'], { env });
    assert.equal(again.code, 0, again.story);
    await itsOwn(await exec(`${id}-app`, 'cat', '/etc/hosts'));
  });
  const version = /(\d+)\.(\d+)/.exec(await podman('--version'));
  const [major, minor] = [Number(version?.[1]), Number(version?.[2])];
  const canLeaveOut = major > 5 || (major === 5 && minor >= 4);
  await step('podman 5.4 and up leaves out by itself what the machine has in its own', async () => {
    const { stdout } = await ok('plan', '--force-recreate', '--format', 'commands');
    assert.equal(/ --hosts-file none /.test(stdout), canLeaveOut, stdout);
    assert.equal(/HostsPath/.test(stdout), !canLeaveOut, stdout);
  });
});

scenario('A port of the machine for SCTP is refused before anything is made', async (story) => {
  const { step, pod, podpose } = story;
  await pod(`
  containers:
    - name: app
      image: ${BUSYBOX}
      ports: [{ containerPort: 3868, hostPort: 13868, protocol: SCTP }]`);
  await step('with its place and the reason', async () => {
    assertRefused(await podpose(['up', '-d']), 2, /pod\.yaml:\d+:\d+/, /publishes only TCP and UDP ports/);
  });
});
