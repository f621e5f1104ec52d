import assert from 'node:assert/strict';
import { test } from 'node:test';
import { desired, findings, mean, podWithContainer, show, type Fields } from '../manifest.ts';

const bytes = (text: string) => Buffer.from(text, 'latin1').toString('base64');

function keyed(kind: 'ConfigMap' | 'Secret', fields: Fields): string {
  return JSON.stringify({ apiVersion: 'v1', kind, metadata: { name: 'it' }, ...fields });
}

const fromKey = (kind: 'configMap' | 'secret', key: string, optional = false) =>
  podWithContainer({ env: [{ name: 'A', valueFrom: { [`${kind}KeyRef`]: { name: 'it', key, optional } } }] });

const BAD = {
  nul: [
    'hunter2\0XYZ',
    'contains a NUL byte, which is invalid in an environment variable',
    'nul-in-variable',
  ],
  latin: [
    'hunter\xE4\xF6',
    'is not valid UTF-8, as required for an environment variable',
    'variable-not-utf8',
  ],
} as const;

for (const [key, [value, why, code]] of Object.entries(BAD)) {
  const secret = keyed('Secret', { data: { [key]: bytes(value) } });
  const at = (path: string) => [
    `spec.containers[0].${path}: key '${key}' of Secret 'it' (demo/1.yaml:1) ${why} [${code}]`,
  ];

  test(`a variable from a Secret: ${why}`, () => {
    for (const optional of [false, true]) {
      const { diagnostics } = mean(secret, fromKey('secret', key, optional));
      assert.deepEqual(diagnostics.map(show), at('env[0].valueFrom.secretKeyRef.key'));
      assert.doesNotMatch(JSON.stringify(diagnostics), /hunter/);
      assert.equal(diagnostics[0]?.location?.file, 'demo/2.yaml');
    }
  });

  test(`all variables from a Secret: ${why}`, () => {
    assert.deepEqual(
      findings(secret, podWithContainer({ envFrom: [{ secretRef: { name: 'it' } }] })),
      at('envFrom[0].secretRef.name'),
    );
  });

  test(`a file from a Secret has every byte: ${why}`, () => {
    const volumes = [{ name: 'v', secret: { secretName: 'it' } }];
    const volumeMounts = [{ name: 'v', mountPath: '/v' }];
    assert.deepEqual(findings(secret, podWithContainer({ volumeMounts }, { volumes })), []);
  });
}

test('of two values of a key, the effective one is checked', () => {
  const secret = keyed('Secret', { data: { a: bytes('\0') }, stringData: { a: 'fine' } });
  assert.deepEqual(findings(secret, fromKey('secret', 'a')), []);
});

test('a trailing line break changes the value', () => {
  const secretOf = (value: string) => {
    const { pods } = mean(keyed('Secret', { data: { a: bytes(value) } }), fromKey('secret', 'a'));
    return pods[0]?.pod.containers[0]?.env;
  };
  assert.notDeepEqual(secretOf('abc'), secretOf('abc\n'));
});

test('variables from a ConfigMap: a NUL byte, and binaryData', () => {
  const config = keyed('ConfigMap', {
    data: { nul: 'a\0b', fine: 'x' },
    binaryData: { text: bytes('text') },
  });
  assert.deepEqual(findings(config, fromKey('configMap', 'nul')), [
    "spec.containers[0].env[0].valueFrom.configMapKeyRef.key: key 'nul' of ConfigMap 'it' (demo/1.yaml:1) contains a NUL byte, which is invalid in an environment variable [nul-in-variable]",
  ]);
  assert.deepEqual(findings(config, fromKey('configMap', 'text')), [
    "spec.containers[0].env[0].valueFrom.configMapKeyRef.key: key 'text' of ConfigMap 'it' (demo/1.yaml:1) is in binaryData, which Kubernetes uses only for files, not for environment variables [binary-variable]",
  ]);
  assert.deepEqual(findings(config, fromKey('configMap', 'text', true)), []);
});

test('all variables from a ConfigMap are those under data', () => {
  const config = keyed('ConfigMap', { data: { a: 'x' }, binaryData: { b: bytes('text') } });
  const { pods, diagnostics } = mean(
    config,
    podWithContainer({ envFrom: [{ configMapRef: { name: 'it' } }] }),
  );
  assert.deepEqual(diagnostics, []);
  assert.deepEqual(pods[0]?.pod.containers[0]?.env, [{ name: 'a', value: 'x' }]);
});

test('a NUL byte in a value that is written out', () => {
  assert.deepEqual(findings(podWithContainer({ env: [{ name: 'A', value: 'a\0b' }] })), [
    'spec.containers[0].env[0].value: contains a NUL byte, which is invalid in an environment variable [nul-in-variable]',
  ]);
  assert.equal(desired(podWithContainer({ env: [{ name: 'A', value: 'ä' }] })).containers.length, 1);
});
