import assert from 'node:assert/strict';
import { test } from 'node:test';
import { findings, podWith, type Fields } from '../manifest.ts';

const label = "may only contain lowercase letters, digits and '-', with a letter or digit at both ends";
const subdomain =
  "may only contain lowercase letters, digits, '-' and '.', with a letter or digit at both ends of every part";

const cases: readonly (readonly [Fields, readonly string[]])[] = [
  [{ hostname: 'web-1' }, []],
  [{ hostname: '' }, []],
  [{ hostname: 'web.example' }, [`spec.hostname: 'web.example' ${label} [invalid-name]`]],
  [{ hostname: 'Web' }, [`spec.hostname: 'Web' ${label}, did you mean 'web'? [invalid-name]`]],
  [{ subdomain: 'sub' }, []],
  [{ subdomain: '' }, []],
  [{ subdomain: 'a.b' }, [`spec.subdomain: 'a.b' ${label} [invalid-name]`]],
  [{ subdomain: 'sub', setHostnameAsFQDN: true }, []],
  [
    { hostname: 'a'.repeat(35), subdomain: 'sub', setHostnameAsFQDN: true },
    [
      `spec.setHostnameAsFQDN: the FQDN '${'a'.repeat(35)}.sub.default.svc.cluster.local' has 65 characters, more than the limit of 64 for a host name [hostname-too-long]`,
    ],
  ],
  [{ hostnameOverride: 'web.example' }, []],
  [{ hostnameOverride: 'web.example', setHostnameAsFQDN: false, hostname: 'x', subdomain: 'y' }, []],
  [{ hostnameOverride: '' }, ['spec.hostnameOverride: must not be empty [invalid-name]']],
  [
    { hostnameOverride: `${'a'.repeat(60)}.abcd` },
    ['spec.hostnameOverride: must have at most 64 characters, got 65 [invalid-name]'],
  ],
  [
    { hostnameOverride: 'Web', hostNetwork: true, setHostnameAsFQDN: true },
    [
      `spec.hostnameOverride: 'Web' ${subdomain}, did you mean 'web'? [invalid-name]`,
      "spec.hostnameOverride: must not be set with 'hostNetwork: true', which uses the host name of the machine [hostname-conflict]",
      'spec.setHostnameAsFQDN: must not be true if hostnameOverride is set [hostname-conflict]',
    ],
  ],
  [{ hostAliases: [{ ip: '10.0.0.1', hostnames: ['db', 'db.example'] }] }, []],
  [
    { hostAliases: [{ ip: 'ten', hostnames: ['my_db'] }] },
    [
      "spec.hostAliases[0].ip: invalid IP address 'ten' [invalid-ip]",
      `spec.hostAliases[0].hostnames[0]: 'my_db' ${subdomain}, did you mean 'my-db'? [invalid-name]`,
    ],
  ],
  [{ terminationGracePeriodSeconds: 0 }, []],
  [
    { terminationGracePeriodSeconds: -1 },
    [
      'warning: spec.terminationGracePeriodSeconds: must be at least 0, got -1: 1 is used, as on a cluster [grace-period-range]',
    ],
  ],
  [{ hostPID: true }, []],
  [{ shareProcessNamespace: true }, []],
  [
    { hostPID: true, shareProcessNamespace: true },
    ["spec.shareProcessNamespace: must not be true with 'hostPID: true' [process-namespace-conflict]"],
  ],
  [{ os: { name: 'linux' } }, []],
  [
    { os: { name: 'windows' } },
    ['spec.os.name: not supported: Windows containers need a Windows node [not-supported]'],
  ],
  [{ dnsPolicy: 'ClusterFirst' }, []],
  [{ dnsPolicy: 'None', dnsConfig: { nameservers: ['1.1.1.1'] } }, []],
  [{ dnsPolicy: 'None' }, ["spec.dnsPolicy: 'None' requires a name server [missing-nameserver]"]],
  [
    { dnsConfig: { nameservers: ['1.1.1.1', '1.1.1.2', '1.1.1.3', 'dns'] } },
    [
      'spec.dnsConfig.nameservers: must have at most 3 addresses, got 4 [too-many-nameservers]',
      "spec.dnsConfig.nameservers[3]: invalid IP address 'dns' [invalid-ip]",
    ],
  ],
  [{ dnsConfig: { searches: ['a.example', '_sip._tcp.example.', '.', 'a_b'] } }, []],
  [
    { dnsConfig: { searches: ['a b'] } },
    [
      "spec.dnsConfig.searches[0]: 'a b' may only contain lowercase letters, digits, '-', '_' and '.', with a letter or digit at the end of every part [invalid-name]",
    ],
  ],
  [
    { dnsConfig: { searches: Array.from({ length: 33 }, (_, index) => `d${index}`) } },
    [
      'spec.dnsConfig.searches: must have at most 32 domains with 2048 characters in total [too-many-searches]',
    ],
  ],
  [{ dnsConfig: { options: [{ name: 'ndots', value: '2' }, { name: 'rotate' }] } }, []],
  [
    { dnsConfig: { options: [{ value: '2' }] } },
    ["spec.dnsConfig.options[0]: missing required field 'name' [missing-field]"],
  ],
];

for (const [spec, expected] of cases)
  test(`the spec ${JSON.stringify(spec).slice(0, 100)}`, () => {
    assert.deepEqual(findings(podWith(spec)), expected);
  });
