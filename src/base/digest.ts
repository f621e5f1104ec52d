import { createHash } from 'node:crypto';

/** A short fingerprint of a text: the first 16 hexadecimal digits of its SHA-256. Not for secrets. */
export function digest(text: string): string {
  return `sha256:${createHash('sha256').update(text).digest('hex').slice(0, 16)}`;
}
