import { compareTexts } from '../../base/text.ts';
import type { CheckedObject } from '../../manifest/checked-document.ts';
import type { SecretKeeper } from './secret-keeper.ts';
import { decodeBase64, encodeBase64, type Content } from './content.ts';

/** A ConfigMap or a Secret: keys with what they hold, sorted by key. */
export interface KeyedData {
  readonly kind: 'ConfigMap' | 'Secret';
  readonly name: string;
  readonly values: ReadonlyMap<string, Content>;
  /** Keys whose values make no variable, and why. Files have every byte of them. */
  readonly unfit: ReadonlyMap<string, Unfit>;
  /** The type of a Secret, such as `kubernetes.io/tls`; `Opaque` where it names none. */
  readonly secretType?: string;
  /** The object as it was read; what is wrong with it may be just the key that is looked for. */
  readonly object: CheckedObject<'ConfigMap'> | CheckedObject<'Secret'>;
}

/**
 * Why a value is no variable:
 * - `nul`: it has a NUL byte, at which every environment ends
 * - `not-utf8`: it is not UTF-8, and the kubelet can hand over nothing else (a string of its protocol with
 * the runtime)
 * - `binary-data`: it is under `binaryData`, where the kubelet does not look (pkg/kubelet/kubelet_pods.go)
 */
export type Unfit = 'nul' | 'not-utf8' | 'binary-data';

/** https://kubernetes.io/docs/concepts/configuration/configmap/#configmap-object */
export function configMapData(object: CheckedObject<'ConfigMap'>): KeyedData {
  const { metadata, data = {}, binaryData = {} } = object.value;
  const texts = Object.entries(data).map(([key, text = '']): Entry => [key, { type: 'text', text }]);
  const bytes = Object.entries(binaryData).flatMap(([key, base64 = '']): readonly Entry[] => {
    const decoded = decodeBase64(base64);
    return decoded === undefined ? [] : [[key, contentOf(decoded)]];
  });
  const unfit = new Map<string, Unfit>([
    ...bytes.map(([key]) => [key, 'binary-data'] as const),
    ...Object.entries(data).flatMap(([key, text = '']) =>
      text.includes('\0') ? [[key, 'nul'] as const] : [],
    ),
  ]);
  return {
    kind: 'ConfigMap',
    name: metadata?.name ?? '',
    values: sorted([...texts, ...bytes]),
    unfit,
    object,
  };
}

/**
 * `stringData` counts more than `data`.
 * https://kubernetes.io/docs/concepts/configuration/secret/#restriction-names-data
 */
export function secretData(object: CheckedObject<'Secret'>, keeper: SecretKeeper): KeyedData {
  const { metadata, data = {}, stringData = {}, type } = object.value;
  const name = metadata?.name ?? '';
  const unfit = new Map<string, Unfit>();
  const secret = (key: string, value: Uint8Array): Entry => {
    const why = value.includes(0) ? 'nul' : textOf(value) === undefined ? 'not-utf8' : undefined;
    // Of two values of one key the later counts.
    if (why === undefined) unfit.delete(key);
    else unfit.set(key, why);
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
    unfit,
    secretType: type === undefined || type === '' ? 'Opaque' : type,
    object,
  };
}

type Entry = readonly [string, Content];

function sorted(entries: readonly Entry[]): ReadonlyMap<string, Content> {
  return new Map([...new Map(entries)].sort(([a], [b]) => compareTexts(a, b)));
}

/** Bytes that are a text are easier to read in a plan as one. */
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
