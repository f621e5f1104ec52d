import assert from 'node:assert/strict';
import { test } from 'node:test';
import { findings, podWithContainer, type Fields } from '../manifest.ts';

const SPACE = /^warning: spec\.resources\.requests: ignored: the volume has all the space that the disk has/;

function podOf(claimName: string, name = 'web', more: Fields = {}): string {
  const volumes = [{ name: 'data', persistentVolumeClaim: { claimName, ...more } }];
  const pod = JSON.parse(
    podWithContainer({ volumeMounts: [{ name: 'data', mountPath: '/data' }] }, { volumes }),
  ) as object;
  return JSON.stringify({ ...pod, metadata: { name } });
}

function claim(spec: Fields = {}, name = 'data'): string {
  return JSON.stringify({
    apiVersion: 'v1',
    kind: 'PersistentVolumeClaim',
    metadata: { name },
    spec: { accessModes: ['ReadWriteOnce'], resources: { requests: { storage: '1Gi' } }, ...spec },
  });
}

function volume(spec: Fields = {}, name = 'disk'): string {
  return JSON.stringify({
    apiVersion: 'v1',
    kind: 'PersistentVolume',
    metadata: { name },
    spec: {
      accessModes: ['ReadWriteOnce'],
      capacity: { storage: '1Gi' },
      hostPath: { path: '/mnt' },
      ...spec,
    },
  });
}

/** What is said, without that a size is not kept, which is said of every claim. */
function told(...texts: readonly string[]): readonly string[] {
  return findings(...texts).filter((finding) => !SPACE.test(finding));
}

const claimName = 'spec.volumes[0].persistentVolumeClaim.claimName';

test('a claim says once that its size is not kept', () => {
  assert.deepEqual(findings(podOf('data'), claim()), [
    'warning: spec.resources.requests: ignored: the volume has all the space that the disk has [ignored]',
  ]);
});

test('a claim of any class is served', () => {
  assert.deepEqual(told(podOf('data'), claim({ storageClassName: 'fast-ssd' })), []);
});

test('a claim that nobody declares, and the nearest one', () => {
  assert.deepEqual(told(podOf('dta'), claim()), [
    `${claimName}: there is no PersistentVolumeClaim 'dta' in the files, did you mean 'data'? [missing-object]`,
  ]);
});

test('a claim without a name', () => {
  assert.deepEqual(told(podOf(''), claim()), [
    `${claimName}: must name a PersistentVolumeClaim [missing-field]`,
  ]);
});

test('a claim that no pod uses', () => {
  assert.deepEqual(told(claim()), [
    "warning: metadata.name: no pod in the files uses the claim 'data', and so no volume is made for it [unused-claim]",
  ]);
});

test('a claim that two pods use', () => {
  assert.deepEqual(told(podOf('data'), podOf('data', 'worker'), claim()), []);
});

test('a claim for one pod only that two pods use', () => {
  const modes = { accessModes: ['ReadWriteOncePod'] };
  assert.deepEqual(told(podOf('data'), claim(modes)), []);
  assert.deepEqual(told(podOf('data'), podOf('data', 'worker'), claim(modes)), [
    `${claimName}: the claim 'data' is for one pod only (ReadWriteOncePod), and the pod 'web' uses it [claim-in-use]`,
  ]);
});

const claims: readonly (readonly [Fields, readonly string[]])[] = [
  [
    { volumeMode: 'Block' },
    [
      'spec.volumeMode: not supported: there are no block devices to hand out here, only folders [not-supported]',
    ],
  ],
  [
    { dataSource: { kind: 'VolumeSnapshot', name: 'last', apiGroup: 'snapshot.storage.k8s.io' } },
    [
      'spec.dataSource: not supported: there are no snapshots or other claims to fill the volume from [not-supported]',
    ],
  ],
  [
    { dataSourceRef: { kind: 'PersistentVolumeClaim', name: 'other' } },
    [
      'spec.dataSourceRef: not supported: there are no snapshots or other claims to fill the volume from [not-supported]',
    ],
  ],
  [{ accessModes: [] }, ['spec.accessModes: at least one access mode is required [missing-field]']],
  [
    { resources: { requests: { storage: '1gb' } } },
    [
      "spec.resources.requests.storage: '1gb' is no quantity: it has to be a number, or a number and one of m, k, M, G, T, P, E, Ki, Mi, Gi, Ti, Pi, Ei, as in '500m' or '1.5Gi', did you mean '1Gi'? [invalid-quantity]",
    ],
  ],
  [
    { volumeName: 'disk' },
    ["spec.volumeName: there is no PersistentVolume 'disk' in the files [unbound-claim]"],
  ],
  [
    { storageClassName: '' },
    [
      'spec.storageClassName: no PersistentVolume without a class in the files fits the claim [unbound-claim]',
    ],
  ],
  [
    { selector: { matchLabels: { disk: 'fast' } } },
    ['spec.selector: no PersistentVolume in the files fits the claim with its selector [unbound-claim]'],
  ],
];

for (const [spec, expected] of claims)
  test(`a claim with ${JSON.stringify(spec)}`, () => {
    assert.deepEqual(told(podOf('data'), claim(spec)), expected);
  });

test('a claim that names a volume which does not fit, and the nearest name of one', () => {
  assert.deepEqual(
    told(podOf('data'), claim({ volumeName: 'disk' }), volume({ storageClassName: 'manual' })),
    [
      "spec.volumeName: the claim cannot be bound to the PersistentVolume 'disk': its storage class is 'manual', and that of the claim is '' [unbound-claim]",
      "warning: metadata.name: no claim in the files is bound to the PersistentVolume 'disk' [unbound-volume]",
    ],
  );
  assert.match(
    told(podOf('data'), claim({ volumeName: 'dsk' }), volume()).join('\n'),
    /there is no PersistentVolume 'dsk' in the files, did you mean 'disk'\?/,
  );
});

const volumes: readonly (readonly [Fields, readonly string[]])[] = [
  [{}, []],
  [{ persistentVolumeReclaimPolicy: 'Delete', nodeAffinity: { required: { nodeSelectorTerms: [] } } }, []],
  [{ hostPath: undefined, local: { path: '/mnt/disk' } }, []],
  [
    { hostPath: undefined, csi: { driver: 'ebs.csi.aws.com', volumeHandle: 'vol-1' } },
    [
      'spec.csi: not supported: this storage is attached to the nodes of a cluster by its drivers [not-supported]',
    ],
  ],
  [
    { local: { path: '/mnt/disk' } },
    [
      "spec.local: the volume already has the source 'hostPath', and a volume has only one [several-volume-sources]",
    ],
  ],
  [{ hostPath: undefined }, ["spec: names no source: it needs a 'hostPath' or a 'local' [missing-field]"]],
  [
    { hostPath: { path: '../up' } },
    ["spec.hostPath.path: must not have '..' in it, got '../up' [invalid-path]"],
  ],
  [
    { hostPath: undefined, local: { path: 'a/../b' } },
    ["spec.local.path: must not have '..' in it, got 'a/../b' [invalid-path]"],
  ],
  [
    { volumeMode: 'Block' },
    [
      'spec.volumeMode: not supported: there are no block devices to hand out here, only folders [not-supported]',
    ],
  ],
  [
    { mountOptions: ['hard'] },
    ['spec.mountOptions: not supported: a folder of this machine is mounted as it is [not-supported]'],
  ],
  [{ accessModes: undefined }, ['spec: at least one access mode is required [missing-field]']],
  [{ capacity: {} }, ['spec: missing required field capacity.storage [missing-field]']],
  [
    { capacity: { storage: '0' } },
    ["spec.capacity.storage: must be more than 0, got '0' [invalid-quantity]"],
  ],
];

for (const [spec, expected] of volumes)
  test(`a PersistentVolume with ${JSON.stringify(spec)}`, () => {
    const found = told(podOf('data'), claim(), volume(spec)).filter(
      (finding) => !finding.includes('[unbound-volume]'),
    );
    assert.deepEqual(found, expected);
  });

test('a PersistentVolume that nearly fits says why it does not', () => {
  assert.deepEqual(told(podOf('data'), claim({ resources: { requests: { storage: '5Gi' } } }), volume()), [
    "warning: metadata.name: no claim in the files is bound to the PersistentVolume 'disk' [unbound-volume]",
  ]);
});
