import assert from 'node:assert/strict';
import { test } from 'node:test';
import { codesOf } from './object-findings.ts';

const rbac = 'rbac.authorization.k8s.io/v1';
const owner = { apiVersion: 'v1', kind: 'Pod', name: 'a', uid: 'u' };

const cases: readonly (readonly [string, readonly [string, string, object], readonly string[]])[] = [
  ['a path as the name of a Role', [rbac, 'Role', { name: 'system:a/b' }], ['metadata.name [invalid-name]']],
  ['any other name of a Role', [rbac, 'Role', { name: 'System:A_b' }], []],
  [
    'a dot in the name of a Namespace',
    ['v1', 'Namespace', { name: 'a.b' }],
    ['metadata.name [invalid-name]'],
  ],
  ['a namespace of a Namespace', ['v1', 'Namespace', { name: 'a', namespace: 'A_b' }], []],
  [
    'a bad namespace of a ConfigMap',
    ['v1', 'ConfigMap', { name: 'a', namespace: 'a.b' }],
    ['metadata.namespace [invalid-name]'],
  ],
  ['generateName with a dash at the end', [rbac, 'Role', { generateName: 'a-' }], []],
  [
    'a bad generateName beside a name',
    ['v1', 'ConfigMap', { name: 'a', generateName: 'A_b' }],
    ['metadata.generateName [invalid-name]'],
  ],
  [
    'an empty name beside a generateName',
    ['v1', 'ConfigMap', { name: '', generateName: 'a-' }],
    ['metadata.generateName [generated-name]'],
  ],
  [
    'a negative generation',
    ['v1', 'ConfigMap', { name: 'a', generation: -1 }],
    ['metadata.generation [out-of-range]'],
  ],
  [
    'a negative generation that is set anew',
    ['networking.k8s.io/v1', 'NetworkPolicy', { name: 'a', generation: -1 }],
    [],
  ],
  [
    'finalizers',
    ['v1', 'ConfigMap', { name: 'a', finalizers: ['mine', 'a b', 'example.com/a', 'orphan'] }],
    ['metadata.finalizers[0] [invalid-name]', 'metadata.finalizers[1] [invalid-name]'],
  ],
  [
    'a finalizer without a domain where it may be',
    ['coordination.k8s.io/v1', 'Lease', { name: 'a', finalizers: ['mine'] }],
    [],
  ],
  [
    'finalizers that exclude each other',
    ['v1', 'ConfigMap', { name: 'a', finalizers: ['orphan', 'foregroundDeletion'] }],
    ['metadata.finalizers[1] [several-values]'],
  ],
  [
    'owners',
    [
      'v1',
      'ConfigMap',
      {
        name: 'a',
        ownerReferences: [
          { ...owner, controller: true },
          { ...owner, controller: true },
          { ...owner, apiVersion: 'a/', uid: '' },
          { ...owner, kind: 'Event' },
        ],
      },
    ],
    [
      'metadata.ownerReferences[1].controller [several-values]',
      'metadata.ownerReferences[2].apiVersion [wrong-value]',
      'metadata.ownerReferences[2].uid [missing-field]',
      'metadata.ownerReferences[3].kind [wrong-value]',
    ],
  ],
  [
    'a time that is none',
    ['v1', 'ConfigMap', { name: 'a', creationTimestamp: 'yesterday' }],
    ['metadata.creationTimestamp [invalid-time]'],
  ],
];

for (const [name, object, expected] of cases)
  test(`metadata with ${name}`, () => {
    const [apiVersion, kind, metadata] = object;
    assert.deepEqual(codesOf({ apiVersion, kind, metadata }), expected);
  });
