import type { CheckedObject } from '../../manifest/checked-document.ts';
import type { SecretKeeper } from '../secret-keeper.ts';
import { decodeBase64, encodeBase64, type Content } from './content.ts';

/** A ConfigMap or a Secret: keys with what they hold, sorted by key. */
export interface KeyedData {
  readonly kind: 'ConfigMap' | 'Secret';
  readonly name: string;
  readonly values: ReadonlyMap<string, Content>;
  /** The type of a Secret, such as `kubernetes.io/tls`; `Opaque` where it names none. */
  readonly secretType?: string;
  /** The object as it was read; what is wrong with it may be just the key that is looked for. */
  readonly object: CheckedObject<'ConfigMap'> | CheckedObject<'Secret'>;
}

/** https://kubernetes.io/docs/concepts/configuration/configmap/#configmap-object */
export function configMapData(object: CheckedObject<'ConfigMap'>): KeyedData {
  const { metadata, data = {}, binaryData = {} } = object.value;
  const texts = Object.entries(data).map(([key, text = '']): Entry => [key, { type: 'text', text }]);
  const bytes = Object.entries(binaryData).flatMap(([key, base64 = '']): readonly Entry[] => {
    const decoded = decodeBase64(base64);
    return decoded === undefined ? [] : [[key, contentOf(decoded)]];
  });
  return { kind: 'ConfigMap', name: metadata?.name ?? '', values: sorted([...texts, ...bytes]), object };
}

/** `stringData` counts more than `data`. https://kubernetes.io/docs/concepts/configuration/secret/#restriction-names-data */
export function secretData(object: CheckedObject<'Secret'>, keeper: SecretKeeper): KeyedData {
  const { metadata, data = {}, stringData = {}, type } = object.value;
  const name = metadata?.name ?? '';
  const secret = (key: string, value: Uint8Array): Entry => [
    key,
    { type: 'secret', fingerprint: keeper.keep(value), from: `key '${key}' of Secret '${name}'` },
  ];
  const bytes = Object.entries(data).flatMap(([key, base64 = '']): readonly Entry[] => {
    const decoded = decodeBase64(base64);
    return decoded === undefined ? [] : [secret(key, decoded)];
  });
  const texts = Object.entries(stringData).map(([key, text = '']) =>
    secret(key, new TextEncoder().encode(text)),
  );
  return {
    kind: 'Secret',
    name,
    values: sorted([...bytes, ...texts]),
    secretType: type === undefined || type === '' ? 'Opaque' : type,
    object,
  };
}

type Entry = readonly [string, Content];

function sorted(entries: readonly Entry[]): ReadonlyMap<string, Content> {
  return new Map([...new Map(entries)].sort(([a], [b]) => (a < b ? -1 : 1)));
}

/** Bytes that are a text are easier to read in a plan as one. */
function contentOf(bytes: Uint8Array): Content {
  try {
    const text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
    if (!text.includes('\0')) return { type: 'text', text };
  } catch {
    // No text, then.
  }
  return { type: 'binary', base64: encodeBase64(bytes) };
}
