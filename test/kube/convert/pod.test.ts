import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readManifests } from '../../../src/manifest/read-manifests.ts';
import { desiredPods } from '../../../src/kube/desired-pods.ts';
import type { DesiredMount, DesiredSandbox } from '../../../src/kube/spec/desired.ts';
import type { DesiredVolume } from '../../../src/kube/spec/desired-volume.ts';
import { desired, mean, podWith, podWithContainer, type Fields } from '../manifest.ts';
import { desiredPod } from '../../support/desired.ts';
import { CONTEXT } from '../../support/context.ts';

const image = 'nginx:1.27';

test('a minimal pod', () => {
  const { containers, ...pod } = desired(podWith({}));
  assert.equal(containers.length, 1);
  assert.deepEqual({ ...pod, containers: [] }, desiredPod());
});

test('labels and annotations', () => {
  const { labels, annotations } = desired(
    podWith({}, { labels: { app: 'web' }, annotations: { by: 'ann' } }),
  );
  assert.deepEqual({ labels, annotations }, { labels: { app: 'web' }, annotations: { by: 'ann' } });
});

test('init containers keep their order', () => {
  const initContainers = ['b', 'a', 'c'].map((name) => ({ name, image }));
  assert.deepEqual(
    desired(podWith({ initContainers })).initContainers.map(({ name, role }) => [name, role]),
    [
      ['b', 'init'],
      ['a', 'init'],
      ['c', 'init'],
    ],
  );
});

function sandbox(spec: Fields, metadata: Fields = {}): DesiredSandbox {
  return desired(podWith(spec, metadata)).sandbox;
}

/** Of a pod with a name that a server warns of. */
function hostNameOf(name: string): string | undefined {
  return mean(podWith({}, { name })).pods[0]?.pod.sandbox.hostname;
}

test('the host name is the hostname field or the truncated pod name', () => {
  assert.equal(sandbox({ hostname: 'front' }).hostname, 'front');
  assert.equal(sandbox({ hostname: '' }).hostname, 'web');
  assert.equal(hostNameOf('a.b'), 'a.b');
  assert.equal(hostNameOf('a'.repeat(70)), 'a'.repeat(63));
  assert.equal(hostNameOf(`${'a'.repeat(62)}.b`), 'a'.repeat(62));
});

const names: readonly (readonly [Fields, Fields, string, string | undefined])[] = [
  [{ subdomain: 'sub' }, {}, 'web', 'web.sub.default.svc.cluster.local'],
  [{ subdomain: '' }, {}, 'web', undefined],
  [{ hostname: 'a', subdomain: 'sub' }, { namespace: 'default' }, 'a', 'a.sub.default.svc.cluster.local'],
  [{ setHostnameAsFQDN: true }, {}, 'web', undefined],
  [{ subdomain: 'sub', setHostnameAsFQDN: true }, {}, 'web.sub.default.svc.cluster.local', undefined],
  [{ subdomain: 'sub', setHostnameAsFQDN: false }, {}, 'web', 'web.sub.default.svc.cluster.local'],
  [{ hostname: 'a', subdomain: 'sub', hostnameOverride: 'b.example' }, {}, 'b.example', undefined],
  [{ hostnameOverride: 'b' }, {}, 'b', undefined],
];

for (const [spec, metadata, hostname, fqdn] of names)
  test(`the host name of a pod with ${JSON.stringify({ ...spec, ...metadata })}`, () => {
    const found = sandbox(spec, metadata);
    assert.deepEqual({ hostname: found.hostname, fqdn: found.fqdn }, { hostname, fqdn });
  });

const policies: readonly (readonly [string | undefined, string, string])[] = [
  [undefined, 'ClusterFirst', 'Default'],
  ['ClusterFirst', 'ClusterFirst', 'Default'],
  ['ClusterFirstWithHostNet', 'ClusterFirst', 'Default'],
  ['Default', 'Default', 'Default'],
  ['None', 'None', 'None'],
];

for (const [dnsPolicy, onNetwork, onHost] of policies)
  test(`the dnsPolicy ${dnsPolicy ?? 'by default'}`, () => {
    const dnsConfig = { nameservers: ['1.1.1.1'] };
    assert.equal(sandbox({ dnsPolicy, dnsConfig }).dnsPolicy, onNetwork);
    assert.equal(sandbox({ dnsPolicy, dnsConfig, hostNetwork: true }).dnsPolicy, onHost);
  });

test('with the host network a pod has no host name and no ports', () => {
  const ports = [{ containerPort: 80, hostPort: 80 }];
  const pod = desired(podWithContainer({ ports }, { hostNetwork: true, hostname: 'front' }));
  assert.equal(pod.sandbox.hostNetwork, true);
  assert.equal('hostname' in pod.sandbox, false);
  assert.deepEqual(pod.sandbox.hostPorts, []);
});

test('namespaces of the host and of the pod', () => {
  const { hostPID, hostIPC } = sandbox({ hostPID: true, hostIPC: true });
  assert.deepEqual({ hostPID, hostIPC }, { hostPID: true, hostIPC: true });
  assert.equal(sandbox({ shareProcessNamespace: true }).shareProcessNamespace, true);
});

test('host ports are sorted, and use the default address without a hostIP', () => {
  const containers = [
    {
      name: 'b',
      image,
      ports: [
        { containerPort: 53, hostPort: 5353, protocol: 'UDP' },
        { containerPort: 53, hostPort: 5353 },
        { containerPort: 9000 },
      ],
    },
    { name: 'a', image, ports: [{ containerPort: 80, hostPort: 80, hostIP: '0.0.0.0' }] },
  ];
  assert.deepEqual(sandbox({ containers }).hostPorts, [
    { container: 'a', hostIP: '0.0.0.0', hostPort: 80, containerPort: 80, protocol: 'TCP' },
    { container: 'b', hostIP: '127.0.0.1', hostPort: 5353, containerPort: 53, protocol: 'TCP' },
    { container: 'b', hostIP: '127.0.0.1', hostPort: 5353, containerPort: 53, protocol: 'UDP' },
  ]);
});

test('host aliases and DNS', () => {
  const { hostAliases, dnsConfig } = sandbox({
    hostAliases: [{ ip: '10.0.0.1', hostnames: ['db'] }, { ip: '10.0.0.2' }],
    dnsConfig: {
      nameservers: ['1.1.1.1'],
      searches: ['example'],
      options: [{ name: 'ndots', value: '2' }, { name: 'rotate' }, { name: 'edns0', value: '' }],
    },
  });
  assert.deepEqual(hostAliases, [
    { ip: '10.0.0.1', hostnames: ['db'] },
    { ip: '10.0.0.2', hostnames: [] },
  ]);
  assert.deepEqual(dnsConfig, {
    nameservers: ['1.1.1.1'],
    searches: ['example'],
    options: ['ndots:2', 'rotate', 'edns0'],
  });
});

/** The volume and its mount in a pod with one volume; only warnings may be told of it. */
function mounted(file: string, volume: Fields, mount: Fields = {}): [DesiredVolume, DesiredMount] {
  const text = podWithContainer(
    { volumeMounts: [{ name: 'data', mountPath: '/data', ...mount }] },
    { volumes: [{ name: 'data', ...volume }] },
  );
  const [first] = desiredPods(readManifests([{ file, text }]).documents, CONTEXT).pods;
  const [ofPod] = first?.pod.volumes ?? [];
  const [ofContainer] = first?.pod.containers[0]?.volumeMounts ?? [];
  assert.ok(ofPod && ofContainer);
  return [ofPod, ofContainer];
}

const sources: readonly (readonly [string, Fields, Fields])[] = [
  ['an emptyDir', { emptyDir: {} }, { type: 'emptyDir', medium: 'disk' }],
  ['no source at all', {}, { type: 'emptyDir', medium: 'disk' }],
  ['an emptyDir in memory', { emptyDir: { medium: 'Memory' } }, { type: 'emptyDir', medium: 'Memory' }],
  [
    'an emptyDir with a limit',
    { emptyDir: { medium: 'Memory', sizeLimit: '1.5Mi' } },
    { type: 'emptyDir', medium: 'Memory', sizeLimit: 1572864 },
  ],
  [
    'a limit of 0, which is none',
    { emptyDir: { medium: 'Memory', sizeLimit: 0 } },
    { type: 'emptyDir', medium: 'Memory' },
  ],
  [
    'a claim for as long as the pod lives',
    {
      ephemeral: {
        volumeClaimTemplate: {
          spec: { accessModes: ['ReadWriteOnce'], resources: { requests: { storage: '1Gi' } } },
        },
      },
    },
    { type: 'ephemeral' },
  ],
  [
    'the files of an image',
    { image: { reference: 'quay.io/ann/site:1' } },
    { type: 'image', reference: 'quay.io/ann/site:1', pullPolicy: 'IfNotPresent' },
  ],
  [
    'the files of an image by no tag',
    { image: { reference: 'quay.io/ann/site' } },
    { type: 'image', reference: 'quay.io/ann/site', pullPolicy: 'Always' },
  ],
  [
    'the files of an image, and a policy',
    { image: { reference: 'quay.io/ann/site', pullPolicy: 'Never' } },
    { type: 'image', reference: 'quay.io/ann/site', pullPolicy: 'Never' },
  ],
  ['a host path', { hostPath: { path: '/srv' } }, { type: 'hostPath', path: '/srv', hostPathType: '' }],
  [
    'a host path with slashes to spare',
    { hostPath: { path: '/srv//a/./b/', type: 'Directory' } },
    { type: 'hostPath', path: '/srv/a/b', hostPathType: 'Directory' },
  ],
  ['an empty type', { hostPath: { path: '/', type: '' } }, { type: 'hostPath', path: '/', hostPathType: '' }],
];

for (const [name, written, expected] of sources)
  test(`a volume with ${name}`, () => {
    const [volume, mount] = mounted('pod.yaml', written);
    assert.deepEqual(volume, { name: 'data', source: expected });
    assert.deepEqual(mount, { name: 'data', source: expected, mountPath: '/data', readOnly: false });
  });

const directories: readonly (readonly [string, string, string])[] = [
  ['pod.yaml', 'www', '/home/ann/www'],
  ['demo/pod.yaml', './www', '/home/ann/demo/www'],
  ['../pod.yaml', 'www', '/home/www'],
  ['/srv/pod.yaml', 'www', '/srv/www'],
  ['-', 'www', '/home/ann/www'],
  ['-', '.', '/home/ann'],
];

for (const [file, written, expected] of directories)
  test(`the host path ${written} in the manifest ${file}`, () => {
    const [{ source }] = mounted(file, { hostPath: { path: written } });
    assert.deepEqual(source, { type: 'hostPath', path: expected, hostPathType: '' });
  });

const mounts: readonly (readonly [Fields, Fields])[] = [
  [{ readOnly: true }, { mountPath: '/data', readOnly: true }],
  [{ mountPath: '/a//b/' }, { mountPath: '/a/b', readOnly: false }],
  [{ mountPath: 'a' }, { mountPath: '/a', readOnly: false }],
  [{ subPath: '' }, { mountPath: '/data', readOnly: false }],
  [{ subPath: '.' }, { mountPath: '/data', readOnly: false }],
  [{ subPath: 'a/./b/' }, { mountPath: '/data', readOnly: false, subPath: 'a/b' }],
];

for (const [written, expected] of mounts)
  test(`the mount ${JSON.stringify(written)}`, () => {
    const [{ source }, mount] = mounted('pod.yaml', { emptyDir: {} }, written);
    assert.deepEqual(mount, { name: 'data', source, ...expected });
  });
