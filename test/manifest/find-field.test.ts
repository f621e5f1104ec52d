import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fieldText, findField } from '../../src/manifest/schema/find-field.ts';

function found(text: string): string {
  const field = findField(text);
  return field.ok ? `${fieldText(field.value)} ${field.value.type.holds} ${field.value.type.of}` : 'none';
}

for (const [text, expected] of [
  ['pod', 'pod one Pod'],
  ['Pod', 'pod one Pod'],
  ['pods', 'pod one Pod'],
  ['po', 'pod one Pod'],
  ['PVC.spec', 'persistentvolumeclaim.spec one PersistentVolumeClaimSpec'],
  ['configmaps.data', 'configmap.data map string'],
  ['pod.spec.containers', 'pod.spec.containers list Container'],
  ['spec.containers', 'pod.spec.containers list Container'],
  [
    'spec.containers[0].volumeMounts[12].subPathExpr',
    'pod.spec.containers.volumeMounts.subPathExpr one string',
  ],
  ["metadata.labels['app.kubernetes.io/name']", 'pod.metadata.labels map string'],
  ['pod.spec.', 'pod.spec one PodSpec'],
] as const)
  test(`found: ${text}`, () => {
    assert.equal(found(text), expected);
  });

for (const [text, message, meant] of [
  ['pod.spec.containers.imag', "unknown field 'imag' of pod.spec.containers", 'pod.spec.containers.image'],
  ['spec.restartpolicy', "unknown field 'restartpolicy' of pod.spec", 'pod.spec.restartPolicy'],
  ['secret.dta', "unknown field 'dta' of secret", 'secret.data'],
  ['pod.spec.containers.image.tag', "unknown field 'tag' of pod.spec.containers.image", 'It has no fields.'],
  ['pod.toString', "unknown field 'toString' of pod", 'podpose explain pod lists its fields.'],
  ['pod.spec.sizeLimit', "unknown field 'sizeLimit' of pod.spec", 'See pod.spec.volumes.emptyDir.sizeLimit.'],
] as const)
  test(`not found: ${text}`, () => {
    const field = findField(text);
    assert.ok(!field.ok);
    const [{ message: said, suggestion, help } = { message: '' }] = field.error;
    assert.deepEqual([said, suggestion ?? help], [message, meant]);
  });
