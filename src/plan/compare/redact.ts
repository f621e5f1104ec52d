import { defined } from '../../base/defined.ts';
import { SECRET_MARK } from '../../base/digest.ts';
import type { Json } from '../../base/stable-json.ts';
import type { Difference } from './difference.ts';

const FINGERPRINT = new RegExp(`${SECRET_MARK}[0-9a-f]+`, 'g');

/** Redacts fingerprints of secret values. Only that a value has changed is shown. */
export function redact({ path, before, after, lines }: Difference): Difference {
  const isBoth = holdsSecret(before) && holdsSecret(after);
  return {
    path,
    ...(before === undefined ? {} : { before: redactValue(before, isBoth ? '***(before)' : '***') }),
    ...(after === undefined ? {} : { after: redactValue(after, isBoth ? '***(after)' : '***') }),
    ...defined({ lines }),
  };
}

/** Replaces all fingerprints of secret values with the mask. */
export function redactValue<T extends Json | undefined>(value: T, mask: string): T {
  if (value === undefined || !holdsSecret(value)) return value;
  return JSON.parse(JSON.stringify(value).replace(FINGERPRINT, mask)) as T;
}

function holdsSecret(value: Json | undefined): boolean {
  return value !== undefined && JSON.stringify(value).includes(SECRET_MARK);
}

/** Redacts two texts to be compared. Fingerprints that are only in one of them are marked `before` or `after`. */
export function redactTexts(before: string, after: string): readonly [string, string] {
  const mask = (text: string, other: string, marked: string) =>
    text.replace(FINGERPRINT, (fingerprint) => (other.includes(fingerprint) ? '***' : marked));
  return [mask(before, after, '***(before)'), mask(after, before, '***(after)')];
}
