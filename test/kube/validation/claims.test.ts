import assert from 'node:assert/strict';
import { test } from 'node:test';
import { findings, podWithContainer, type Fields } from '../manifest.ts';

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

const claimName = 'spec.volumes[0].persistentVolumeClaim.claimName';

test('no warning for the size that a PVC must request, but one for a limit', () => {
  assert.deepEqual(findings(podOf('data'), claim()), []);
  const resources = { requests: { storage: '1Gi' }, limits: { storage: '2Gi' } };
  assert.deepEqual(findings(podOf('data'), claim({ resources })), [
    'warning: spec.resources.limits: ignored: the size of the volume cannot be limited here [ignored]',
  ]);
});

test('a PVC of any class is provisioned', () => {
  assert.deepEqual(findings(podOf('data'), claim({ storageClassName: 'fast-ssd' })), []);
});

test('an undeclared PVC is a warning, once for all pods', () => {
  const [warning, ...others] = findings(podOf('my_data'), podOf('my_data', 'other'), podOf('cache', 'third'));
  assert.match(
    warning ?? '',
    /^warning: .*claimName: PersistentVolumeClaim 'my_data' is not declared in the files: .* \[undeclared-claim\]$/,
  );
  assert.deepEqual(
    others.map((other) => /'(\w+)' is not declared/.exec(other)?.[1]),
    ['cache'],
  );
});

test('a name that no volume can have is an error', () => {
  assert.deepEqual(findings(podOf('my data')), [
    `${claimName}: PersistentVolumeClaim 'my data' not found in the files [missing-object]`,
  ]);
});

test('an undeclared PVC with nearly the name of another is an error', () => {
  assert.deepEqual(findings(podOf('dta'), claim()), [
    `${claimName}: PersistentVolumeClaim 'dta' not found in the files, did you mean 'data'? [missing-object]`,
  ]);
});

test('a claim without a name', () => {
  assert.deepEqual(findings(podOf(''), claim()), [
    `${claimName}: missing the name of a PersistentVolumeClaim [missing-field]`,
  ]);
});

test('an unused PVC', () => {
  assert.deepEqual(findings(claim()), [
    "warning: metadata.name: PersistentVolumeClaim 'data' is not used by any pod in the files: no volume is created [unused-claim]",
  ]);
});

test('a claim that two pods use', () => {
  assert.deepEqual(findings(podOf('data'), podOf('data', 'worker'), claim()), []);
});

test('a ReadWriteOncePod PVC of two pods', () => {
  const modes = { accessModes: ['ReadWriteOncePod'] };
  assert.deepEqual(findings(podOf('data'), claim(modes)), []);
  assert.deepEqual(findings(podOf('data'), podOf('data', 'worker'), claim(modes)), [
    `${claimName}: PersistentVolumeClaim 'data' allows a single pod (ReadWriteOncePod) and is already used by pod 'web' [claim-in-use]`,
  ]);
});

const claims: readonly (readonly [Fields, readonly string[]])[] = [
  [
    { volumeMode: 'Block' },
    ["spec.volumeMode: not supported: raw block volumes need a cluster; use 'Filesystem' [not-supported]"],
  ],
  [
    { dataSource: { kind: 'VolumeSnapshot', name: 'last', apiGroup: 'snapshot.storage.k8s.io' } },
    [
      'spec.dataSource: not supported: volume snapshots and clones need a cluster storage driver [not-supported]',
    ],
  ],
  [
    { dataSourceRef: { kind: 'PersistentVolumeClaim', name: 'other' } },
    [
      'spec.dataSourceRef: not supported: volume snapshots and clones need a cluster storage driver [not-supported]',
    ],
  ],
  [{ accessModes: [] }, ['spec.accessModes: at least one access mode is required [missing-field]']],
  [
    { resources: { requests: { storage: '1gb' } } },
    ["spec.resources.requests.storage: invalid quantity '1gb', did you mean '1Gi'? [invalid-quantity]"],
  ],
  [
    { volumeName: 'disk' },
    ["spec.volumeName: PersistentVolume 'disk' not found in the files [unbound-claim]"],
  ],
  [
    { storageClassName: '' },
    [
      'spec.storageClassName: no PersistentVolume without a storage class in the files matches [unbound-claim]',
    ],
  ],
  [
    { selector: { matchLabels: { disk: 'fast' } } },
    ['spec.selector: no PersistentVolume in the files matches the selector [unbound-claim]'],
  ],
];

for (const [spec, expected] of claims)
  test(`a claim with ${JSON.stringify(spec)}`, () => {
    assert.deepEqual(findings(podOf('data'), claim(spec)), expected);
  });

test('a claim that names a volume which does not fit, and the nearest name of one', () => {
  assert.deepEqual(
    findings(podOf('data'), claim({ volumeName: 'disk' }), volume({ storageClassName: 'manual' })),
    [
      "spec.volumeName: cannot bind to PersistentVolume 'disk': its storage class is 'manual', not '' [unbound-claim]",
      "warning: metadata.name: PersistentVolume 'disk' is not bound to any PersistentVolumeClaim in the files [unbound-volume]",
    ],
  );
  assert.match(
    findings(podOf('data'), claim({ volumeName: 'dsk' }), volume()).join('\n'),
    /PersistentVolume 'dsk' not found in the files, did you mean 'disk'\?/,
  );
});

const nodeAffinity = {
  required: {
    nodeSelectorTerms: [
      { matchExpressions: [{ key: 'kubernetes.io/hostname', operator: 'In', values: ['n1'] }] },
    ],
  },
};

const volumes: readonly (readonly [Fields, readonly string[]])[] = [
  [{}, []],
  [{ persistentVolumeReclaimPolicy: 'Delete', nodeAffinity }, []],
  [{ hostPath: undefined, local: { path: '/mnt/disk' }, nodeAffinity }, []],
  [
    { hostPath: undefined, local: { path: '/mnt/disk' } },
    ["spec: missing required field 'nodeAffinity': a local volume is on one node only [missing-field]"],
  ],
  [
    { nodeAffinity: { required: { nodeSelectorTerms: [] } } },
    ['spec.nodeAffinity.required.nodeSelectorTerms: must have at least one term [missing-field]'],
  ],
  [{ nodeAffinity: {} }, ["spec.nodeAffinity: missing required field 'required' [missing-field]"]],
  [
    { hostPath: { path: '/./' }, persistentVolumeReclaimPolicy: 'Recycle' },
    ["spec.persistentVolumeReclaimPolicy: must not be 'Recycle' for the hostPath '/' [forbidden-field]"],
  ],
  [
    { hostPath: undefined, csi: { driver: 'ebs.csi.aws.com', volumeHandle: 'vol-1' } },
    ['spec.csi: not supported: this storage needs a cluster storage driver [not-supported]'],
  ],
  [
    { local: { path: '/mnt/disk' }, nodeAffinity },
    [
      "spec.local: the volume already has the source 'hostPath': only one source is allowed [several-volume-sources]",
    ],
  ],
  [{ hostPath: undefined }, ["spec: missing source: needs a 'hostPath' or a 'local' [missing-field]"]],
  [
    { hostPath: { path: '../up' } },
    ["spec.hostPath.path: must not contain '..', got '../up', did you mean '/home/ann/up'? [invalid-path]"],
  ],
  [
    { hostPath: undefined, local: { path: 'a/../b' }, nodeAffinity },
    ["spec.local.path: must not contain '..', got 'a/../b' [invalid-path]"],
  ],
  [
    { volumeMode: 'Block' },
    ["spec.volumeMode: not supported: raw block volumes need a cluster; use 'Filesystem' [not-supported]"],
  ],
  [
    { mountOptions: ['hard'] },
    [
      'spec.mountOptions: not supported: mount options do not apply to a directory of this machine [not-supported]',
    ],
  ],
  [{ accessModes: undefined }, ['spec: at least one access mode is required [missing-field]']],
  [{ capacity: {} }, ['spec: missing required field capacity.storage [missing-field]']],
  [
    { capacity: { storage: '0' } },
    ["spec.capacity.storage: must be greater than 0, got '0' [invalid-quantity]"],
  ],
];

for (const [spec, expected] of volumes)
  test(`a PersistentVolume with ${JSON.stringify(spec)}`, () => {
    const found = findings(podOf('data'), claim(), volume(spec)).filter(
      (finding) => !finding.includes('[unbound-volume]'),
    );
    assert.deepEqual(found, expected);
  });

test('a PersistentVolume that nearly fits says why it does not', () => {
  assert.deepEqual(
    findings(podOf('data'), claim({ resources: { requests: { storage: '5Gi' } } }), volume()),
    [
      "warning: metadata.name: PersistentVolume 'disk' is not bound to any PersistentVolumeClaim in the files [unbound-volume]",
    ],
  );
});
