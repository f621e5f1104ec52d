import assert from 'node:assert/strict';
import { test } from 'node:test';
import { isDiagnosticCode, ruleOf } from '../../../src/base/diagnostic-code.ts';
import { codesOf } from './object-findings.ts';

function claim(spec: object): object {
  return {
    apiVersion: 'v1',
    kind: 'PersistentVolumeClaim',
    metadata: { name: 'a' },
    spec: { accessModes: ['ReadWriteOnce'], resources: { requests: { storage: '1Gi' } }, ...spec },
  };
}

function volume(spec: object): object {
  return {
    apiVersion: 'v1',
    kind: 'PersistentVolume',
    metadata: { name: 'a' },
    spec: { accessModes: ['ReadWriteOnce'], capacity: { storage: '1Gi' }, ...spec },
  };
}

function pod(volumes: readonly object[]): object {
  const containers = [{ name: 'app', image: 'nginx' }];
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name: 'a' },
    spec: { containers, volumes: volumes.map((one, index) => ({ name: `v${index}`, ...one })) },
  };
}

const source = { kind: 'PersistentVolumeClaim', name: 'b' };

const claims: readonly (readonly [object, readonly string[]])[] = [
  [{ storageClassName: 'Fast_SSD' }, ['spec.storageClassName [invalid-name]']],
  [{ volumeAttributesClassName: 'A_b' }, ['spec.volumeAttributesClassName [invalid-name]']],
  [{ accessModes: ['ReadWriteOncePod', 'ReadWriteOncePod'] }, []],
  [
    { selector: { matchExpressions: [{ key: 'a b', operator: 'Exists' }] } },
    ['spec.selector.matchExpressions[0].key [invalid-label]'],
  ],
  [{ dataSource: { kind: 'Other', name: 'b' } }, []],
  [{ dataSourceRef: { kind: 'Other', name: 'b' } }, ['spec.dataSourceRef.kind [wrong-value]']],
  [
    { dataSource: source, dataSourceRef: { ...source, name: 'c' } },
    ['spec.dataSourceRef.name [wrong-value]'],
  ],
  [{ dataSource: source, dataSourceRef: source }, []],
];

for (const [spec, expected] of claims)
  test(`a claim with ${JSON.stringify(spec)}`, () => {
    const found = codesOf(claim(spec)).filter((code) => !/not-supported|unbound/.test(code));
    assert.deepEqual(found, expected);
  });

const volumes: readonly (readonly [object, readonly string[]])[] = [
  [{ nfs: { server: '', path: 'data' } }, ['spec.nfs [missing-field]', 'spec.nfs.path [invalid-path]']],
  [
    { iscsi: { targetPortal: '10.0.0.1', iqn: 'x', lun: 256 } },
    ['spec.iscsi.iqn [wrong-value]', 'spec.iscsi.lun [out-of-range]'],
  ],
  [
    { iscsi: { targetPortal: '10.0.0.1', iqn: 'iqn.2026-01.com.example:a', chapAuthSession: true } },
    ['spec.iscsi [missing-field]'],
  ],
  [
    { fc: { targetWWNs: ['a'], wwids: ['b'] } },
    ['spec.fc [missing-field]', 'spec.fc.wwids [several-values]'],
  ],
  [
    { csi: { driver: 'a_b', volumeHandle: '', nodePublishSecretRef: { name: 'A', namespace: '' } } },
    [
      'spec.csi [missing-field]',
      'spec.csi.driver [invalid-name]',
      'spec.csi.nodePublishSecretRef [missing-field]',
      'spec.csi.nodePublishSecretRef.name [invalid-name]',
    ],
  ],
  [
    { azureDisk: { diskName: 'a', diskURI: 'http://a', kind: 'Managed' } },
    ['spec.azureDisk.diskURI [wrong-value]'],
  ],
  [
    { flexVolume: { driver: 'a/b', options: { 'x.K8s.io/a': 'b' } } },
    ["spec.flexVolume.options['x.K8s.io/a'] [wrong-value]"],
  ],
  [{ quobyte: { registry: 'a:1,b', volume: 'c' } }, ['spec.quobyte.registry [wrong-value]']],
  [
    { csi: { driver: 'a.b', volumeHandle: 'c' }, capacity: { storage: '9223372036854775808', cpu: '1' } },
    ['spec.capacity.cpu [unknown-resource]', 'spec.capacity.storage [invalid-quantity]'],
  ],
  [{ hostPath: { path: '/a' }, volumeAttributesClassName: 'a' }, ['spec [missing-field]']],
];

for (const [spec, expected] of volumes)
  test(`a PersistentVolume with ${JSON.stringify(spec)}`, () => {
    const found = codesOf(volume(spec)).filter((code) => !code.endsWith('[not-supported]'));
    assert.deepEqual([...found].sort(), expected);
  });

test('deprecated parts of a PersistentVolume give warnings', () => {
  const spec = { persistentVolumeReclaimPolicy: 'Recycle', rbd: { monitors: ['a'], image: 'b' } };
  assert.deepEqual(
    codesOf(volume(spec), 'warning').filter((code) => code.endsWith('[deprecated]')),
    ['spec.persistentVolumeReclaimPolicy [deprecated]', 'spec.rbd [deprecated]'],
  );
});

/** The errors by rules of Kubernetes. */
function kubernetesCodes(object: object): readonly string[] {
  return codesOf(object).filter((found) => {
    const code = /\[([^[\]]*)\]$/.exec(found)?.[1] ?? '';
    return isDiagnosticCode(code) && ruleOf(code) === 'kubernetes';
  });
}

const items = [{ key: 'a', path: 'x' }];
const claimTemplate = { accessModes: ['ReadWriteOnce'], resources: { requests: { storage: '1Gi' } } };

const podVolumes: readonly (readonly [object, readonly string[]])[] = [
  [{ projected: { sources: [{}] } }, []],
  [
    { projected: { sources: [{ secret: { name: 'a', items } }, { configMap: { name: 'a', items } }] } },
    ['projected.sources[1].configMap.items[0].path [duplicate-value]'],
  ],
  [
    { projected: { sources: [{ serviceAccountToken: { path: '../a', expirationSeconds: 1 } }] } },
    [
      'projected.sources[0].serviceAccountToken.expirationSeconds [out-of-range]',
      'projected.sources[0].serviceAccountToken.path [invalid-path]',
    ],
  ],
  [{ projected: { sources: [{ clusterTrustBundle: {} }] } }, []],
  [{ configMap: { name: '', items: [{ key: 'a', path: '.' }] } }, ['configMap [missing-field]']],
  [{ downwardAPI: { items: [{ path: 'a' }] } }, ['downwardAPI.items[0] [missing-field]']],
  [{ emptyDir: { medium: 'Disk' } }, []],
  [
    {
      ephemeral: {
        volumeClaimTemplate: { metadata: { name: 'x', labels: { a: 'b c' } }, spec: claimTemplate },
      },
    },
    [
      'ephemeral.volumeClaimTemplate.metadata.labels.a [invalid-label]',
      'ephemeral.volumeClaimTemplate.metadata.name [forbidden-field]',
    ],
  ],
  [{ persistentVolumeClaim: { claimName: '' } }, ['persistentVolumeClaim.claimName [missing-field]']],
  [{ image: { reference: '' } }, ['image [missing-field]']],
  [{ cinder: { volumeID: 'a', secretRef: { name: '' } } }, ['cinder.secretRef [missing-field]']],
];

for (const [one, expected] of podVolumes)
  test(`a pod with the volume ${JSON.stringify(one)}`, () => {
    const found = kubernetesCodes(pod([one])).map((code) => code.replace('spec.volumes[0].', ''));
    assert.deepEqual([...found].sort(), expected);
  });

function secret(type: string, rest: object): object {
  return {
    apiVersion: 'v1',
    kind: 'Secret',
    metadata: { name: 'a' },
    type: `kubernetes.io/${type}`,
    ...rest,
  };
}

const secrets: readonly (readonly [object, readonly string[]])[] = [
  [secret('basic-auth', {}), ['type [missing-field]']],
  [secret('basic-auth', { data: { password: '' } }), []],
  [
    secret('ssh-auth', { stringData: { 'ssh-privatekey': '' } }),
    ['stringData.ssh-privatekey [missing-field]'],
  ],
  [secret('service-account-token', {}), ['type [missing-field]']],
  [secret('dockercfg', { data: { '.dockercfg': '' } }), ["data['.dockercfg'] [invalid-json]"]],
  [secret('dockerconfigjson', { stringData: { '.dockerconfigjson': 'null' } }), []],
  [secret('tls', { stringData: { 'tls.crt': 'x' } }), ['type [missing-field]']],
];

for (const [object, expected] of secrets)
  test(`a Secret ${JSON.stringify(object).slice(56)}`, () => {
    assert.deepEqual(codesOf(object), expected);
  });

test('a Secret for TLS without PEM gives a warning', () => {
  const found = codesOf(secret('tls', { stringData: { 'tls.crt': 'x', 'tls.key': 'y' } }), 'warning');
  assert.deepEqual(found, ["stringData['tls.crt'] [invalid-certificate]"]);
});

test('a Secret for TLS with a block that is no certificate gives a warning', () => {
  const block = (label: string): string => `-----BEGIN ${label}-----\nYQ==\n-----END ${label}-----\n`;
  const data = { 'tls.crt': block('CERTIFICATE'), 'tls.key': block('PRIVATE KEY') };
  const found = codesOf(secret('tls', { stringData: data }), 'warning');
  assert.deepEqual(found, ["stringData['tls.crt'] [invalid-certificate]"]);
  const key = { ...data, 'tls.crt': block('CERTIFICATE'), 'tls.key': 'y' };
  assert.deepEqual(codesOf(secret('tls', { stringData: key }), 'warning'), [
    "stringData['tls.key'] [invalid-certificate]",
  ]);
});
