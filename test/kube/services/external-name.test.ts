import assert from 'node:assert/strict';
import test from 'node:test';
import { servedPorts } from '../../../src/kube/services/endpoints.ts';
import { externalHosts, externalTarget } from '../../../src/kube/services/external-name.ts';
import type { DesiredService } from '../../../src/kube/spec/desired-service.ts';

function external(name: string, externalName: string): DesiredService {
  return { name, namespace: 'default', type: 'ExternalName', ports: [], externalName };
}

function behind(name: string, namespace: string, type: 'ClusterIP' | 'Headless'): DesiredService {
  const qualified = namespace === 'default' ? name : `${namespace}_${name}`;
  return { name: qualified, namespace, type, selector: { app: 'db' }, ports: [] };
}

const WEB = behind('web', 'shop', 'ClusterIP');
const DB = behind('db', 'default', 'Headless');
const backend = (pod: string) => ({ pod, labels: { app: 'db' }, namespace: 'default', ports: [] });
const BACKENDS = [backend('db-0'), backend('db-1'), { ...backend('other'), labels: {} }];

const rows: readonly (readonly [string, readonly unknown[]])[] = [
  ['web.shop', [{ service: 'shop_web' }]],
  ['WEB.shop.svc.cluster.local', [{ service: 'shop_web' }]],
  ['web.default.svc.cluster.local', []],
  ['db', [{ pod: 'db-0' }, { pod: 'db-1' }]],
  ['db-1.db.default.svc.cluster.local', [{ pod: 'db-1' }]],
  ['db-7.db.default.svc.cluster.local', []],
  ['alias', [{ service: 'shop_web' }]],
  ['there.default.svc', []],
  ['ext', []],
  ['known.example.com', [{ address: '192.0.2.10' }]],
  ['unknown.example.com', []],
];

void test('an ExternalName leads to all ports of a Service, of pods, or of the addresses of a host', () => {
  const others = [
    WEB,
    DB,
    external('alias', 'web.shop.svc'),
    external('there', 'back'),
    external('back', 'there'),
  ];
  for (const [name, endpoints] of rows) {
    const service = external('ext', name);
    const names = {
      services: [service, ...others],
      addressesOf: (host: string) => (host === 'known.example.com' ? ['192.0.2.10'] : undefined),
    };
    assert.deepEqual(servedPorts(service, BACKENDS, names), [{ protocol: 'all', endpoints }], name);
  }
});

void test('only hosts outside of the project are looked up', () => {
  const names = ['web.shop', 'db', 'ext3', 'none.svc.cluster.local', 'b.example.com', 'a.example.com'];
  const services = names.map((name, index) => external(`ext${index}`, name));
  assert.deepEqual(externalHosts([...services, WEB, DB]), ['a.example.com', 'b.example.com']);
  assert.deepEqual(externalTarget(external('one', 'one'), [external('one', 'one')]), { kind: 'nothing' });
});
