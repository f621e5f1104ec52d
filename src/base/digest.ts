import { createHash, createHmac } from 'node:crypto';

/** A short fingerprint of a text: the first 16 hexadecimal digits of its SHA-256. Not for secrets. */
export function digest(text: string): string {
  return `sha256:${createHash('sha256').update(text).digest('hex').slice(0, 16)}`;
}

/** What every keyed fingerprint begins with: whatever shows one to a person shows `***` in its place. */
export const SECRET_MARK = 'hmac-sha256:';

/**
 * The fingerprint of a secret value: who does not have the key cannot find the value by trying, however short it
 * is. The first 32 hexadecimal digits of its HMAC-SHA256.
 */
export function keyedDigest(key: string, value: Uint8Array): string {
  return `${SECRET_MARK}${createHmac('sha256', key).update(value).digest('hex').slice(0, 32)}`;
}

/** A text in the form of a UUID (RFC 9562, version 8) that is always the same for the same words. */
export function stableUuid(...words: readonly string[]): string {
  const hex = createHash('sha256').update(words.join('\0')).digest('hex');
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-8${hex.slice(13, 16)}-a${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
}
