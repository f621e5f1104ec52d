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

test('a pod that publishes one port publishes', () => {
  assert.deepEqual(reach([{ containerPort: 80 }, { containerPort: 81, hostPort: 81 }]).unpublished, []);
});

test('a hostPort of 0 is none, and UDP is told', () => {
  assert.deepEqual(reach([{ containerPort: 53, hostPort: 0, protocol: 'UDP' }]).unpublished, [
    { containerPort: 53, protocol: 'UDP' },
  ]);
});

test('on the network of the machine, and for init containers, there is nothing to publish', () => {
  assert.deepEqual(reach([{ containerPort: 80 }], { hostNetwork: true }).unpublished, []);
  const initContainers = [{ name: 'i', ports: [{ containerPort: 80 }] }];
  assert.deepEqual(reach([], { initContainers }).unpublished, []);
});

test('a hostIP counts only beside a hostPort', () => {
  const usesDefault = (...ports: Parameters<typeof reach>[0]) => reach(ports).usesDefaultHostIP;
  assert.equal(usesDefault({ containerPort: 80 }), false);
  assert.equal(usesDefault({ containerPort: 80, hostPort: 80 }), true);
  assert.equal(usesDefault({ containerPort: 80, hostIP: '::1', hostPort: 80 }), false);
  assert.equal(
    usesDefault({ containerPort: 80, hostIP: '::1', hostPort: 80 }, { containerPort: 81, hostPort: 81 }),
    true,
  );
});

test('many ports are no long note, and the port proposed is one that any user may listen on', () => {
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
