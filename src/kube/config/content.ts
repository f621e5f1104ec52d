/**
 * The content of a key of a ConfigMap or Secret, and of the file or variable made from it. A secret is represented by
 * its fingerprint; the `SecretKeeper` has the value.
 */
export type Content = TextContent | BinaryContent | SecretContent;

export interface TextContent {
  readonly type: 'text';
  readonly text: string;
}

/** Bytes that are not valid UTF-8 text. */
export interface BinaryContent {
  readonly type: 'binary';
  readonly base64: string;
}

export interface SecretContent {
  readonly type: 'secret';
  readonly fingerprint: string;
  /** The source of the value for messages: `key 'password' of Secret 'db'`. */
  readonly from: string;
}

/** Decodes base64 by the rules of Kubernetes; undefined for invalid base64. */
export function decodeBase64(text: string): Uint8Array | undefined {
  // Go's decoder ignores line breaks and rejects all other characters outside the alphabet.
  const written = text.replace(/[\r\n]/g, '');
  if (!/^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/.test(written)) return undefined;
  return Uint8Array.from(atob(written), (character) => character.charCodeAt(0));
}

export function encodeBase64(bytes: Uint8Array): string {
  let characters = '';
  for (const byte of bytes) characters += String.fromCharCode(byte);
  return btoa(characters);
}
