import type { FieldPath } from '../../../base/path.ts';
import type { Incomplete } from '../../../manifest/checked-document.ts';
import type { EnvFromSource, EnvVarSource } from '../../../manifest/schema/generated/kubernetes.ts';
import { ENV_FIELDS } from '../../convert/downward.ts';
import { containersOf, type PodObject } from '../../spec/pod-object.ts';
import type { Finding } from '../finding.ts';
import { checkName, dnsSubdomain, envName, nameProblem } from '../names.ts';
import { checkOneOf } from '../one-of.ts';
import { checkFieldRef, checkResourceRef } from './downward-references.ts';
import { dataKey } from './keyed-data.ts';
import type { DataReference } from './references.ts';

const KEYS = ['configMapKeyRef', 'secretKeyRef'] as const;
const SOURCES = [...KEYS, 'fieldRef', 'resourceFieldRef', 'fileKeyRef'] as const;
const OBJECTS = ['configMapRef', 'secretRef'] as const;

/**
 * The sources of variables (ValidateEnv and ValidateEnvFrom in pkg/apis/core/validation): also optional data has a
 * valid name and key.
 */
export function* checkEnvSources(pod: PodObject): Iterable<Finding> {
  const names = containersOf(pod).map(({ value }) => value.name ?? '');
  for (const { path, value } of containersOf(pod)) {
    for (const [index, source] of (value.envFrom ?? []).entries())
      yield* checkEnvFrom(source, [...path, 'envFrom', index], pod);
    for (const [index, { value: text = '', valueFrom }] of (value.env ?? []).entries()) {
      if (valueFrom === undefined) continue;
      const place = [...path, 'env', index, 'valueFrom'];
      if (text !== '')
        yield {
          code: 'several-values',
          path: place,
          at: 'key',
          message: "'value' and 'valueFrom' are mutually exclusive",
        };
      yield* checkValueFrom(valueFrom, place, pod, names);
    }
  }
}

function* checkEnvFrom(
  source: Incomplete<EnvFromSource>,
  path: FieldPath,
  pod: PodObject,
): Iterable<Finding> {
  const { prefix = '' } = source;
  const message = prefix === '' ? undefined : nameProblem(envName, prefix);
  if (message !== undefined) yield { code: 'invalid-name', path: [...path, 'prefix'], message };
  yield* checkOneOf(source, OBJECTS, path, pod);
  for (const field of OBJECTS) {
    const reference = source[field];
    if (reference !== undefined) yield* checkObjectName(reference, field, [...path, field], pod);
  }
}

function* checkValueFrom(
  source: Incomplete<EnvVarSource>,
  path: FieldPath,
  pod: PodObject,
  containers: readonly string[],
): Iterable<Finding> {
  const { fieldRef, resourceFieldRef } = source;
  yield* checkOneOf(source, SOURCES, path, pod);
  for (const field of KEYS) {
    const reference = source[field];
    if (reference === undefined) continue;
    yield* checkObjectName(reference, field, [...path, field], pod);
    const message = reference.key === undefined ? undefined : nameProblem(dataKey, reference.key);
    if (message !== undefined) yield { code: 'invalid-name', path: [...path, field, 'key'], message };
  }
  if (fieldRef !== undefined) yield* checkFieldRef(fieldRef, ENV_FIELDS, [...path, 'fieldRef']);
  if (resourceFieldRef !== undefined)
    yield* checkResourceRef(resourceFieldRef, [...path, 'resourceFieldRef'], containers);
}

/** The name of a ConfigMap or Secret; a whole object may be named by a prefix, which ends with '-' (NameIsDNSSubdomain). */
function* checkObjectName(
  { name = '' }: DataReference,
  field: (typeof OBJECTS | typeof KEYS)[number],
  path: FieldPath,
  { isPruned }: PodObject,
): Iterable<Finding> {
  const isPrefix = field === 'configMapRef' || field === 'secretRef';
  const whole = isPrefix && name.length > 1 && name.endsWith('-') ? `${name.slice(0, -2)}a` : name;
  if (isPruned([...path, 'name'])) return;
  if (name === '') {
    const kind = field.startsWith('secret') ? 'Secret' : 'ConfigMap';
    yield { code: 'missing-field', path, at: 'key', message: `missing 'name' of the ${kind}` };
  } else if (nameProblem(dnsSubdomain, whole) !== undefined)
    yield* checkName(dnsSubdomain, name, [...path, 'name']);
}
