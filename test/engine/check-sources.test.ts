import assert from 'node:assert/strict';
import { test } from 'node:test';
import { checkSources, type LoadSettings } from '../../src/engine/check-sources.ts';
import { testPlatform } from '../support/platform.ts';

const POD = `---
apiVersion: v1
kind: Pod
metadata: {name: web}
spec:
  hostNetwork: true
  containers: [{name: app, image: 'nginx:1.27'}]
`;

function severities(text: string, settings: LoadSettings): readonly string[] {
  const { diagnostics } = checkSources(testPlatform({}), [{ file: 'pod.yaml', text }], settings);
  return diagnostics
    .filter(({ code }) => code !== 'ignored-kind')
    .map(({ code, severity }) => `${severity} ${code}`);
}

void test('a mistake in an object of an ignored kind stops no pod', () => {
  for (const [object, code] of [
    [
      'apiVersion: policy/v1\nkind: PodDisruptionBudget\nmetadata: {name: web}\nspec: {minAvailable: 1, maxUnavailable: 1}\n',
      'several-values',
    ],
    [
      'apiVersion: policy/v1\nkind: PodDisruptionBudget\nmetadata: {name: web}\nspec: {selectr: {}}\n',
      'unknown-field',
    ],
    [
      'apiVersion: networking/v1\nkind: NetworkPolicy\nmetadata: {name: web}\nspec: {podSelector: {}}\n',
      'wrong-api-version',
    ],
  ] as const) {
    assert.deepEqual(severities(object + POD, { judged: 'run' }), [`warning ${code}`]);
    for (const target of ['local', 'kubernetes'] as const)
      assert.deepEqual(severities(object + POD, { target }), [`error ${code}`]);
  }
});

/** With a pod that mounts the claim. */
function claim(spec: string): string {
  const object = `apiVersion: v1\nkind: PersistentVolumeClaim\nmetadata: {name: data}\nspec: ${spec}\n`;
  const mounted = POD.replace('1.27', "1.27', volumeMounts: [{name: v, mountPath: /v}], workingDir: '/v");
  return `${object}${mounted}  volumes: [{name: v, persistentVolumeClaim: {claimName: data}}]\n`;
}

void test('a claim without a size or access modes has a volume: neither is used', () => {
  for (const [spec, amount] of [
    ['{accessModes: [ReadWriteOnce]}', 1],
    ['{accessModes: [], resources: {requests: {storage: 1Gi}}}', 1],
    ['{}', 2],
    ['', 1],
  ] as const) {
    const expected = (severity: string) => Array.from({ length: amount }, () => `${severity} missing-field`);
    assert.deepEqual(severities(claim(spec), { judged: 'run' }), expected('warning'));
    for (const target of ['local', 'kubernetes'] as const)
      assert.deepEqual(severities(claim(spec), { target }), expected('error'));
    const sources = [{ file: 'pod.yaml', text: claim(spec) }];
    const { pods, isSound } = checkSources(testPlatform({}), sources, { judged: 'run' });
    assert.ok(isSound && pods.length === 1);
  }
});

void test('a mistake in an object or field that podpose uses or refuses is an error', () => {
  const size = '{accessModes: [ReadWriteOnce], resources: {requests: {storage: 1gb}}}';
  for (const [spec, code] of [
    [size, 'invalid-quantity'],
    [
      '{accessModes: [ReadWriteOncePod, ReadWriteOnce], resources: {requests: {storage: 1Gi}}}',
      'wrong-value',
    ],
    [size.replace('1gb}}', '1Gi}}, volumeMode: Block'), 'not-supported'],
  ] as const)
    assert.deepEqual(severities(claim(spec), { judged: 'run' }), [`error ${code}`]);
  const ephemeral = `${POD}  volumes: [{name: v, ephemeral: {volumeClaimTemplate: {spec: {accessModes: [ReadWriteOnce]}}}}]\n`;
  assert.ok(severities(ephemeral, { judged: 'run' }).includes('error missing-field'));
  const job =
    'apiVersion: v1\nkind: Job\nmetadata: {name: job}\nspec: {template: {spec: {restartPolicy: Never, containers: [{name: a, image: b}]}}}\n---\n';
  assert.ok(severities(job + POD, { judged: 'run' }).includes('error wrong-api-version'));
});
