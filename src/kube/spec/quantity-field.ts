import { defined } from '../../base/defined.ts';
import type { FieldPath } from '../../base/path.ts';
import type { Finding } from '../validation/finding.ts';
import { parseQuantity, wholeUnits, type Quantity } from './quantity.ts';

const FORM =
  'Use a number with an optional unit (m, k, M, G, T, P, E, Ki, Mi, Gi, Ti, Pi, Ei), for example 500m or 1.5Gi.';

/** Common misspellings of units; the letter is the letter of the unit. */
const usualSlips: readonly (readonly [RegExp, (letter: string) => string])[] = [
  // Bytes, or the binary unit in lowercase.
  [/([kmgtpe])(?:b|ib|i)$/i, (letter) => `${letter.toUpperCase()}i`],
  [/k$/i, () => 'k'],
  [/([mgtp])$/i, (letter) => letter.toUpperCase()],
];

/** Checks a quantity: memory in whole bytes, CPU in thousandths of a core. checkDecodedValues reports a malformed one. */
export function* checkAmount(resource: 'cpu' | 'memory', text: string, path: FieldPath): Iterable<Finding> {
  const quantity = parseQuantity(text);
  if (quantity === undefined) return;
  if (quantity.nanos < 0n)
    yield { code: 'invalid-quantity', path, message: `must not be less than 0, got '${text}'` };
  else if (resource === 'memory' && !isWhole(quantity)) yield fractionOfByte(text, path);
}

/** Warns about a fraction of a byte. */
export function* checkWholeBytes(text: string, path: FieldPath): Iterable<Finding> {
  const quantity = parseQuantity(text);
  if (quantity !== undefined && !isWhole(quantity)) yield fractionOfByte(text, path);
}

function isWhole(quantity: Quantity): boolean {
  return wholeUnits(quantity) * 1_000_000_000n === quantity.nanos;
}

/** A text that is no quantity. */
export function malformedQuantity(text: string, path: FieldPath): Finding {
  const suggestion = text === '' ? undefined : meantQuantity(text);
  return {
    code: 'invalid-quantity',
    path,
    message: text === '' ? 'must not be empty' : `invalid quantity '${text}'`,
    ...(suggestion !== undefined ? { suggestion } : text === '' ? {} : { help: FORM }),
  };
}

function meantQuantity(text: string): string | undefined {
  const compact = text.replace(/\s+/g, '');
  const corrected = usualSlips.map(([slip, unit]) =>
    compact.replace(slip, (_written, letter: string) => unit(letter)),
  );
  return [compact, ...corrected].find((candidate) => parseQuantity(candidate) !== undefined);
}

/** Kubernetes warns, too (warningsForPodSpec in pkg/api/pod/warnings.go). */
function fractionOfByte(text: string, path: FieldPath): Finding {
  const suggestion = /^\d+m$/.test(text) ? `${text.slice(0, -1)}Mi` : undefined;
  return {
    code: 'fraction-of-byte',
    severity: 'warning',
    path,
    message: `'${text}' is not a whole number of bytes${suggestion === undefined ? '' : ": 'm' means thousandths"}`,
    ...defined({ suggestion }),
  };
}
