import assert from 'node:assert/strict';
import { test } from 'node:test';
import { findings, podWithContainer, type Fields } from '../manifest.ts';

const place = 'spec.containers[0].env[0].valueFrom.fileKeyRef';

const volumes = [
  { name: 'settings', emptyDir: {} },
  { name: 'memory', emptyDir: { medium: 'Memory' } },
  { name: 'host', hostPath: { path: '/srv' } },
  { name: 'map', configMap: { name: 'map', optional: true } },
];
const volumeMounts = volumes.map(({ name }) => ({ name, mountPath: `/${name}` }));

function found(reference: Fields): readonly string[] {
  const fileKeyRef = { volumeName: 'settings', path: 'app.env', key: 'HOST', ...reference };
  return findings(
    podWithContainer({ env: [{ name: 'HOST', valueFrom: { fileKeyRef } }], volumeMounts }, { volumes }),
  );
}

const cases: readonly (readonly [Fields, readonly string[]])[] = [
  [{}, []],
  [{ volumeName: 'memory', path: 'a/b.env', key: 'db.host-1', optional: true }, []],
  [{ path: 'a..b/..c' }, []],
  [
    { volumeName: 'setings' },
    [
      `${place}.volumeName: volume 'setings' not found in spec.volumes, did you mean 'settings'? [unknown-volume]`,
    ],
  ],
  [{ volumeName: '' }, [`${place}.volumeName: must not be empty [unknown-volume]`]],
  [
    { volumeName: 'host' },
    [`${place}.volumeName: must refer to an emptyDir, but volume 'host' is a hostPath [wrong-volume]`],
  ],
  [
    { volumeName: 'map' },
    [`${place}.volumeName: must refer to an emptyDir, but volume 'map' is a configMap [wrong-volume]`],
  ],
  [{ path: '' }, [`${place}.path: must not be empty [invalid-path]`]],
  [{ path: '/app.env' }, [`${place}.path: must be a relative path, got '/app.env' [unusable-path]`]],
  [{ path: 'a/../app.env' }, [`${place}.path: must not contain '..', got 'a/../app.env' [invalid-path]`]],
  [{ path: '..app.env' }, [`${place}.path: must not begin with '..', got '..app.env' [unusable-path]`]],
  [{ key: '' }, [`${place}.key: must not be empty [invalid-name]`]],
  [
    { key: 'A=B' },
    [`${place}.key: 'A=B' may only contain printable ASCII characters other than '=' [invalid-name]`],
  ],
];

for (const [reference, expected] of cases)
  test(`a variable from a file: ${JSON.stringify(reference)}`, () => {
    assert.deepEqual(found(reference), expected);
  });

const fromFile = (name: string, reference: Fields = {}) => ({
  name,
  valueFrom: { fileKeyRef: { volumeName: 'settings', path: 'app.env', key: name, ...reference } },
});

const spec = { volumes: [{ name: 'settings', emptyDir: {} }] };
const written = { volumeMounts: [{ name: 'settings', mountPath: '/settings' }] };

test('an unmounted volume has no files', () => {
  assert.deepEqual(findings(podWithContainer({ env: [fromFile('A')] }, spec)), [
    `${place}.volumeName: no container mounts volume 'settings', so the file is never written [file-never-written]`,
  ]);
  assert.deepEqual(findings(podWithContainer({ env: [fromFile('A', { optional: true })] }, spec)), [
    "warning: spec.volumes[0]: volume 'settings' is not mounted by any container [unused-volume]",
  ]);
});

test('an init container that mounts it is enough', () => {
  const initContainers = [{ name: 'setup', image: 'busybox:1', ...written }];
  assert.deepEqual(findings(podWithContainer({ env: [fromFile('A')] }, { ...spec, initContainers })), []);
});

test('a volume without a source is an emptyDir', () => {
  const text = podWithContainer({ env: [fromFile('A')], ...written }, { volumes: [{ name: 'settings' }] });
  assert.deepEqual(findings(text), [
    'warning: spec.volumes[0]: missing source: Kubernetes uses an emptyDir [no-volume-source]',
  ]);
});

test('refused together with a secret, and in a path', () => {
  const secret = {
    apiVersion: 'v1',
    kind: 'Secret',
    metadata: { name: 'db' },
    stringData: { password: 'x' },
  };
  const env = [
    fromFile('HOST'),
    { name: 'PASSWORD', valueFrom: { secretKeyRef: { name: 'db', key: 'password' } } },
    { name: 'URL', value: '$(HOST):$(PASSWORD)' },
    { name: 'TWO', value: '$(HOST)$(HOST)' },
  ];
  const mount = { name: 'settings', mountPath: '/settings', subPathExpr: '$(HOST)' };
  assert.deepEqual(
    findings(podWithContainer({ env, command: ['$(TWO)'], ...written }, spec), JSON.stringify(secret)),
    [
      'spec.containers[0].env[2].value: not supported: a value from a file and a secret in the same value [not-supported]',
    ],
  );
  assert.deepEqual(findings(podWithContainer({ env: [fromFile('HOST')], volumeMounts: [mount] }, spec)), [
    'spec.containers[0].volumeMounts[0].subPathExpr: not supported: a value from a file in a path: it is known only at run time [not-supported]',
  ]);
});

test('the fallback of an optional variable must be a plain value', () => {
  const optional = fromFile('A', { optional: true });
  const duplicate =
    "warning: spec.containers[0].env[1].name: 'A' replaces the value from spec.containers[0].env[0] [duplicate-env]";
  assert.deepEqual(
    findings(podWithContainer({ env: [{ name: 'A', value: 'x' }, optional], ...written }, spec)),
    [duplicate],
  );
  assert.deepEqual(findings(podWithContainer({ env: [optional, optional], ...written }, spec)), [
    "spec.containers[0].env[1]: not supported: earlier 'A' with a value from a file as fallback for a missing optional value [not-supported]",
    duplicate,
  ]);
});
