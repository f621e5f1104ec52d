import type { CheckedObject } from '../../../manifest/checked-document.ts';
import type { Finding } from '../finding.ts';
import { nameProblem, type NameRule } from '../names.ts';
import { decodeBase64 } from '../../config/content.ts';
import { parseMembers } from '../../convert/pull-secrets.ts';

/** IsConfigMapKey in k8s.io/apimachinery/pkg/util/validation: a key is also a file name. */
export const dataKey: NameRule = {
  pattern: /^(?!\.\.?$|\.\.)[-._a-zA-Z0-9]+$/,
  longest: 253,
  allows: "letters, digits, '-', '_' and '.', and must not be '.' or begin with '..'",
};

/** Bytes: MaxSecretSize in pkg/apis/core/types.go, and the same for a ConfigMap. */
const MAX_DATA_BYTES = 1024 * 1024;

/** https://kubernetes.io/docs/concepts/configuration/configmap/ */
export function* checkConfigMap({ value }: CheckedObject<'ConfigMap'>): Iterable<Finding> {
  const { data = {}, binaryData = {} } = value;
  yield* checkKeys(data, 'data');
  yield* checkKeys(binaryData, 'binaryData');
  for (const key of Object.keys(binaryData))
    if (Object.hasOwn(data, key))
      yield {
        code: 'duplicate-key',
        path: ['binaryData', key],
        at: 'key',
        message: `duplicate key '${key}': also in data`,
      };
  const size = sizeOf(Object.values(data), Object.values(binaryData));
  if (size > MAX_DATA_BYTES) yield tooLarge('data', size);
}

/** https://kubernetes.io/docs/concepts/configuration/secret/. Messages never contain values. */
export function* checkSecret({ value, isPruned }: CheckedObject<'Secret'>): Iterable<Finding> {
  const { data = {}, stringData = {}, type = '' } = value;
  yield* checkKeys(data, 'data');
  yield* checkKeys(stringData, 'stringData');
  const size = sizeOf(Object.values(stringData), Object.values(data));
  if (size > MAX_DATA_BYTES) yield tooLarge('data', size);
  if (isPruned(['data']) || isPruned(['stringData'])) return;
  for (const key of requiredKeys[type] ?? [])
    if (!Object.hasOwn(data, key) && !Object.hasOwn(stringData, key) && !isPruned(['data', key]))
      yield {
        code: 'missing-key',
        path: ['type'],
        message: `a Secret of type '${type}' requires the key '${key}'`,
      };
  for (const key of ['.dockerconfigjson', '.dockercfg'])
    if (requiredKeys[type]?.includes(key) === true) yield* checkJson(value, key);
}

/**
 * https://kubernetes.io/docs/concepts/configuration/secret/#secret-types; basic-auth requires only one of its
 * two keys.
 */
const requiredKeys: Readonly<Record<string, readonly string[]>> = {
  'kubernetes.io/dockercfg': ['.dockercfg'],
  'kubernetes.io/dockerconfigjson': ['.dockerconfigjson'],
  'kubernetes.io/ssh-auth': ['ssh-privatekey'],
  'kubernetes.io/tls': ['tls.crt', 'tls.key'],
};

/** validateSecret in pkg/apis/core/validation/validation.go: only the JSON syntax is checked. */
function* checkJson({ data, stringData }: CheckedObject<'Secret'>['value'], key: string): Iterable<Finding> {
  const bytes = decodeBase64(data?.[key] ?? '');
  const text = stringData?.[key] ?? (bytes === undefined ? undefined : new TextDecoder().decode(bytes));
  if (text === undefined || text === '' || parseMembers(text) !== undefined) return;
  yield {
    code: 'invalid-json',
    path: [stringData?.[key] === undefined ? 'data' : 'stringData', key],
    at: 'key',
    message: "invalid JSON: expected the contents of a registry auth file, as written by 'podman login'",
  };
}

function* checkKeys(data: object, field: string): Iterable<Finding> {
  for (const key of Object.keys(data)) {
    const message = nameProblem(dataKey, key);
    if (message !== undefined) yield { code: 'invalid-name', path: [field, key], at: 'key', message };
  }
}

function sizeOf(texts: readonly (string | undefined)[], base64: readonly (string | undefined)[]): number {
  const encoder = new TextEncoder();
  return (
    texts.reduce((sum, text) => sum + encoder.encode(text ?? '').length, 0) +
    base64.reduce((sum, text) => sum + (decodeBase64(text ?? '')?.length ?? 0), 0)
  );
}

function tooLarge(field: string, size: number): Finding {
  return {
    code: 'too-large',
    path: [field],
    at: 'key',
    message: `must have at most ${MAX_DATA_BYTES} bytes in total, got ${size}`,
  };
}
