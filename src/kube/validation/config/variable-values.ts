import type { DiagnosticCode } from '../../../base/diagnostic-code.ts';
import type { FieldPath } from '../../../base/path.ts';
import type { Finding } from '../finding.ts';
import type { KeyedData, UnusableReason } from '../../config/keyed-data.ts';
import type { ObjectSet } from '../../config/object-set.ts';
import type { DataReference } from './references.ts';

/**
 * Values unusable as a variable: a cluster accepts the manifest, but the container never starts. Messages
 * never contain values.
 * @param path the reference, ending in `configMapKeyRef`, `secretKeyRef`, `configMapRef` or `secretRef`
 */
export function* checkVariableValues(
  kind: 'ConfigMap' | 'Secret',
  { name = '', key, optional = false }: DataReference,
  path: FieldPath,
  objects: ObjectSet,
): Iterable<Finding> {
  const data = (kind === 'ConfigMap' ? objects.configMaps : objects.secrets).get(name);
  if (data === undefined) return;
  if (key === undefined) {
    // All keys except those in binaryData, as on a cluster.
    for (const [each, why] of data.unusable)
      if (why !== 'binary-data') yield unusableValue(data, each, why, [...path, 'name']);
    return;
  }
  const why = data.unusable.get(key);
  if (why === undefined || (why === 'binary-data' && optional)) return;
  yield unusableValue(data, key, why, [...path, 'key']);
}

function unusableValue(
  { kind, name, object }: KeyedData,
  key: string,
  why: UnusableReason,
  path: FieldPath,
): Finding {
  const { file, line } = object.locate(['metadata', 'name']);
  return {
    code: CODES[why],
    path,
    message: `key '${key}' of ${kind} '${name}' (${file}:${line}) ${WORDS[why]}`,
    help: `Mount the ${kind} as a volume and read it from a file, or replace the value with text.`,
  };
}

/** A variable with a literal value. */
export function* checkWrittenValue(value: string, path: FieldPath): Iterable<Finding> {
  if (value.includes('\0'))
    yield {
      code: CODES.nul,
      path,
      message: 'contains a NUL byte, which is invalid in an environment variable',
    };
}

const CODES: Readonly<Record<UnusableReason, DiagnosticCode>> = {
  nul: 'nul-in-variable',
  'not-utf8': 'variable-not-utf8',
  'binary-data': 'binary-variable',
};

const WORDS: Readonly<Record<UnusableReason, string>> = {
  nul: 'contains a NUL byte, which is invalid in an environment variable',
  'not-utf8': 'is not valid UTF-8, as required for an environment variable',
  'binary-data': 'is in binaryData, which Kubernetes uses only for files, not for environment variables',
};
