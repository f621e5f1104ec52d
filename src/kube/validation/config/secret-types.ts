import { keyPairFault, type KeyPairFault } from '../../../base/key-pair.ts';
import type { CheckedObject } from '../../../manifest/checked-document.ts';
import { decodeBase64 } from '../../config/content.ts';
import type { Finding } from '../finding.ts';

type Secret = CheckedObject<'Secret'>;

/** What a Secret of a type must have (ValidateSecret in pkg/apis/core/validation): one group of keys suffices. */
const keysByType: Readonly<Record<string, readonly (readonly string[])[]>> = {
  'kubernetes.io/basic-auth': [['username'], ['password']],
  'kubernetes.io/dockercfg': [['.dockercfg']],
  'kubernetes.io/dockerconfigjson': [['.dockerconfigjson']],
  'kubernetes.io/ssh-auth': [['ssh-privatekey']],
  'kubernetes.io/tls': [['tls.crt', 'tls.key']],
};

const ACCOUNT = 'kubernetes.io/service-account.name';

/** https://kubernetes.io/docs/concepts/configuration/secret/#secret-types */
export function* checkSecretType(secret: Secret): Iterable<Finding> {
  const { type = '', metadata } = secret.value;
  if (type === 'kubernetes.io/service-account-token' && (metadata?.annotations?.[ACCOUNT] ?? '') === '')
    yield {
      code: 'missing-field',
      path: ['type'],
      message: `a Secret of type '${type}' requires the annotation '${ACCOUNT}'`,
    };
  if (secret.isPruned(['data']) || secret.isPruned(['stringData'])) return;
  const groups = keysByType[type] ?? [];
  const missing = groups.map((keys) => keys.filter((key) => !hasKey(secret, key)));
  if (missing.every((keys) => keys.length > 0)) {
    const names = groups.length === 1 ? (missing[0] ?? []) : groups.flat();
    for (const key of groups.length === 1 ? names : names.slice(0, 1))
      yield {
        code: 'missing-field',
        path: ['type'],
        message: `a Secret of type '${type}' requires the key ${(groups.length === 1 ? [key] : names).map((name) => `'${name}'`).join(' or ')}`,
      };
    return;
  }
  switch (type) {
    case 'kubernetes.io/dockercfg':
    case 'kubernetes.io/dockerconfigjson':
      yield* checkJson(secret, groups.flat()[0] ?? '');
      break;
    case 'kubernetes.io/ssh-auth':
      if (textOf(secret, 'ssh-privatekey') === '') yield emptyKey(secret, 'ssh-privatekey');
      break;
    case 'kubernetes.io/tls':
      yield* checkKeyPair(secret);
      break;
  }
}

function hasKey({ value: { data = {}, stringData = {} }, isPruned }: Secret, key: string): boolean {
  return (
    Object.hasOwn(data, key) ||
    Object.hasOwn(stringData, key) ||
    isPruned(['data', key]) ||
    isPruned(['stringData', key])
  );
}

function placeOf({ value: { stringData = {} } }: Secret, key: string): readonly string[] {
  return [Object.hasOwn(stringData, key) ? 'stringData' : 'data', key];
}

/** The value of a key as text; undefined for a missing one and for invalid base64. */
function textOf({ value: { data = {}, stringData = {} } }: Secret, key: string): string | undefined {
  const text = stringData[key];
  if (text !== undefined) return text;
  const bytes = data[key] === undefined ? undefined : decodeBase64(data[key]);
  return bytes === undefined ? undefined : new TextDecoder('utf-8', { ignoreBOM: true }).decode(bytes);
}

function emptyKey(secret: Secret, key: string): Finding {
  return {
    code: 'missing-field',
    path: placeOf(secret, key),
    at: 'key',
    message: `the value of '${key}' must not be empty`,
  };
}

/** Only the syntax: an object, or null. */
function* checkJson(secret: Secret, key: string): Iterable<Finding> {
  const text = textOf(secret, key);
  if (text === undefined || isObjectOrNull(text)) return;
  yield {
    code: 'invalid-json',
    path: placeOf(secret, key),
    at: 'key',
    message: "invalid JSON: expected the contents of a registry auth file, as written by 'podman login'",
  };
}

function isObjectOrNull(text: string): boolean {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && !Array.isArray(value);
  } catch {
    return false;
  }
}

const keyPairMessages: Readonly<Record<KeyPairFault, readonly [key: string, message: string]>> = {
  'no-certificate': [
    'tls.crt',
    "the value of 'tls.crt' is not a PEM block 'CERTIFICATE': programs cannot use it",
  ],
  'no-key': ['tls.key', "the value of 'tls.key' is not a PEM block 'PRIVATE KEY': programs cannot use it"],
  'invalid-certificate': [
    'tls.crt',
    "the certificate in 'tls.crt' cannot be read: programs cannot use it; expected X.509 with an RSA, ECDSA or Ed25519 key",
  ],
  'invalid-key': [
    'tls.key',
    "the key in 'tls.key' cannot be read: programs cannot use it; expected an RSA, ECDSA or Ed25519 key that is not encrypted",
  ],
  mismatch: [
    'tls.key',
    "the key in 'tls.key' is not that of the certificate in 'tls.crt': programs cannot use them",
  ],
};

/** warningsForSecret in pkg/registry/core/secret. */
function* checkKeyPair(secret: Secret): Iterable<Finding> {
  const [certificate, key] = [textOf(secret, 'tls.crt'), textOf(secret, 'tls.key')];
  if (certificate === undefined || key === undefined) return;
  const fault = keyPairFault(certificate, key);
  if (fault === undefined) return;
  const [name, message] = keyPairMessages[fault];
  yield { code: 'invalid-certificate', severity: 'warning', path: placeOf(secret, name), at: 'key', message };
}
