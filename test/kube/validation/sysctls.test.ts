import assert from 'node:assert/strict';
import { test } from 'node:test';
import { normalSysctlName, sysctlScope } from '../../../src/kube/spec/sysctls.ts';
import { desired, findings, podWith, type Fields } from '../manifest.ts';

const at = 'spec.securityContext.sysctls';

function podWithSysctls(names: readonly string[], spec: Fields = {}): string {
  return podWith({ securityContext: { sysctls: names.map((name) => ({ name, value: '1' })) }, ...spec });
}

const own: readonly string[] = [
  'kernel.shm_rmid_forced',
  'kernel.sem',
  'kernel.msgmax',
  'fs.mqueue.msg_max',
  'net.ipv4.ip_unprivileged_port_start',
  'net/ipv4/conf/eno2.100/rp_filter',
];
for (const name of own)
  test(`a pod can have a ${name} of its own`, () => {
    assert.deepEqual(findings(podWithSysctls([name])), []);
  });

for (const name of ['vm.swappiness', 'kernel.panic', 'fs.file-max', 'kernel/pid_max', 'netx.ipv4'])
  test(`there is one ${name} for the whole machine`, () => {
    assert.deepEqual(findings(podWithSysctls([name])), [
      `${at}[0].name: '${name}' applies to the whole machine and cannot be set for a pod [sysctl-of-machine]`,
    ]);
  });

for (const name of [
  '',
  'Net.ipv4.x',
  'net..ipv4',
  'net.ipv4.',
  '-net.ipv4',
  'net.ip v4',
  `net.${'a'.repeat(250)}`,
])
  test(`'${name.slice(0, 20)}' is an invalid name`, () => {
    assert.deepEqual(findings(podWithSysctls([name])), [
      `${at}[0].name: invalid kernel parameter name '${name}' [invalid-name]`,
    ]);
  });

test('a parameter is set once', () => {
  assert.deepEqual(findings(podWithSysctls(['net.core.somaxconn', 'net.core.somaxconn'])), [
    `${at}[1].name: duplicate kernel parameter 'net.core.somaxconn': already set by ${at}[0] [duplicate-name]`,
  ]);
});

test('parameters of shared namespaces are refused', () => {
  const names = ['net.core.somaxconn', 'kernel.sem'];
  assert.deepEqual(findings(podWithSysctls(names, { hostNetwork: true })), [
    `${at}[0].name: 'net.core.somaxconn' belongs to the host with 'hostNetwork: true' [sysctl-of-host]`,
  ]);
  assert.deepEqual(findings(podWithSysctls(names, { hostIPC: true })), [
    `${at}[1].name: 'kernel.sem' belongs to the host with 'hostIPC: true' [sysctl-of-host]`,
  ]);
});

test('order and separator make no difference', () => {
  const sorted = [
    { name: 'kernel.sem', value: '1' },
    { name: 'net.core.somaxconn', value: '1' },
  ];
  assert.deepEqual(desired(podWithSysctls(['net/core/somaxconn', 'kernel.sem'])).sandbox.sysctls, sorted);
  assert.deepEqual(desired(podWithSysctls(['kernel/sem', 'net.core.somaxconn'])).sandbox.sysctls, sorted);
});

test('a dot in a part of a name with slashes is kept apart from the separators', () => {
  assert.equal(normalSysctlName('net/ipv4/conf/eno2.100/rp_filter'), 'net.ipv4.conf.eno2/100.rp_filter');
  assert.equal(normalSysctlName('net.ipv4.conf.eno2/100.rp_filter'), 'net.ipv4.conf.eno2/100.rp_filter');
  assert.equal(sysctlScope('net.ipv4.conf.eno2/100.rp_filter'), 'net');
});
