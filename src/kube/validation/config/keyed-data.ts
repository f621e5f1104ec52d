import type { CheckedObject } from '../../../manifest/checked-document.ts';
import type { Finding } from '../finding.ts';
import { nameProblem, type NameRule } from '../names.ts';
import { decodeBase64 } from '../../config/content.ts';
import { checkSecretType } from './secret-types.ts';

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
export function* checkSecret(secret: CheckedObject<'Secret'>): Iterable<Finding> {
  const { data = {}, stringData = {} } = secret.value;
  yield* checkKeys(data, 'data');
  yield* checkKeys(stringData, 'stringData');
  const size = sizeOf(
    Object.values(stringData),
    Object.entries(data).flatMap(([key, base64]) => (Object.hasOwn(stringData, key) ? [] : [base64])),
  );
  if (size > MAX_DATA_BYTES) yield tooLarge('data', size);
  yield* checkSecretType(secret);
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
