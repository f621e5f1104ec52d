import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { ServiceType } from '../../../src/kube/spec/desired-service.ts';
import { serviceVariables } from '../../../src/kube/services/variables.ts';
import type { Text } from '../../../src/kube/spec/desired.ts';

function shown(text: Text): string {
  return typeof text === 'string' ? text : `${text.before}ADDRESS${shown(text.after)}`;
}

function lines(service: Parameters<typeof serviceVariables>[0]): readonly string[] {
  return serviceVariables(service).map(({ name, value }) => `${name}=${shown(value)}`);
}

test('a Service has the variables of the documentation', () => {
  const ports = [{ protocol: 'TCP', port: 6379, targetPort: 6379 } as const];
  assert.deepEqual(lines({ name: 'redis-primary', type: 'ClusterIP', ports }), [
    'REDIS_PRIMARY_SERVICE_HOST=ADDRESS',
    'REDIS_PRIMARY_SERVICE_PORT=6379',
    'REDIS_PRIMARY_PORT=tcp://ADDRESS:6379',
    'REDIS_PRIMARY_PORT_6379_TCP=tcp://ADDRESS:6379',
    'REDIS_PRIMARY_PORT_6379_TCP_PROTO=tcp',
    'REDIS_PRIMARY_PORT_6379_TCP_PORT=6379',
    'REDIS_PRIMARY_PORT_6379_TCP_ADDR=ADDRESS',
  ]);
});

test('each port has variables, the first one also those without its number; a namespace is not part of the names', () => {
  const ports = [
    { name: 'dns-tcp', protocol: 'TCP', port: 53, targetPort: 53 },
    { name: 'dns', protocol: 'UDP', port: 53, targetPort: 53 },
  ] as const;
  assert.deepEqual(lines({ name: 'staging_names', type: 'NodePort', ports }), [
    'NAMES_SERVICE_HOST=ADDRESS',
    'NAMES_SERVICE_PORT=53',
    'NAMES_SERVICE_PORT_DNS_TCP=53',
    'NAMES_SERVICE_PORT_DNS=53',
    'NAMES_PORT=tcp://ADDRESS:53',
    'NAMES_PORT_53_TCP=tcp://ADDRESS:53',
    'NAMES_PORT_53_TCP_PROTO=tcp',
    'NAMES_PORT_53_TCP_PORT=53',
    'NAMES_PORT_53_TCP_ADDR=ADDRESS',
    'NAMES_PORT_53_UDP=udp://ADDRESS:53',
    'NAMES_PORT_53_UDP_PROTO=udp',
    'NAMES_PORT_53_UDP_PORT=53',
    'NAMES_PORT_53_UDP_ADDR=ADDRESS',
  ]);
});

for (const type of ['Headless', 'ExternalName'] satisfies readonly ServiceType[])
  test(`${type}: no address, no variables`, () => {
    const ports = [{ protocol: 'TCP', port: 80, targetPort: 80 } as const];
    assert.deepEqual(lines({ name: 'web', type, ports }), []);
  });
