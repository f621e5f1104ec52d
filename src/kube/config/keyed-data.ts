import { compareTexts } from '../../base/text.ts';
import type { CheckedObject } from '../../manifest/checked-document.ts';
import type { SecretKeeper } from './secret-keeper.ts';
import { decodeBase64, encodeBase64, type Content } from './content.ts';

/** The data of a ConfigMap or Secret, sorted by key. */
export interface KeyedData {
  readonly kind: 'ConfigMap' | 'Secret';
  readonly name: string;
  readonly values: ReadonlyMap<string, Content>;
  /** Keys whose values cannot become environment variables, with the reason. They are valid as files. */
  readonly unusable: ReadonlyMap<string, UnusableReason>;
  /** The type of a Secret, such as `kubernetes.io/tls`; `Opaque` by default. */
  readonly secretType?: string;
  /** The manifest object. A key may be missing from `values` because of an error in the object. */
  readonly object: CheckedObject<'ConfigMap'> | CheckedObject<'Secret'>;
}

/**
 * Why a value cannot become an environment variable:
 * - `nul`: it contains a NUL byte, which terminates a variable
 * - `not-utf8`: it is not UTF-8; the protocol between kubelet and runtime has only UTF-8 strings
 * - `binary-data`: it is in `binaryData`, which the kubelet uses only for files (pkg/kubelet/kubelet_pods.go)
 */
export type UnusableReason = 'nul' | 'not-utf8' | 'binary-data';

/** https://kubernetes.io/docs/concepts/configuration/configmap/#configmap-object */
export function configMapData(object: CheckedObject<'ConfigMap'>): KeyedData {
  const { metadata, data = {}, binaryData = {} } = object.value;
  const texts = Object.entries(data).map(([key, text = '']): Entry => [key, { type: 'text', text }]);
  const bytes = Object.entries(binaryData).flatMap(([key, base64 = '']): readonly Entry[] => {
    const decoded = decodeBase64(base64);
    return decoded === undefined ? [] : [[key, contentOf(decoded)]];
  });
  const unusable = new Map<string, UnusableReason>([
    ...bytes.map(([key]) => [key, 'binary-data'] as const),
    ...Object.entries(data).flatMap(([key, text = '']) =>
      text.includes('\0') ? [[key, 'nul'] as const] : [],
    ),
  ]);
  return {
    kind: 'ConfigMap',
    name: metadata?.name ?? '',
    values: sorted([...texts, ...bytes]),
    unusable,
    object,
  };
}

/**
 * `stringData` takes precedence over `data`.
 * https://kubernetes.io/docs/concepts/configuration/secret/#restriction-names-data
 */
export function secretData(object: CheckedObject<'Secret'>, keeper: SecretKeeper): KeyedData {
  const { metadata, data = {}, stringData = {}, type } = object.value;
  const name = metadata?.name ?? '';
  const unusable = new Map<string, UnusableReason>();
  const secret = (key: string, value: Uint8Array): Entry => {
    const why = value.includes(0) ? 'nul' : textOf(value) === undefined ? 'not-utf8' : undefined;
    // The later of two values of a key takes precedence.
    if (why === undefined) unusable.delete(key);
    else unusable.set(key, why);
    return [
      key,
      { type: 'secret', fingerprint: keeper.keep(value), from: `key '${key}' of Secret '${name}'` },
    ];
  };
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
    unusable,
    secretType: type === undefined || type === '' ? 'Opaque' : type,
    object,
  };
}

type Entry = readonly [string, Content];

function sorted(entries: readonly Entry[]): ReadonlyMap<string, Content> {
  return new Map([...new Map(entries)].sort(([a], [b]) => compareTexts(a, b)));
}

/** Valid UTF-8 becomes text, which is easier to read in a plan. */
function contentOf(bytes: Uint8Array): Content {
  const text = textOf(bytes);
  return text === undefined || text.includes('\0')
    ? { type: 'binary', base64: encodeBase64(bytes) }
    : { type: 'text', text };
}

function textOf(bytes: Uint8Array): string | undefined {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    return undefined;
  }
}
