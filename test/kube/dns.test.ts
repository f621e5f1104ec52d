import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { DnsConfig, DnsPolicy } from '../../src/kube/spec/desired.ts';
import {
  buildsOnPodDns,
  droppedDns,
  dnsSettings,
  parseResolvConf,
  type DnsBase,
} from '../../src/kube/spec/dns.ts';
import { desired, podWith } from './manifest.ts';

const none: DnsConfig = { nameservers: [], searches: [], options: [] };
const machine: DnsConfig = {
  nameservers: ['10.0.2.3', '192.0.2.1'],
  searches: ['home.test'],
  options: ['ndots:1', 'timeout:3', 'rotate'],
};

function podWithDns(dnsPolicy: DnsPolicy, dnsConfig: Partial<DnsConfig>) {
  const pod = desired(podWith({}));
  return { ...pod, sandbox: { ...pod.sandbox, dnsPolicy, dnsConfig: { ...none, ...dnsConfig } } };
}

const merged: readonly (readonly [string, Partial<DnsConfig>, Partial<DnsConfig>])[] = [
  ['nothing of its own', {}, {}],
  [
    'a name server, which comes last',
    { nameservers: ['192.0.2.9'] },
    { nameservers: ['10.0.2.3', '192.0.2.1', '192.0.2.9'] },
  ],
  [
    'a name server that is there already',
    { nameservers: ['192.0.2.1'] },
    { nameservers: ['10.0.2.3', '192.0.2.1'] },
  ],
  [
    'more name servers than a resolver asks',
    { nameservers: ['192.0.2.8', '192.0.2.9'] },
    { nameservers: ['10.0.2.3', '192.0.2.1', '192.0.2.8'] },
  ],
  ['search domains', { searches: ['a.test', 'home.test'] }, { searches: ['home.test', 'a.test'] }],
  [
    'an option that takes the place of one',
    { options: ['ndots:5', 'edns0'] },
    { options: ['timeout:3', 'rotate', 'ndots:5', 'edns0'] },
  ],
  [
    'an option without a value that takes the place of one',
    { options: ['ndots'] },
    { options: ['timeout:3', 'rotate', 'ndots'] },
  ],
  ['an option twice', { options: ['ndots:5', 'ndots:6'] }, { options: ['timeout:3', 'rotate', 'ndots:6'] }],
];

/** A network without a DNS server. */
const withoutNames: DnsBase = { ofPod: machine, resolvesNames: false };
/** The network of a project. */
const withNames: DnsBase = {
  machine: { ...machine, nameservers: ['192.0.2.1'] },
  ofPod: machine,
  resolvesNames: true,
};

/** The settings without the marks of own name servers. */
function settings(pod: ReturnType<typeof podWithDns>, base: DnsBase) {
  const { ownNameservers: _, ...rest } = dnsSettings(pod, base);
  return rest;
}

for (const [name, own, expected] of merged)
  for (const policy of ['Default', 'ClusterFirst'] as const)
    test(`${policy} without a DNS server, added to the settings of the machine: ${name}`, () => {
      assert.deepEqual(settings(podWithDns(policy, own), withoutNames), expected);
    });

test('with the host network, the settings of the machine itself', () => {
  const pod = podWithDns('Default', { nameservers: ['192.0.2.9'] });
  const onHost = { ...pod, sandbox: { ...pod.sandbox, hostNetwork: true } };
  assert.deepEqual(settings(onHost, withNames), { nameservers: ['192.0.2.1', '192.0.2.9'] });
});

const CLUSTER = ['default.svc.cluster.local', 'svc.cluster.local', 'cluster.local'];

test('ClusterFirst: the domains of the cluster, of the machine, of the pod', () => {
  assert.deepEqual(dnsSettings(podWithDns('ClusterFirst', {}), withNames), {
    searches: [...CLUSTER, 'home.test'],
    options: ['ndots:5'],
  });
  assert.deepEqual(
    dnsSettings(
      podWithDns('ClusterFirst', {
        nameservers: ['192.0.2.9'],
        searches: ['a.test'],
        options: ['ndots:2', 'rotate'],
      }),
      withNames,
    ),
    {
      nameservers: ['10.0.2.3', '192.0.2.1', '192.0.2.9'],
      ownNameservers: ['192.0.2.9'],
      searches: [...CLUSTER, 'home.test', 'a.test'],
      options: ['ndots:2', 'rotate'],
    },
  );
});

test('ClusterFirst: the domain of the namespace', () => {
  const pod = podWithDns('ClusterFirst', {});
  const elsewhere = { ...pod, sandbox: { ...pod.sandbox, namespace: 'shop' } };
  assert.deepEqual(dnsSettings(elsewhere, { resolvesNames: true }).searches, [
    'shop.svc.cluster.local',
    'svc.cluster.local',
    'cluster.local',
  ]);
});

test('Default: the domains and options of the machine, without those of podman', () => {
  assert.deepEqual(dnsSettings(podWithDns('Default', {}), withNames), {
    searches: ['home.test'],
    options: machine.options,
  });
  assert.deepEqual(dnsSettings(podWithDns('Default', {}), { resolvesNames: true }), {
    searches: [],
    options: [],
  });
});

test('the policy None uses only the settings of the pod', () => {
  const own = { nameservers: ['192.0.2.9'] };
  assert.deepEqual(dnsSettings(podWithDns('None', own), withNames), { ...none, ...own });
});

test('search domains: no more than 32, and no more than 2048 characters', () => {
  const many = Array.from({ length: 32 }, (_, index) => `d${index}.test`);
  const { searches } = dnsSettings(podWithDns('Default', { searches: many }), withoutNames);
  assert.deepEqual(searches, ['home.test', ...many.slice(0, 31)]);
  const long = Array.from({ length: 9 }, (_, index) => `d${index}.${'a'.repeat(247)}`);
  const cut = dnsSettings(podWithDns('Default', { searches: long }), withoutNames).searches ?? [];
  assert.deepEqual(cut, ['home.test', ...long.slice(0, 8)]);
  assert.ok(cut.join(' ').length <= 2048);
});

test('dropped entries are listed', () => {
  const pod = podWithDns('Default', { nameservers: ['192.0.2.8', '192.0.2.9'] });
  assert.deepEqual(droppedDns(pod, withNames), ['192.0.2.9']);
  assert.deepEqual(droppedDns(podWithDns('Default', { nameservers: ['192.0.2.1'] }), withNames), []);
});

const building: readonly (readonly [DnsPolicy, Partial<DnsConfig>, boolean, boolean])[] = [
  // Policy, settings of the pod; needed on a network without a DNS server, and with one.
  ['ClusterFirst', {}, false, false],
  ['Default', {}, false, false],
  ['None', { nameservers: ['192.0.2.9'] }, false, false],
  ['Default', { options: ['ndots:2'] }, true, false],
  ['ClusterFirst', { searches: ['a.test'] }, true, false],
  ['ClusterFirst', { nameservers: ['192.0.2.9'] }, true, true],
];

for (const [policy, own, without, with_] of building)
  test(`the settings of podman for a pod are needed: ${policy}, ${JSON.stringify(own)}`, () => {
    assert.equal(buildsOnPodDns(podWithDns(policy, own), false), without);
    assert.equal(buildsOnPodDns(podWithDns(policy, own), true), with_);
  });

test('parsing of resolv.conf', () => {
  const text = [
    '# nameserver 192.0.2.7',
    'nameserver 10.0.2.3',
    '  nameserver\t192.0.2.1  ',
    'nameserver',
    'search first.test',
    'search home.test other.test',
    'options ndots:1 timeout:3',
    'options rotate',
    '',
  ].join('\n');
  assert.deepEqual(parseResolvConf(text), {
    nameservers: ['10.0.2.3', '192.0.2.1'],
    searches: ['home.test', 'other.test'],
    options: ['ndots:1', 'timeout:3', 'rotate'],
  });
  assert.deepEqual(parseResolvConf(''), none);
});
