import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { DesiredService } from '../../src/kube/spec/desired-service.ts';
import { serviceAddresses } from '../../src/plan/decide/service-addresses.ts';
import { placedPort, publishedPorts } from '../../src/plan/decide/service-ports.ts';
import type { LastAppliedPort } from '../../src/podman/last-applied.ts';

function portAt(hostPort: number): LastAppliedPort {
  return { hostIP: '127.0.0.1', hostPort, containerPort: 80, protocol: 'TCP' };
}

const SERVICE: DesiredService = {
  name: 'web',
  namespace: 'default',
  type: 'LoadBalancer',
  selector: { app: 'web' },
  ports: [{ port: 80, protocol: 'TCP', targetPort: 8080 }],
  hostIP: '127.0.0.1',
};

/** Answers only for the given ports. */
function answers(...free: readonly (readonly [number, boolean])[]) {
  const known = new Map(free);
  return ({ hostPort }: LastAppliedPort) => known.get(hostPort);
}

test('the port of a running pod is kept without a try', () => {
  assert.deepEqual(placedPort(portAt(80), portAt(8080), true, [], answers()), portAt(8080));
});

test('the port of a stopped pod is tried, and kept if it is free', () => {
  assert.deepEqual(placedPort(portAt(80), portAt(8080), false, [], answers()), {
    kind: 'try',
    port: portAt(8080),
  });
  assert.deepEqual(placedPort(portAt(80), portAt(8080), false, [], answers([8080, true])), portAt(8080));
});

test('the port of a stopped pod is replaced if something took it', () => {
  const isFree = answers([8080, false], [8081, true]);
  assert.deepEqual(placedPort(portAt(80), portAt(8080), false, [], isFree), portAt(8081));
});

test('a Service keeps the port of before only if it asks for the same', () => {
  const before = { service: SERVICE, published: [portAt(8080)], isRunning: true };
  const ask = (service: DesiredService) =>
    publishedPorts(service, before, [], answers([90, true], [80, true]));
  assert.deepEqual(ask(SERVICE), { kind: 'ports', ports: [portAt(8080)] });
  const other = { ...SERVICE, ports: [{ port: 90, protocol: 'TCP' as const, targetPort: 8080 }] };
  assert.deepEqual(ask(other), { kind: 'ports', ports: [{ ...portAt(90), containerPort: 90 }] });
});

test('a Service keeps its address, and none gets an address that is in use', () => {
  const [own] = serviceAddresses([SERVICE], new Map())?.values() ?? [];
  assert.ok(own !== undefined);
  assert.equal(serviceAddresses([SERVICE], new Map([['web', '07']]))?.get('web'), '07');
  const next = serviceAddresses([SERVICE], new Map(), [own])?.get('web');
  assert.equal(next, ((Number(own) + 1) % 100).toString().padStart(2, '0'));
});
