import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { DnsConfig, DnsPolicy } from '../../src/kube/spec/desired.ts';
import { buildsOnDefaultDns, droppedDns, dnsSettings, parseResolvConf } from '../../src/kube/spec/dns.ts';
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

for (const [name, own, expected] of merged)
  test(`added to the DNS settings of the machine: ${name}`, () => {
    assert.deepEqual(dnsSettings(podWithDns('Default', own), machine), expected);
  });

test('the policy None uses only the settings of the pod', () => {
  const own = { nameservers: ['192.0.2.9'] };
  assert.deepEqual(dnsSettings(podWithDns('None', own), machine), { ...none, ...own });
});

test('search domains: no more than 32, and no more than 2048 characters', () => {
  const many = Array.from({ length: 32 }, (_, index) => `d${index}.test`);
  const { searches } = dnsSettings(podWithDns('Default', { searches: many }), machine);
  assert.deepEqual(searches, ['home.test', ...many.slice(0, 31)]);
  const long = Array.from({ length: 9 }, (_, index) => `d${index}.${'a'.repeat(247)}`);
  const cut = dnsSettings(podWithDns('Default', { searches: long }), machine).searches ?? [];
  assert.deepEqual(cut, ['home.test', ...long.slice(0, 8)]);
  assert.ok(cut.join(' ').length <= 2048);
});

test('dropped entries are listed', () => {
  const pod = podWithDns('Default', { nameservers: ['192.0.2.8', '192.0.2.9'] });
  assert.deepEqual(droppedDns(pod, machine), ['192.0.2.9']);
  assert.deepEqual(droppedDns(podWithDns('Default', { nameservers: ['192.0.2.1'] }), machine), []);
});

test('the default settings are needed only if the pod extends them', () => {
  assert.ok(!buildsOnDefaultDns(podWithDns('Default', {})));
  assert.ok(!buildsOnDefaultDns(podWithDns('None', { nameservers: ['192.0.2.9'] })));
  assert.ok(buildsOnDefaultDns(podWithDns('Default', { options: ['ndots:2'] })));
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
