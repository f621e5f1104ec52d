import { createHash, createHmac } from 'node:crypto';

/** A short fingerprint of a text: the first 16 hexadecimal digits of its SHA-256. Not safe for secrets. */
export function digest(text: string): string {
  return `sha256:${createHash('sha256').update(text).digest('hex').slice(0, 16)}`;
}

/** The prefix of every keyed fingerprint. Output for people shows `***` instead of a text that has it. */
export const SECRET_MARK = 'hmac-sha256:';

/**
 * The fingerprint of a secret value: the first 32 hexadecimal digits of its HMAC-SHA256. Without the key, nobody can
 * find even a short value by trial.
 */
export function keyedDigest(key: string, value: Uint8Array): string {
  return `${SECRET_MARK}${createHmac('sha256', key).update(value).digest('hex').slice(0, 32)}`;
}

/** A text in the form of a UUID (RFC 9562, version 8). The same words give the same UUID. */
export function stableUuid(...words: readonly string[]): string {
  const hex = createHash('sha256').update(words.join('\0')).digest('hex');
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-8${hex.slice(13, 16)}-a${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
}
