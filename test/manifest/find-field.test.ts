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
  ['pod.spec.containers.imag', "pod.spec.containers has no field 'imag'", 'pod.spec.containers.image'],
  ['spec.restartpolicy', "pod.spec has no field 'restartpolicy'", 'pod.spec.restartPolicy'],
  ['secret.dta', "secret has no field 'dta'", 'secret.data'],
  ['pod.spec.containers.image.tag', "pod.spec.containers.image has no field 'tag'", 'It has no fields.'],
  ['pod.toString', "pod has no field 'toString'", 'podpose explain pod lists its fields.'],
  [
    'pod.spec.sizeLimit',
    "pod.spec has no field 'sizeLimit'",
    'There is pod.spec.volumes.emptyDir.sizeLimit.',
  ],
] as const)
  test(`not found: ${text}`, () => {
    const field = findField(text);
    assert.ok(!field.ok);
    const [{ message: said, suggestion, help } = { message: '' }] = field.error;
    assert.deepEqual([said, suggestion ?? help], [message, meant]);
  });
