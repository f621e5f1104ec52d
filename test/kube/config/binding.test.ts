import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readManifests } from '../../../src/manifest/read-manifests.ts';
import { objectSet } from '../../../src/kube/config/object-set.ts';
import { CONTEXT } from '../../support/context.ts';
import type { Fields } from '../manifest.ts';

function claim(name: string, spec: Fields = {}, metadata: Fields = {}): Fields {
  return {
    apiVersion: 'v1',
    kind: 'PersistentVolumeClaim',
    metadata: { name, ...metadata },
    spec: { accessModes: ['ReadWriteOnce'], resources: { requests: { storage: '1Gi' } }, ...spec },
  };
}

function volume(name: string, spec: Fields = {}, metadata: Fields = {}): Fields {
  return {
    apiVersion: 'v1',
    kind: 'PersistentVolume',
    metadata: { name, ...metadata },
    spec: {
      accessModes: ['ReadWriteOnce'],
      capacity: { storage: '1Gi' },
      hostPath: { path: `/mnt/${name}` },
      ...spec,
    },
  };
}

/** What becomes of each claim, as a word: the name of a volume, `provisioned`, or why it is pending. */
function bindings(...objects: readonly Fields[]): Readonly<Record<string, string>> {
  const set = readManifests([
    { file: 'a.yaml', text: objects.map((object) => JSON.stringify(object)).join('\n---\n') },
  ]);
  assert.deepEqual(set.diagnostics, []);
  return Object.fromEntries(
    [...objectSet(set.documents, CONTEXT.keeper).bindings].map(([name, binding]) => {
      switch (binding.kind) {
        case 'bound':
          return [name, binding.volume.value.metadata?.name ?? ''];
        case 'provisioned':
          return [name, 'provisioned'];
        case 'pending':
          return [name, `pending: ${'why' in binding.because ? binding.because.why : binding.because.kind}`];
      }
    }),
  );
}

const requests = (storage: string): Fields => ({ resources: { requests: { storage } } });
const capacity = (storage: string): Fields => ({ capacity: { storage } });
const manual = { storageClassName: 'manual' };
const disk = { labels: { disk: 'fast' } };

const cases: readonly (readonly [string, readonly Fields[], Readonly<Record<string, string>>])[] = [
  ['no volume at all', [claim('a')], { a: 'provisioned' }],
  ['a volume without a class', [claim('a'), volume('v')], { a: 'v' }],
  ['a volume of the same class', [claim('a', manual), volume('v', manual)], { a: 'v' }],
  ['a volume of another class', [claim('a', manual), volume('v')], { a: 'provisioned' }],
  ['a claim without a class, and a volume with one', [claim('a'), volume('v', manual)], { a: 'provisioned' }],
  ['too small a volume', [claim('a', requests('2Gi')), volume('v')], { a: 'provisioned' }],
  ['the same size in another form', [claim('a', requests('1024Mi')), volume('v')], { a: 'v' }],
  [
    'the smallest that is large enough',
    [claim('a', requests('2Gi')), volume('l', capacity('10Gi')), volume('s'), volume('m', capacity('3Gi'))],
    { a: 'm' },
  ],
  ['several of one size: the first', [claim('a'), volume('v'), volume('w')], { a: 'v' }],
  [
    'an access mode that the volume does not have',
    [claim('a', { accessModes: ['ReadWriteMany'] }), volume('v')],
    { a: 'provisioned' },
  ],
  [
    'one of several access modes',
    [claim('a'), volume('v', { accessModes: ['ReadWriteMany', 'ReadWriteOnce'] })],
    { a: 'v' },
  ],
  ['two claims and one volume', [claim('a'), claim('b'), volume('v')], { a: 'v', b: 'provisioned' }],
  [
    'two claims and two volumes',
    [claim('a'), claim('b', requests('2Gi')), volume('v', capacity('5Gi')), volume('w')],
    { a: 'w', b: 'v' },
  ],
  ['a volume by its name', [claim('a', { volumeName: 'w' }), volume('v'), volume('w')], { a: 'w' }],
  [
    'a volume by its name goes before one that merely fits',
    [claim('a'), claim('b', { volumeName: 'v' }), volume('v')],
    { a: 'provisioned', b: 'v' },
  ],
  ['a name of no volume', [claim('a', { volumeName: 'w' }), volume('v')], { a: 'pending: volume-not-found' }],
  [
    'a claim that a cluster has bound, read from there',
    [claim('a', { volumeName: 'pvc-1' }, { annotations: { 'pv.kubernetes.io/bind-completed': 'yes' } })],
    { a: 'provisioned' },
  ],
  [
    'a volume by its name that is too small',
    [claim('a', { volumeName: 'v', ...requests('2Gi') }), volume('v')],
    { a: 'pending: its capacity is 1Gi, but 2Gi is requested' },
  ],
  [
    'a volume by its name of another class',
    [claim('a', { volumeName: 'v' }), volume('v', manual)],
    { a: "pending: its storage class is 'manual', not ''" },
  ],
  [
    'a volume by its name without the access mode',
    [claim('a', { volumeName: 'v', accessModes: ['ReadOnlyMany'] }), volume('v')],
    { a: 'pending: it lacks the access mode ReadOnlyMany' },
  ],
  [
    'a volume by its name that another claim names, too',
    [claim('a', { volumeName: 'v' }), claim('b', { volumeName: 'v' }), volume('v')],
    { a: 'v', b: "pending: it is already bound to PersistentVolumeClaim 'a'" },
  ],
  [
    'a volume that is kept for the claim, of any class',
    [claim('a'), volume('v'), volume('w', { ...manual, ...capacity('9Gi'), claimRef: { name: 'a' } })],
    { a: 'w' },
  ],
  [
    'a volume that is kept for another claim',
    [claim('a'), volume('v', { claimRef: { name: 'b', namespace: 'default' } })],
    { a: 'provisioned' },
  ],
  [
    'a volume that is kept for another claim, by its name',
    [claim('a', { volumeName: 'v' }), volume('v', { claimRef: { name: 'b' } })],
    { a: "pending: it is reserved for PersistentVolumeClaim 'b'" },
  ],
  [
    'labels that are selected',
    [claim('a', { selector: { matchLabels: { disk: 'fast' } } }), volume('v'), volume('w', {}, disk)],
    { a: 'w' },
  ],
  [
    'labels that no volume has',
    [claim('a', { selector: { matchLabels: { disk: 'slow' } } }), volume('w', {}, disk)],
    { a: 'pending: no-match' },
  ],
  ['a selector that selects everything', [claim('a', { selector: {} })], { a: 'provisioned' }],
  ['an empty class and a volume', [claim('a', { storageClassName: '' }), volume('v')], { a: 'v' }],
  ['an empty class and no volume', [claim('a', { storageClassName: '' })], { a: 'pending: no-match' }],
  [
    'a class in the annotation of old',
    [
      claim('a', {}, { annotations: { 'volume.beta.kubernetes.io/storage-class': 'manual' } }),
      volume('v', manual),
    ],
    { a: 'v' },
  ],
];

for (const [name, objects, expected] of cases)
  test(`binding: ${name}`, () => {
    assert.deepEqual(bindings(...objects), expected);
  });

const expressions: readonly (readonly [Fields, boolean])[] = [
  [{ key: 'disk', operator: 'In', values: ['fast', 'slow'] }, true],
  [{ key: 'disk', operator: 'In', values: ['slow'] }, false],
  [{ key: 'tape', operator: 'In', values: ['fast'] }, false],
  [{ key: 'disk', operator: 'NotIn', values: ['slow'] }, true],
  [{ key: 'disk', operator: 'NotIn', values: ['fast'] }, false],
  [{ key: 'tape', operator: 'NotIn', values: ['fast'] }, true],
  [{ key: 'disk', operator: 'Exists' }, true],
  [{ key: 'tape', operator: 'Exists' }, false],
  [{ key: 'disk', operator: 'DoesNotExist' }, false],
  [{ key: 'tape', operator: 'DoesNotExist' }, true],
];

for (const [expression, fits] of expressions)
  test(`a selector with ${JSON.stringify(expression)}`, () => {
    assert.deepEqual(
      bindings(claim('a', { selector: { matchExpressions: [expression] } }), volume('v', {}, disk)),
      {
        a: fits ? 'v' : 'pending: no-match',
      },
    );
  });
