import assert from 'node:assert/strict';
import { test } from 'node:test';
import { findings, podWithContainer, type Fields } from '../manifest.ts';

function claim(annotations: Fields): string {
  const named = Object.entries(annotations).map(([name, value]) => [`volume.podman.io/${name}`, value]);
  return JSON.stringify({
    apiVersion: 'v1',
    kind: 'PersistentVolumeClaim',
    metadata: { name: 'data', annotations: Object.fromEntries(named) as Fields },
    spec: { accessModes: ['ReadWriteOnce'], resources: { requests: { storage: '1Gi' } } },
  });
}

function pod(mount: Fields = {}): string {
  return podWithContainer(
    { volumeMounts: [{ name: 'data', mountPath: '/data', ...mount }] },
    { volumes: [{ name: 'data', persistentVolumeClaim: { claimName: 'data' } }] },
  );
}

function claimFindings(annotations: Fields, mount: Fields = {}): readonly string[] {
  return findings(pod(mount), claim(annotations)).map((finding) =>
    finding.replaceAll("metadata.annotations['volume.podman.io/", "['"),
  );
}

const tmpfs = { type: 'tmpfs' };
const image = { driver: 'image', image: 'docker.io/library/nginx:1.27' };

/** Annotations, and what is said of them. */
const cases: readonly (readonly [Fields, readonly string[]])[] = [
  [{ uid: '818', gid: '0', driver: 'local' }, []],
  [
    { uid: 'postgres' },
    ["['uid']: must be a number from 0 to 4294967294, got 'postgres' [volume-annotation]"],
  ],
  [{ gid: '-1' }, ["['gid']: must be a number from 0 to 4294967294, got '-1' [volume-annotation]"]],
  [
    { uid: '4294967295' },
    ["['uid']: must be a number from 0 to 4294967294, got '4294967295' [volume-annotation]"],
  ],
  [{ uid: '5', 'mount-options': 'uid=5,gid=7' }, []],
  [
    { uid: '5', 'mount-options': 'uid=6' },
    ["['mount-options']: 'uid=6' contradicts 'volume.podman.io/uid: 5' [volume-annotation]"],
  ],
  [{ ...tmpfs, 'mount-options': 'size=10m,noexec,nr_inodes=100' }, []],
  [
    { ...tmpfs, 'mount-options': 'o=size=10m' },
    [
      "warning: ['mount-options']: 'o=' is not part of the value, and is ignored, did you mean 'size=10m'? [volume-annotation]",
    ],
  ],
  [{ ...tmpfs, 'mount-options': 'size=50%' }, ["['mount-options']: invalid size '50%' [volume-annotation]"]],
  [
    { ...tmpfs, 'mount-options': 'inodes=10' },
    [
      "['mount-options']: rootless podman cannot limit the inodes of a volume with the type 'tmpfs' [volume-annotation]",
    ],
  ],
  [
    { type: 'none', device: '/srv', 'mount-options': 'bind,size=1g' },
    [
      "['mount-options']: rootless podman cannot limit the size of a volume with the type 'none' [volume-annotation]",
    ],
  ],
  [
    { 'mount-options': 'noexec' },
    [
      "warning: ['mount-options']: ignored: 'noexec' has no effect: 'volume.podman.io/type' is not set [ignored]",
    ],
  ],
  [{ type: 'bind' }, ["['type']: 'bind' requires a device: the directory to mount [volume-annotation]"]],
  [
    { type: 'none', device: 'data' },
    ["['device']: must be an absolute path, got 'data' [volume-annotation]"],
  ],
  [{ driver: 'my plugin' }, ["['driver']: invalid name of a volume driver: 'my plugin' [volume-annotation]"]],
  [{ driver: 'plugin', 'mount-options': 'size=50%' }, []],
  [image, []],
  [{ image: image.image }, ["['image']: requires the driver 'image', not 'local' [volume-annotation]"]],
  [
    { driver: 'image' },
    ["['driver']: the driver 'image' requires the annotation 'volume.podman.io/image' [volume-annotation]"],
  ],
  [{ ...image, uid: '5' }, ["['uid']: must not be set with the driver 'image' [volume-annotation]"]],
  [
    { 'import-source': './data.tar' },
    ["warning: ['import-source']: ignored: podpose imports no archives [ignored]"],
  ],
  [
    { 'mount-option': 'noexec' },
    [
      "warning: ['mount-option']: ignored: podman has no annotation 'volume.podman.io/mount-option', did you mean 'volume.podman.io/mount-options'? [volume-annotation]",
    ],
  ],
];

for (const [annotations, expected] of cases)
  test(`podman's annotations of a PVC: ${JSON.stringify(annotations)}`, () => {
    assert.deepEqual(claimFindings(annotations), expected);
  });

test('a subPath needs a volume that is a directory', () => {
  const subPath = { subPath: 'a' };
  assert.deepEqual(claimFindings({ uid: '5' }, subPath), []);
  assert.deepEqual(claimFindings(tmpfs, subPath), [
    "spec.containers[0].volumeMounts[0].subPath: not supported: 'data' has a filesystem of its own, from the annotations of the PersistentVolumeClaim [not-supported]",
  ]);
});

test('annotations of a PVC that is bound to a PersistentVolume are ignored with a warning', () => {
  const volume = JSON.stringify({
    apiVersion: 'v1',
    kind: 'PersistentVolume',
    metadata: { name: 'disk' },
    spec: { accessModes: ['ReadWriteOnce'], capacity: { storage: '1Gi' }, hostPath: { path: '/mnt' } },
  });
  assert.deepEqual(findings(pod(), claim({ uid: '5' }), volume), [
    "warning: metadata.annotations['volume.podman.io/uid']: ignored: the PersistentVolumeClaim is bound to a PersistentVolume: no volume is created [ignored]",
  ]);
});

function hostPathFindings(annotation: string): readonly string[] {
  const object = JSON.parse(
    podWithContainer(
      { volumeMounts: [{ name: 'data', mountPath: '/data' }] },
      { volumes: [{ name: 'data', hostPath: { path: '/srv/data' } }] },
    ),
  ) as { readonly metadata: object };
  const metadata = { ...object.metadata, annotations: { 'bind-mount-options': annotation } };
  return findings(JSON.stringify({ ...object, metadata })).map((finding) =>
    finding.replace('metadata.annotations.bind-mount-options: ', ''),
  );
}

const relabelCases: readonly (readonly [string, readonly string[]])[] = [
  ['/srv/data:z', []],
  ['/srv/data/:Z', []],
  ['', []],
  ['/srv/data', ["expected 'PATH:z' or 'PATH:Z', got '/srv/data' [volume-annotation]"]],
  ['/srv/data:', ["not supported: option '' of '/srv/data'; expected 'z' or 'Z' [volume-annotation]"]],
  ['/srv/data:ro', ["not supported: option 'ro' of '/srv/data'; expected 'z' or 'Z' [volume-annotation]"]],
  [
    '/srv/date:z',
    [
      "warning: no volume of the pod has the hostPath '/srv/date', did you mean '/srv/data:z'? [volume-annotation]",
    ],
  ],
  [
    '/srv/data:z, /elsewhere:Z',
    ["warning: no volume of the pod has the hostPath '/elsewhere' [volume-annotation]"],
  ],
];

for (const [annotation, expected] of relabelCases)
  test(`bind-mount-options: ${annotation}`, () => {
    assert.deepEqual(hostPathFindings(annotation), expected);
  });
