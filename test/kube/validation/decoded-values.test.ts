import assert from 'node:assert/strict';
import { test } from 'node:test';
import { isTimestamp } from '../../../src/kube/spec/timestamp.ts';
import { codesOf } from './object-findings.ts';

const metadata = { name: 'a' };

const cases: readonly (readonly [string, object, string])[] = [
  [
    'a quantity',
    { apiVersion: 'v1', kind: 'PersistentVolume', metadata, spec: { capacity: { storage: '1GB' } } },
    'spec.capacity.storage',
  ],
  [
    'a quantity of a ResourceQuota',
    { apiVersion: 'v1', kind: 'ResourceQuota', metadata, spec: { hard: { pods: 'ten' } } },
    'spec.hard.pods',
  ],
  [
    'a quantity of a status, which is not kept',
    { apiVersion: 'v1', kind: 'Node', metadata, status: { capacity: { cpu: 'all' } } },
    'status.capacity.cpu',
  ],
  [
    'a time of a Lease',
    {
      apiVersion: 'coordination.k8s.io/v1',
      kind: 'Lease',
      metadata,
      spec: { renewTime: '2026-01-31T12:00:00Z' },
    },
    'spec.renewTime',
  ],
  ['base64', { apiVersion: 'v1', kind: 'ConfigMap', metadata, binaryData: { a: 'x!' } }, 'binaryData.a'],
  [
    'a number of more than 32 bits',
    {
      apiVersion: 'v1',
      kind: 'Service',
      metadata,
      spec: { ports: [{ port: 80, targetPort: 4_294_967_296 }] },
    },
    'spec.ports[0].targetPort',
  ],
];

for (const [name, object, path] of cases)
  test(`${name} is decoded, wherever it is`, () => {
    const found = codesOf(object).filter((finding) => finding.startsWith(`${path} `));
    assert.equal(found.length, 1, found.join('\n'));
    assert.match(found[0] ?? '', /\[(?:invalid-quantity|invalid-time|invalid-base64|out-of-range)\]$/);
  });

test('blanks around a quantity are taken off', () => {
  const spec = {
    capacity: { storage: ' 1Gi ' },
    accessModes: ['ReadWriteOnce'],
    hostPath: { path: '/data' },
  };
  assert.deepEqual(codesOf({ apiVersion: 'v1', kind: 'PersistentVolume', metadata, spec }), []);
});

const times: readonly (readonly [string, boolean])[] = [
  ['2026-01-31T12:00:00Z', true],
  ['2026-01-31T1:00:00.5+24:60', true],
  ['2024-02-29T12:00:00,123-01:00', true],
  ['2026-02-29T12:00:00Z', false],
  ['2026-01-31 12:00:00Z', false],
  ['2026-01-31T24:00:00Z', false],
  ['2026-01-31T12:00:60Z', false],
  ['2026-01-31T12:00:00', false],
  ['2026-01-31T12:00:00z', false],
  ['', false],
];

for (const [text, valid] of times)
  test(`'${text}' is ${valid ? 'a' : 'no'} time`, () => {
    assert.equal(isTimestamp(text, 'any'), valid);
  });

test('a MicroTime has six digits after the second', () => {
  assert.equal(isTimestamp('2026-01-31T12:00:00.123456Z', 'micro'), true);
  assert.equal(isTimestamp('2026-01-31T12:00:00.123Z', 'micro'), false);
});
