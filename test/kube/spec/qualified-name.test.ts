import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  namespaceOf,
  objectName,
  qualifiedName,
  qualifiedNameOf,
} from '../../../src/kube/spec/qualified-name.ts';
import { clusterNames } from '../../../src/kube/spec/host-name.ts';
import { serviceNames } from '../../../src/kube/services/names.ts';

/** Objects with the name that podman's objects have. */
const names: readonly (readonly [namespace: string, name: string, qualified: string])[] = [
  ['default', 'web', 'web'],
  ['staging', 'web', 'staging_web'],
  ['staging', 'web.v1', 'staging_web.v1'],
  ['default', 'web.staging', 'web.staging'],
  ['a-b', 'c', 'a-b_c'],
  ['a', 'b-c', 'a_b-c'],
];

for (const [namespace, name, qualified] of names)
  test(`${name} of namespace ${namespace} is ${qualified}`, () => {
    assert.equal(qualifiedName({ namespace, name }), qualified);
    assert.deepEqual(objectName(qualified), { namespace, name });
  });

test('an empty namespace is the default one', () => {
  assert.equal(namespaceOf({ namespace: '' }), 'default');
  assert.equal(namespaceOf(undefined), 'default');
  assert.equal(qualifiedNameOf({ namespace: '', name: 'web' }), 'web');
});

test('a Service has its short name in the default namespace only', () => {
  assert.deepEqual(serviceNames({ name: 'web', namespace: 'default' }), [
    'web',
    'web.default',
    'web.default.svc',
    'web.default.svc.cluster.local',
  ]);
  assert.deepEqual(serviceNames({ name: 'staging_web', namespace: 'staging' }), [
    'web.staging',
    'web.staging.svc',
    'web.staging.svc.cluster.local',
  ]);
});

test('a pod has the DNS names of its own name', () => {
  const sandbox = { namespace: 'staging', hostname: 'web' } as never;
  assert.deepEqual(clusterNames({ name: 'staging_web', sandbox }), ['web.staging.svc.cluster.local']);
});
