import type { FieldPath } from '../../../base/path.ts';
import type { EnvFromSource, EnvVarSource } from '../../../manifest/schema/generated/kubernetes.ts';
import type { Incomplete } from '../../../manifest/checked-document.ts';
import type { Finding } from '../finding.ts';
import type { ObjectSet } from '../../config/object-set.ts';
import { containersOf, type PodObject } from '../../spec/pod-object.ts';
import { checkDataReference, type DataReference } from './references.ts';
import { checkVariableValues, checkWrittenValue } from './variable-values.ts';

/** The sources of variables: each exists and is usable as a variable. `checkEnvSources` checks their form. */
export function* checkEnvReferences(pod: PodObject, objects: ObjectSet): Iterable<Finding> {
  for (const { path, value } of containersOf(pod)) {
    for (const [index, source] of (value.envFrom ?? []).entries())
      yield* checkObjects(source, [...path, 'envFrom', index], objects);
    for (const [index, { value: text = '', valueFrom }] of (value.env ?? []).entries()) {
      yield* checkWrittenValue(text, [...path, 'env', index, 'value']);
      if (valueFrom !== undefined) yield* checkKeys(valueFrom, [...path, 'env', index, 'valueFrom'], objects);
    }
  }
}

function* checkObjects(
  { configMapRef, secretRef }: Incomplete<EnvFromSource>,
  path: FieldPath,
  objects: ObjectSet,
): Iterable<Finding> {
  yield* checkData('ConfigMap', configMapRef, [...path, 'configMapRef'], objects);
  yield* checkData('Secret', secretRef, [...path, 'secretRef'], objects);
}

function* checkKeys(
  { configMapKeyRef, secretKeyRef }: Incomplete<EnvVarSource>,
  path: FieldPath,
  objects: ObjectSet,
): Iterable<Finding> {
  yield* checkData('ConfigMap', configMapKeyRef, [...path, 'configMapKeyRef'], objects);
  yield* checkData('Secret', secretKeyRef, [...path, 'secretKeyRef'], objects);
}

/** Without a name there is nothing to find. */
function* checkData(
  kind: 'ConfigMap' | 'Secret',
  reference: DataReference | undefined,
  path: FieldPath,
  objects: ObjectSet,
): Iterable<Finding> {
  if (reference === undefined || (reference.name ?? '') === '') return;
  yield* checkDataReference(kind, reference, path, objects);
  yield* checkVariableValues(kind, reference, path, objects);
}
