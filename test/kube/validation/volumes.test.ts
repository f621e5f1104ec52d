import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readManifests } from '../../../src/manifest/read-manifests.ts';
import { desiredPods } from '../../../src/kube/desired-pods.ts';
import { findings, podWith, podWithContainer, show, type Fields } from '../manifest.ts';
import { CONTEXT } from '../../support/context.ts';

const image = 'nginx:1.27';
const mount = 'spec.containers[0].volumeMounts[0]';

/** One volume, called data, and one mount of it. */
function volumeFindings(volume: Fields, mountFields: Fields = {}): readonly string[] {
  return findings(
    podWithContainer(
      { volumeMounts: [{ name: 'data', mountPath: '/data', ...mountFields }] },
      { volumes: [{ name: 'data', ...volume }] },
    ),
  );
}

test('a mount of a volume that is declared', () => {
  assert.deepEqual(volumeFindings({ emptyDir: {} }), []);
});

test('a mount of an undeclared volume', () => {
  assert.deepEqual(findings(podWithContainer({ volumeMounts: [{ name: 'data', mountPath: '/data' }] })), [
    `${mount}.name: volume 'data' not found in spec.volumes [unknown-volume]`,
  ]);
});

test('a mount of a misspelled volume', () => {
  const volumes = [{ name: 'app-volume', emptyDir: {} }];
  const volumeMounts = [{ name: 'app-volumes', mountPath: '/data' }];
  assert.deepEqual(findings(podWithContainer({ volumeMounts }, { volumes })), [
    `${mount}.name: volume 'app-volumes' not found in spec.volumes, did you mean 'app-volume'? [unknown-volume]`,
  ]);
});

test('an init container that mounts is enough', () => {
  const volumes = [{ name: 'data', emptyDir: {} }];
  const initContainers = [{ name: 'init', image, volumeMounts: [{ name: 'data', mountPath: '/data' }] }];
  assert.deepEqual(findings(podWith({ volumes, initContainers })), []);
});

test('an unmounted volume', () => {
  assert.deepEqual(findings(podWith({ volumes: [{ name: 'data', emptyDir: {} }] })), [
    "warning: spec.volumes[0]: volume 'data' is not mounted by any container [unused-volume]",
  ]);
});

test('two volumes of one name', () => {
  const volumes = [
    { name: 'data', emptyDir: {} },
    { name: 'data', emptyDir: {} },
  ];
  const volumeMounts = [{ name: 'data', mountPath: '/data' }];
  assert.deepEqual(findings(podWithContainer({ volumeMounts }, { volumes })), [
    "spec.volumes[1].name: duplicate name 'data': already used by spec.volumes[0] [duplicate-name]",
  ]);
});

test('a volume with two sources', () => {
  assert.deepEqual(volumeFindings({ emptyDir: {}, hostPath: { path: '/tmp' } }), [
    "spec.volumes[0].hostPath: the volume already has the source 'emptyDir': only one source is allowed [several-volume-sources]",
  ]);
});

test('a volume without a source is an emptyDir', () => {
  assert.deepEqual(volumeFindings({}), [
    'warning: spec.volumes[0]: missing source: Kubernetes uses an emptyDir [no-volume-source]',
  ]);
});

const sizeLimit = 'spec.volumes[0].emptyDir.sizeLimit';
const emptyDirs: readonly (readonly [Fields, readonly string[]])[] = [
  [{ medium: '' }, []],
  [{ medium: 'Memory' }, []],
  [{ medium: 'Memory', sizeLimit: '64Mi' }, []],
  [{ medium: 'Memory', sizeLimit: 1048576 }, []],
  [
    { medium: 'memory' },
    [
      "spec.volumes[0].emptyDir.medium: not supported: must be 'Memory' or omitted, got 'memory', did you mean 'Memory'? [not-supported]",
    ],
  ],
  [
    { medium: 'HugePages-2Mi' },
    [
      'spec.volumes[0].emptyDir.medium: not supported: podman cannot limit or reserve huge pages [not-supported]',
    ],
  ],
  [
    { sizeLimit: '1Gi' },
    [
      `warning: ${sizeLimit}: ignored: sizeLimit is enforced only with 'medium: Memory', not on disk [size-limit-on-disk]`,
    ],
  ],
  [
    { medium: 'Memory', sizeLimit: '-1' },
    [`${sizeLimit}: must not be less than 0, got '-1' [invalid-quantity]`],
  ],
];

for (const [emptyDir, expected] of emptyDirs)
  test(`the emptyDir ${JSON.stringify(emptyDir)}`, () => {
    assert.deepEqual(volumeFindings({ emptyDir }), expected);
  });

/* In the file /work/pod.yaml, of a user whose home directory is /home/ann. */
const HOST_PATHS: readonly (readonly [path: string, message: string | undefined])[] = [
  ['data/..site', undefined],
  ['data', undefined],
  ['/srv/a~b/$', undefined],
  ['../data', "must not contain '..', got '../data', did you mean '/data'? [invalid-path]"],
  ['/srv/a/../b', "must not contain '..', got '/srv/a/../b', did you mean '/srv/b'? [invalid-path]"],
  ['~/../x', "must not contain '..', got '~/../x', did you mean '/home/x'? [invalid-path]"],
  ...['~', '$HOME', '${HOME}', '$(HOME)', '%h'].map(
    (word) =>
      [
        `${word}/a b`,
        `'${word}' is not expanded in a manifest: the path would be /work/${word}/a b, did you mean '/home/ann/a b'? [path-not-expanded]`,
      ] as const,
  ),
  [
    '~',
    "'~' is not expanded in a manifest: the path would be /work/~, did you mean '/home/ann'? [path-not-expanded]",
  ],
  ['~bob/x', "'~bob/x' is not expanded in a manifest: the path would be /work/~bob/x [path-not-expanded]"],
  ['$DATA/x', "'$DATA/x' is not expanded in a manifest: the path would be /work/$DATA/x [path-not-expanded]"],
];

for (const [path, message] of HOST_PATHS)
  test(`the host path '${path}'`, () => {
    const pod = podWithContainer(
      { volumeMounts: [{ name: 'data', mountPath: '/data' }] },
      { volumes: [{ name: 'data', hostPath: { path } }] },
    );
    const volume = JSON.stringify({
      apiVersion: 'v1',
      kind: 'PersistentVolume',
      metadata: { name: 'pv' },
      spec: { capacity: { storage: '1Gi' }, accessModes: ['ReadWriteOnce'], hostPath: { path } },
    });
    const at = ['spec.volumes[0].hostPath.path', 'spec.hostPath.path'];
    for (const [index, text] of [pod, volume].entries()) {
      const set = readManifests([{ file: 'pod.yaml', text }]);
      const options = { ...CONTEXT, currentDirectory: '/work', home: '/home/ann' };
      const found = desiredPods(set.documents, options).diagnostics.filter(
        ({ code }) => code !== 'unbound-volume',
      );
      assert.deepEqual(found.map(show), message === undefined ? [] : [`${at[index] ?? ''}: ${message}`]);
    }
  });

test('a host path must not be empty', () => {
  assert.deepEqual(volumeFindings({ hostPath: { path: '' } }), [
    'spec.volumes[0].hostPath.path: must not be empty [invalid-path]',
  ]);
});

const mounts: readonly (readonly [Fields, readonly string[]])[] = [
  [{ mountPath: '/a/b' }, []],
  [{ mountPath: '' }, [`${mount}.mountPath: must not be empty [invalid-path]`]],
  [{ mountPath: '/a:b' }, [`${mount}.mountPath: must not contain ':', got '/a:b' [unusable-path]`]],
  [{ mountPath: 'a' }, [`warning: ${mount}.mountPath: 'a' is not absolute; using '/a' [path-not-absolute]`]],
  [{ subPath: '' }, []],
  [{ subPath: 'a/b..c' }, []],
  [{ subPath: '/a' }, [`${mount}.subPath: must be a relative path, got '/a' [invalid-path]`]],
  [{ subPath: 'a/../b' }, [`${mount}.subPath: must not contain '..', got 'a/../b' [invalid-path]`]],
];

for (const [fields, expected] of mounts)
  test(`the mount ${JSON.stringify(fields)}`, () => {
    assert.deepEqual(volumeFindings({ emptyDir: {} }, fields), expected);
  });

for (const [path, code] of [
  ['/data', 'duplicate-mount-path'],
  ['/data/', 'same-mount-point'],
])
  test(`two mounts in one place, at /data and ${path ?? ''}`, () => {
    const volumes = [{ name: 'data', emptyDir: {} }];
    const volumeMounts = ['/data', path].map((mountPath) => ({ name: 'data', mountPath }));
    assert.deepEqual(findings(podWithContainer({ volumeMounts }, { volumes })), [
      `spec.containers[0].volumeMounts[1].mountPath: duplicate mountPath '/data': already used by spec.containers[0].volumeMounts[0] [${code ?? ''}]`,
    ]);
  });

/** Everything that is told of a manifest that is wrong in its structure, too. */
function allFindings(text: string): readonly string[] {
  const set = readManifests([{ file: 'pod.yaml', text }]);
  const { pods, diagnostics } = desiredPods(set.documents, CONTEXT);
  assert.deepEqual(pods, []);
  return [...set.diagnostics, ...diagnostics].map((diagnostic) => diagnostic.code);
}

test('a structural error is not reported twice', () => {
  const pod = (spec: Fields): string => podWith(spec);
  const mounting = { name: 'a', image, volumeMounts: [{ name: 'data', mountPath: '/d' }] };
  assert.deepEqual(allFindings(pod({ containers: [{ name: 'a', image: 5 }] })), ['wrong-type']);
  assert.deepEqual(allFindings(pod({ containers: [{ name: 'a', imagee: image }] })), ['unknown-field']);
  assert.deepEqual(allFindings(pod({ containers: 5 })), ['wrong-type']);
  assert.deepEqual(allFindings(pod({ containers: [5] })), ['wrong-type']);
  assert.deepEqual(allFindings(pod({ containers: [mounting], volumes: 5 })), ['wrong-type']);
  assert.deepEqual(allFindings(pod({ containers: [mounting], volumes: [{ emptyDir: {} }] })), [
    'missing-field',
  ]);
  assert.deepEqual(allFindings(pod({ containers: [mounting], volumes: [{ name: 5, emptyDir: {} }] })), [
    'wrong-type',
  ]);
  assert.deepEqual(allFindings(pod({ containers: [mounting], volumes: [{ name: 'data', emptyDri: {} }] })), [
    'unknown-field',
  ]);
  assert.deepEqual(
    allFindings(
      pod({
        volumes: [{ name: 'data', emptyDir: {} }],
        containers: [{ name: 'a', image, volumeMounts: [{ name: 5, mountPath: '/d' }] }],
      }),
    ),
    ['wrong-type'],
  );
  assert.deepEqual(
    allFindings('apiVersion: v1\nkind: Pod\nmetadata: {name: 5}\nspec: {containers: [{name: a, image: b}]}'),
    ['wrong-type'],
  );
});

test('a finding has its location', () => {
  const text = [
    'apiVersion: v1',
    'kind: Pod',
    'metadata:',
    '  name: web',
    'spec:',
    '  nodeName: here',
    '  containers:',
    '  - name: app',
    '    image: nginx:1.27',
    '    volumeMounts:',
    '    - name: dta',
    '      mountPath: /data',
    '  volumes:',
    '  - name: data',
    '    emptyDir: {}',
  ].join('\n');
  const set = readManifests([{ file: 'pod.yaml', text }]);
  const { diagnostics } = desiredPods(set.documents, CONTEXT);
  assert.deepEqual(
    diagnostics.map((diagnostic) => {
      const { line, column, length } = diagnostic.location ?? { line: 0, column: 0, length: 0 };
      return [line, column, length, show(diagnostic).replace(/.*\[/, '[')];
    }),
    [
      [6, 3, 8, '[ignored]'],
      [11, 13, 3, '[unknown-volume]'],
    ],
  );
});

test('an image volume names its image', () => {
  assert.deepEqual(volumeFindings({ image: { reference: 'quay.io/ann/site:1' } }), []);
  assert.deepEqual(volumeFindings({ image: {} }), [
    "spec.volumes[0].image: missing required field 'reference' [missing-field]",
  ]);
  assert.deepEqual(volumeFindings({ image: { reference: '' } }), [
    "spec.volumes[0].image: missing required field 'reference' [missing-field]",
  ]);
  assert.deepEqual(volumeFindings({ image: { reference: 'quay.io/ann/Site:1' } }), [
    "spec.volumes[0].image.reference: invalid image name 'quay.io/ann/Site:1': uppercase letters are allowed only in the tag, did you mean 'quay.io/ann/site:1'? [invalid-image]",
  ]);
});

test('a volume that is a device of a container is in use', () => {
  const volumeDevices = [{ name: 'data', devicePath: '/dev/xvda' }];
  const volumes = [{ name: 'data', emptyDir: {} }];
  assert.deepEqual(findings(podWithContainer({ volumeDevices }, { volumes })), [
    'spec.containers[0].volumeDevices: not supported: raw block volumes need a cluster storage driver [not-supported]',
    "spec.containers[0].volumeDevices[0].name: must refer to a persistentVolumeClaim or an ephemeral volume, and 'data' is neither [wrong-volume]",
  ]);
});

test('NFS is refused for rootless podman', () => {
  assert.deepEqual(volumeFindings({ nfs: { server: 'nfs.example', path: '/srv' } }), [
    'spec.volumes[0].nfs: not supported: rootless podman cannot mount NFS: mount it on the host and use a hostPath [not-supported]',
  ]);
});
