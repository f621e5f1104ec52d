import { defined } from '../../base/defined.ts';
import { SECRET_MARK } from '../../base/digest.ts';
import type { Json } from '../../base/stable-json.ts';
import type { Difference } from './difference.ts';

const FINGERPRINT = new RegExp(`${SECRET_MARK}[0-9a-f]+`, 'g');

/**
 * A difference as it may be shown: even the fingerprint of a secret is nobody's business, and only that it is another
 * one is worth knowing.
 */
export function redact({ path, before, after, lines }: Difference): Difference {
  const isBoth = holdsSecret(before) && holdsSecret(after);
  return {
    path,
    ...(before === undefined ? {} : { before: redactValue(before, isBoth ? '***(before)' : '***') }),
    ...(after === undefined ? {} : { after: redactValue(after, isBoth ? '***(after)' : '***') }),
    ...defined({ lines }),
  };
}

/** A value with every fingerprint of a secret in it replaced. */
export function redactValue<T extends Json | undefined>(value: T, mask: string): T {
  if (value === undefined || !holdsSecret(value)) return value;
  return JSON.parse(JSON.stringify(value).replace(FINGERPRINT, mask)) as T;
}

function holdsSecret(value: Json | undefined): boolean {
  return value !== undefined && JSON.stringify(value).includes(SECRET_MARK);
}

/** Two texts as they may be shown beside one another: what only one of them has says which of them it is. */
export function redactTexts(before: string, after: string): readonly [string, string] {
  const mask = (text: string, other: string, words: string) =>
    text.replace(FINGERPRINT, (fingerprint) => (other.includes(fingerprint) ? '***' : words));
  return [mask(before, after, '***(before)'), mask(after, before, '***(after)')];
}
