/**
 * What a key of a ConfigMap or Secret holds, and with it a file or a variable. Of a secret there is nothing
 * but its fingerprint: the value is with the `SecretKeeper`.
 */
export type Content = TextContent | BinaryContent | SecretContent;

export interface TextContent {
  readonly type: 'text';
  readonly text: string;
}

/** Bytes that are no text. */
export interface BinaryContent {
  readonly type: 'binary';
  readonly base64: string;
}

export interface SecretContent {
  readonly type: 'secret';
  readonly fingerprint: string;
  /** Where the value comes from, for people: `key 'password' of Secret 'db'`. */
  readonly from: string;
}

/** The bytes that a base64 text stands for, read as Kubernetes reads them; undefined where it is none. */
export function decodeBase64(text: string): Uint8Array | undefined {
  // Go's decoder takes line breaks anywhere, and nothing else that is not of the alphabet.
  const written = text.replace(/[\r\n]/g, '');
  if (!/^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/.test(written)) return undefined;
  return Uint8Array.from(atob(written), (character) => character.charCodeAt(0));
}

export function encodeBase64(bytes: Uint8Array): string {
  let characters = '';
  for (const byte of bytes) characters += String.fromCharCode(byte);
  return btoa(characters);
}
