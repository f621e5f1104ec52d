import { defined } from '../../../base/defined.ts';
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

/** The sources of variables: each exists and is of a type that Kubernetes supports. */
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
          message: "'value' and 'valueFrom' are mutually exclusive",
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
      message: "may only contain printable ASCII characters other than '='",
    };
  if (configMapRef !== undefined && secretRef !== undefined)
    yield {
      code: 'several-values',
      path: [...path, 'secretRef'],
      at: 'key',
      message: "'configMapRef' and 'secretRef' are mutually exclusive: use two items",
    };
  if (configMapRef !== undefined)
    yield* checkData('ConfigMap', configMapRef, [...path, 'configMapRef'], objects);
  else if (secretRef !== undefined) yield* checkData('Secret', secretRef, [...path, 'secretRef'], objects);
  else if (pod.complete !== undefined)
    yield { code: 'missing-field', path, message: "needs a 'configMapRef' or a 'secretRef'" };
}

/** The referenced data exists and is usable as a variable. */
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
    yield {
      code: 'missing-field',
      path,
      at: 'key',
      message: "needs a source, such as 'configMapKeyRef' or 'secretKeyRef'",
    };
  if (second !== undefined)
    yield {
      code: 'several-values',
      path: [...path, second],
      at: 'key',
      message: `the value already has the source '${first ?? ''}': only one source is allowed`,
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
    message: `unsupported field '${fieldPath}'`,
    ...(suggestion === undefined
      ? { help: `Supported: ${known.join(', ')}, metadata.labels['KEY'] and metadata.annotations['KEY'].` }
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
      message: `container '${containerName}' not found in the pod`,
      ...defined({ suggestion }),
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
      message: `unsupported resource '${resource}'`,
      ...(suggestion === undefined ? { help: `Supported: ${known.join(', ')}.` } : { suggestion }),
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
      message: `invalid divisor '${divisor ?? ''}' for ${resource}: use ${divisors.join(', ')}`,
    };
}
