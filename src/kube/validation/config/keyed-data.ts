import type { CheckedObject } from '../../../manifest/checked-document.ts';
import type { Finding } from '../finding.ts';
import { nameProblem, type NameRule } from '../names.ts';
import { decodeBase64 } from '../../config/content.ts';
import { parseMembers } from '../../convert/pull-secrets.ts';

/** IsConfigMapKey in k8s.io/apimachinery/pkg/util/validation: a key is the name of a file, too. */
const dataKey: NameRule = {
  pattern: /^(?!\.\.?$|\.\.)[-._a-zA-Z0-9]+$/,
  longest: 253,
  allows: "letters, digits, '-', '_' and '.', and cannot be or begin with '..', nor be '.'",
};

/** Bytes: MaxSecretSize in pkg/apis/core/types.go, and the same for a ConfigMap. */
const LARGEST_DATA = 1024 * 1024;

/** https://kubernetes.io/docs/concepts/configuration/configmap/ */
export function* checkConfigMap({ value }: CheckedObject<'ConfigMap'>): Iterable<Finding> {
  const { data = {}, binaryData = {} } = value;
  yield* checkKeys(data, 'data');
  yield* checkKeys(binaryData, 'binaryData');
  yield* checkBase64(binaryData, 'binaryData');
  for (const key of Object.keys(binaryData))
    if (Object.hasOwn(data, key))
      yield {
        code: 'duplicate-key',
        path: ['binaryData', key],
        at: 'key',
        message: `the key '${key}' is under data already`,
      };
  const size = sizeOf(Object.values(data), Object.values(binaryData));
  if (size > LARGEST_DATA) yield tooLarge('data', size);
}

/** https://kubernetes.io/docs/concepts/configuration/secret/. No message may hold a value. */
export function* checkSecret({ value, isPruned }: CheckedObject<'Secret'>): Iterable<Finding> {
  const { data = {}, stringData = {}, type = '' } = value;
  yield* checkKeys(data, 'data');
  yield* checkKeys(stringData, 'stringData');
  yield* checkBase64(data, 'data');
  const size = sizeOf(Object.values(stringData), Object.values(data));
  if (size > LARGEST_DATA) yield tooLarge('data', size);
  if (isPruned(['data']) || isPruned(['stringData'])) return;
  for (const key of requiredKeys[type] ?? [])
    if (!Object.hasOwn(data, key) && !Object.hasOwn(stringData, key) && !isPruned(['data', key]))
      yield {
        code: 'missing-key',
        path: ['type'],
        message: `a Secret of type '${type}' must have the key '${key}'`,
      };
  for (const key of ['.dockerconfigjson', '.dockercfg'])
    if (requiredKeys[type]?.includes(key) === true) yield* checkJson(value, key);
}

/** https://kubernetes.io/docs/concepts/configuration/secret/#secret-types; of basic-auth one of two is enough. */
const requiredKeys: Readonly<Record<string, readonly string[]>> = {
  'kubernetes.io/dockercfg': ['.dockercfg'],
  'kubernetes.io/dockerconfigjson': ['.dockerconfigjson'],
  'kubernetes.io/ssh-auth': ['ssh-privatekey'],
  'kubernetes.io/tls': ['tls.crt', 'tls.key'],
};

/** validateSecret in pkg/apis/core/validation/validation.go: it has to be JSON, and no more is asked. */
function* checkJson({ data, stringData }: CheckedObject<'Secret'>['value'], key: string): Iterable<Finding> {
  const bytes = decodeBase64(data?.[key] ?? '');
  const text = stringData?.[key] ?? (bytes === undefined ? undefined : new TextDecoder().decode(bytes));
  if (text === undefined || text === '' || parseMembers(text) !== undefined) return;
  yield {
    code: 'invalid-json',
    path: [stringData?.[key] === undefined ? 'data' : 'stringData', key],
    at: 'key',
    message: 'must be JSON, as in the file that `podman login` writes, and is not',
  };
}

function* checkKeys(data: object, field: string): Iterable<Finding> {
  for (const key of Object.keys(data)) {
    const message = nameProblem(dataKey, key);
    if (message !== undefined) yield { code: 'invalid-name', path: [field, key], at: 'key', message };
  }
}

function* checkBase64(data: Readonly<Record<string, string | undefined>>, field: string): Iterable<Finding> {
  for (const [key, text = ''] of Object.entries(data))
    if (decodeBase64(text) === undefined)
      yield {
        code: 'invalid-base64',
        path: [field, key],
        at: 'key',
        message: 'must be base64, and is not',
        help:
          field === 'binaryData'
            ? 'Put a text under data, and bytes here by what `base64 -w0 FILE` prints.'
            : "Put a plain text under stringData instead, or what `printf %s 'TEXT' | base64 -w0` prints here.",
      };
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
    message: `must have at most ${LARGEST_DATA} bytes together, got ${size}`,
  };
}
