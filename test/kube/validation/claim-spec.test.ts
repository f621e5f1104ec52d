import assert from 'node:assert/strict';
import { test } from 'node:test';
import { findings, podWithContainer, type Fields } from '../manifest.ts';

const path = 'spec.volumes[0].ephemeral.volumeClaimTemplate.spec';

/** What is said of a generic ephemeral volume, but for the warnings, with the spec of its claim. */
function claimErrors(spec: Fields): readonly string[] {
  return findings(
    podWithContainer(
      { volumeMounts: [{ name: 'data', mountPath: '/data' }] },
      { volumes: [{ name: 'data', ephemeral: { volumeClaimTemplate: { spec } } }] },
    ),
  )
    .filter((finding) => !finding.startsWith('warning: '))
    .map((finding) => finding.replace(path, 'CLAIM'));
}

const resources = { requests: { storage: '1Gi' } };
const accessModes = ['ReadWriteOnce'];

const cases: readonly (readonly [string, Fields, readonly string[]])[] = [
  ['all that is needed', { accessModes, resources }, []],
  ['a volume mode', { accessModes, resources, volumeMode: 'Filesystem' }, []],
  [
    'nothing',
    {},
    [
      'CLAIM: at least one access mode is required [missing-field]',
      'CLAIM: missing required field resources.requests.storage [missing-field]',
    ],
  ],
  [
    'no access mode in the list',
    { accessModes: [], resources },
    ['CLAIM.accessModes: at least one access mode is required [missing-field]'],
  ],
  [
    'a pod of its own and others',
    { accessModes: ['ReadWriteOncePod', 'ReadWriteOnce'], resources },
    ["CLAIM.accessModes: 'ReadWriteOncePod' must not be combined with another access mode [wrong-value]"],
  ],
  [
    'no space at all',
    { accessModes, resources: { requests: { storage: '0' } } },
    ["CLAIM.resources.requests.storage: must be greater than 0, got '0' [invalid-quantity]"],
  ],
  [
    'a block device',
    { accessModes, resources, volumeMode: 'Block' },
    ["CLAIM.volumeMode: not supported: raw block volumes need a cluster; use 'Filesystem' [not-supported]"],
  ],
];

for (const [name, spec, expected] of cases)
  test(`a claim with ${name}`, () => {
    assert.deepEqual(claimErrors(spec), expected);
  });

test('an ephemeral volume without a claim', () => {
  const volumes = [{ name: 'data', ephemeral: {} }];
  assert.deepEqual(
    findings(podWithContainer({ volumeMounts: [{ name: 'data', mountPath: '/data' }] }, { volumes })),
    ["spec.volumes[0].ephemeral: missing required field 'volumeClaimTemplate' [missing-field]"],
  );
});
