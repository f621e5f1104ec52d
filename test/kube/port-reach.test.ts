import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { ContainerPort } from '../../src/manifest/schema/generated/kubernetes.ts';
import { portReach } from '../../src/kube/spec/port-reach.ts';
import { unpublishedWords } from '../../src/view/status/port-words.ts';

function reach(ports: readonly ContainerPort[], spec: object = {}) {
  return portReach({
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name: 'web' },
    spec: { containers: [{ name: 'a', ports }, { name: 'b' }], ...spec },
  });
}

test('a pod with one published port has no unpublished ports', () => {
  assert.deepEqual(reach([{ containerPort: 80 }, { containerPort: 81, hostPort: 81 }]).unpublished, []);
});

test('a hostPort of 0 is unset, and UDP is named', () => {
  assert.deepEqual(reach([{ containerPort: 53, hostPort: 0, protocol: 'UDP' }]).unpublished, [
    { containerPort: 53, protocol: 'UDP' },
  ]);
});

test('with the host network, and for init containers, nothing is unpublished', () => {
  assert.deepEqual(reach([{ containerPort: 80 }], { hostNetwork: true }).unpublished, []);
  const initContainers = [{ name: 'i', ports: [{ containerPort: 80 }] }];
  assert.deepEqual(reach([], { initContainers }).unpublished, []);
});

test('a hostIP without a hostPort is ignored', () => {
  const usesDefault = (...ports: Parameters<typeof reach>[0]) => reach(ports).usesDefaultHostIP;
  assert.equal(usesDefault({ containerPort: 80 }), false);
  assert.equal(usesDefault({ containerPort: 80, hostPort: 80 }), true);
  assert.equal(usesDefault({ containerPort: 80, hostIP: '::1', hostPort: 80 }), false);
  assert.equal(
    usesDefault({ containerPort: 80, hostIP: '::1', hostPort: 80 }, { containerPort: 81, hostPort: 81 }),
    true,
  );
});

test('many ports are shortened, and the suggested port is unprivileged', () => {
  const ports = Array.from({ length: 9 }, (_, index) => ({
    containerPort: 443 + index,
    protocol: 'TCP' as const,
  }));
  assert.equal(
    unpublishedWords('web', ports, '::1'),
    'pod/web publishes none of its ports (443/tcp, 444/tcp, 445/tcp, 446/tcp, and 5 more). ' +
      "'hostPort: 8443' at the port publishes it at [::1]:8443.",
  );
  assert.match(
    unpublishedWords('web', [{ containerPort: 3000, protocol: 'TCP' }], '127.0.0.1'),
    /hostPort: 3000/,
  );
});
