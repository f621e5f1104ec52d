import type { FieldPath } from '../../base/path.ts';
import type { Finding } from '../validation/finding.ts';
import { parseQuantity, wholeUnits, type Quantity } from './quantity.ts';

const FORM =
  "a number, or a number and one of m, k, M, G, T, P, E, Ki, Mi, Gi, Ti, Pi, Ei, as in '500m' or '1.5Gi'";

/** How people write units that Kubernetes writes otherwise; the letter is the unit's. */
const usualSlips: readonly (readonly [RegExp, (letter: string) => string])[] = [
  // Bytes, or the binary unit in lower case.
  [/([kmgtpe])(?:b|ib|i)$/i, (letter) => `${letter.toUpperCase()}i`],
  [/k$/i, () => 'k'],
  [/([mgtp])$/i, (letter) => letter.toUpperCase()],
];

/** An amount of a resource that counts in whole units, as memory does, or in thousandths, as CPU does. */
export function* checkAmount(resource: 'cpu' | 'memory', text: string, path: FieldPath): Iterable<Finding> {
  const quantity = parseQuantity(text);
  if (quantity === undefined) yield malformed(text, path);
  else if (quantity.nanos < 0n)
    yield { code: 'invalid-quantity', path, message: `must not be less than 0, got '${text}'` };
  else if (resource === 'memory' && !isWhole(quantity)) yield fractionOfByte(text, path);
}

function isWhole(quantity: Quantity): boolean {
  return wholeUnits(quantity) * 1_000_000_000n === quantity.nanos;
}

function malformed(text: string, path: FieldPath): Finding {
  const suggestion = text === '' ? undefined : meantQuantity(text);
  return {
    code: 'invalid-quantity',
    path,
    message: text === '' ? 'must not be empty' : `'${text}' is no quantity: it has to be ${FORM}`,
    ...(suggestion === undefined ? {} : { suggestion }),
  };
}

function meantQuantity(text: string): string | undefined {
  const compact = text.replace(/\s+/g, '');
  const mended = usualSlips.map(([slip, unit]) =>
    compact.replace(slip, (_written, letter: string) => unit(letter)),
  );
  return [compact, ...mended].find((candidate) => parseQuantity(candidate) !== undefined);
}

/** Kubernetes warns of it, too (warningsForPodSpec in pkg/api/pod/warnings.go). */
function fractionOfByte(text: string, path: FieldPath): Finding {
  const suggestion = /^\d+m$/.test(text) ? `${text.slice(0, -1)}Mi` : undefined;
  return {
    code: 'fraction-of-byte',
    severity: 'warning',
    path,
    message: `'${text}' is not a whole number of bytes${suggestion === undefined ? '' : ": 'm' means thousandths"}`,
    ...(suggestion === undefined ? {} : { suggestion }),
  };
}
