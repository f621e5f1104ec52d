import type { FieldPath } from '../../../base/path.ts';
import { suggest } from '../../../base/suggest.ts';
import type { Incomplete } from '../../../manifest/checked-document.ts';
import type {
  EnvFromSource,
  EnvVarSource,
  ResourceFieldSelector,
} from '../../../manifest/schema/generated/kubernetes.ts';
import { ENV_FIELDS, RESOURCE_DIVISORS, subscript } from '../../convert/downward.ts';
import type { Finding } from '../finding.ts';
import { labelKeyProblem } from '../names.ts';
import type { ObjectSet } from '../../config/object-set.ts';
import { containersOf, type PodObject } from '../../spec/pod-object.ts';
import { compareQuantities, parseQuantity } from '../../spec/quantity.ts';
import { checkDataReference, type DataReference } from './references.ts';
import { checkVariableValues, checkWrittenValue } from './variable-values.ts';

/** Where variables come from: every source is there, and is one that Kubernetes knows. */
export function* checkEnvReferences(pod: PodObject, objects: ObjectSet): Iterable<Finding> {
  const names = containersOf(pod).map(({ value }) => value.name ?? '');
  for (const { path, value } of containersOf(pod)) {
    for (const [index, source] of (value.envFrom ?? []).entries())
      yield* checkEnvFrom(source, [...path, 'envFrom', index], pod, objects);
    for (const [index, { value: text = '', valueFrom }] of (value.env ?? []).entries()) {
      yield* checkWrittenValue(text, [...path, 'env', index, 'value']);
      if (valueFrom === undefined) continue;
      const place = [...path, 'env', index, 'valueFrom'];
      if (text !== '')
        yield {
          code: 'several-values',
          path: place,
          at: 'key',
          message: "a variable with a 'value' can not have a 'valueFrom', too",
        };
      yield* checkValueFrom(valueFrom, place, pod, objects, names);
    }
  }
}

function* checkEnvFrom(
  { prefix, configMapRef, secretRef }: Incomplete<EnvFromSource>,
  path: FieldPath,
  pod: PodObject,
  objects: ObjectSet,
): Iterable<Finding> {
  if (prefix !== undefined && /[^ -<>-~]/.test(prefix))
    yield {
      code: 'invalid-name',
      path: [...path, 'prefix'],
      message: "may have only printable ASCII characters other than '='",
    };
  if (configMapRef !== undefined && secretRef !== undefined)
    yield {
      code: 'several-values',
      path: [...path, 'secretRef'],
      at: 'key',
      message: "takes either a 'configMapRef' or a 'secretRef': write two items for both",
    };
  if (configMapRef !== undefined)
    yield* checkData('ConfigMap', configMapRef, [...path, 'configMapRef'], objects);
  else if (secretRef !== undefined) yield* checkData('Secret', secretRef, [...path, 'secretRef'], objects);
  else if (pod.complete !== undefined)
    yield { code: 'missing-field', path, message: "must have a 'configMapRef' or a 'secretRef'" };
}

/** What is referred to is there, and can be a variable. */
function* checkData(
  kind: 'ConfigMap' | 'Secret',
  reference: DataReference,
  path: FieldPath,
  objects: ObjectSet,
): Iterable<Finding> {
  yield* checkDataReference(kind, reference, path, objects);
  yield* checkVariableValues(kind, reference, path, objects);
}

function* checkValueFrom(
  source: Incomplete<EnvVarSource>,
  path: FieldPath,
  pod: PodObject,
  objects: ObjectSet,
  containers: readonly string[],
): Iterable<Finding> {
  const { configMapKeyRef, secretKeyRef, fieldRef, resourceFieldRef } = source;
  const [first, second] = Object.keys(source);
  if (first === undefined && pod.complete !== undefined)
    yield { code: 'missing-field', path, at: 'key', message: 'must say where the value comes from' };
  if (second !== undefined)
    yield {
      code: 'several-values',
      path: [...path, second],
      at: 'key',
      message: `the value is that of '${first ?? ''}' already, and can come from one place only`,
    };
  if (configMapKeyRef !== undefined)
    yield* checkData('ConfigMap', configMapKeyRef, [...path, 'configMapKeyRef'], objects);
  if (secretKeyRef !== undefined)
    yield* checkData('Secret', secretKeyRef, [...path, 'secretKeyRef'], objects);
  if (fieldRef?.fieldPath !== undefined)
    yield* checkFieldPath(fieldRef.fieldPath, ENV_FIELDS, [...path, 'fieldRef', 'fieldPath']);
  if (resourceFieldRef !== undefined)
    yield* checkResourceField(resourceFieldRef, [...path, 'resourceFieldRef'], containers);
}

/** validateObjectFieldSelector in pkg/apis/core/validation/validation.go */
export function* checkFieldPath(
  fieldPath: string,
  known: readonly string[],
  path: FieldPath,
): Iterable<Finding> {
  const entry = subscript(fieldPath);
  const keyProblem = entry === undefined ? undefined : labelKeyProblem(entry.key.toLowerCase());
  if (keyProblem !== undefined) yield { code: 'invalid-label', path, message: keyProblem };
  if (entry !== undefined || known.includes(fieldPath)) return;
  const suggestion = suggest(fieldPath, known);
  yield {
    code: 'unknown-field-path',
    path,
    message: `'${fieldPath}' is no field that a value can be made of`,
    ...(suggestion === undefined
      ? { help: `It takes ${known.join(', ')}, metadata.labels['KEY'] and metadata.annotations['KEY'].` }
      : { suggestion }),
  };
}

/** validateContainerResourceFieldSelector in pkg/apis/core/validation/validation.go */
export function* checkResourceField(
  { resource, divisor, containerName = '' }: Incomplete<ResourceFieldSelector>,
  path: FieldPath,
  containers: readonly string[],
): Iterable<Finding> {
  if (containerName !== '' && !containers.includes(containerName)) {
    const suggestion = suggest(containerName, containers);
    yield {
      code: 'unknown-container',
      path: [...path, 'containerName'],
      message: `the pod has no container '${containerName}'`,
      ...(suggestion === undefined ? {} : { suggestion }),
    };
  }
  if (resource === undefined) return;
  const divisors = RESOURCE_DIVISORS[resource];
  if (divisors === undefined) {
    const known = Object.keys(RESOURCE_DIVISORS);
    const suggestion = suggest(resource, known);
    yield {
      code: 'unknown-field-path',
      path: [...path, 'resource'],
      message: `'${resource}' is no amount that a value can be made of`,
      ...(suggestion === undefined ? { help: `It takes ${known.join(', ')}.` } : { suggestion }),
    };
    return;
  }
  const by = divisor === undefined ? undefined : parseQuantity(divisor);
  if (by === undefined || by.nanos === 0n) return;
  const isKnown = divisors.some((text) => {
    const known = parseQuantity(text);
    return known !== undefined && compareQuantities(known, by) === 0;
  });
  if (!isKnown)
    yield {
      code: 'wrong-value',
      path: [...path, 'divisor'],
      message: `'${divisor ?? ''}' does not divide ${resource} (${divisors.join(', ')})`,
    };
}
