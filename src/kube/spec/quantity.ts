/**
 * A Kubernetes quantity (`500m`, `1.5Gi`, `1e3`) in billionths of its unit, the precision of the API
 * (resource.Quantity in k8s.io/apimachinery/pkg/api/resource).
 */
export interface Quantity {
  readonly nanos: bigint;
}

const NANO_DIGITS = 9;

/** The maximum, 2^63-1; the API server caps larger quantities. */
const MAX_NANOS = ((1n << 63n) - 1n) * 10n ** BigInt(NANO_DIGITS);

/** With a larger exponent, any nonzero quantity exceeds the maximum. */
const MAX_EXPONENT = 19;

const decimalExponents: Readonly<Record<string, number>> = {
  n: -9,
  u: -6,
  m: -3,
  '': 0,
  k: 3,
  M: 6,
  G: 9,
  T: 12,
  P: 15,
  E: 18,
};

const binaryExponents: Readonly<Record<string, number>> = { Ki: 10, Mi: 20, Gi: 30, Ti: 40, Pi: 50, Ei: 60 };

const form = /^([+-]?)(\d*)(?:\.(\d*))?([A-Za-z]*)$/;
const exponentForm = /^([+-]?)(\d*)(?:\.(\d*))?[eE]([+-]?\d+)$/;

/**
 * Parses a quantity; undefined for an invalid one. As in the API server, an amount below a billionth is rounded up to
 * a billionth, and one above 2^63-1 is capped.
 */
export function parseQuantity(text: string): Quantity | undefined {
  if (text === '') return undefined;
  const scientific = exponentForm.exec(text);
  if (scientific !== null) {
    const [, sign = '', whole = '', fraction = '', exponent = ''] = scientific;
    return quantity(sign, whole, fraction, Number(exponent), 0);
  }
  const plain = form.exec(text);
  if (plain === null) return undefined;
  const [, sign = '', whole = '', fraction = '', suffix = ''] = plain;
  const decimal = Object.hasOwn(decimalExponents, suffix) ? decimalExponents[suffix] : undefined;
  if (decimal !== undefined) return quantity(sign, whole, fraction, decimal, 0);
  const binary = Object.hasOwn(binaryExponents, suffix) ? binaryExponents[suffix] : undefined;
  if (binary !== undefined) return quantity(sign, whole, fraction, 0, binary);
  return undefined;
}

/** The number `whole.fraction x 10^exponent x 2^power`, rounded away from zero to a billionth. */
function quantity(sign: string, whole: string, fraction: string, exponent: number, power: number): Quantity {
  const digits = whole + fraction;
  // Without digits it is 0, as in Go.
  const mantissa = BigInt(digits) << BigInt(power);
  if (mantissa === 0n) return { nanos: 0n };
  const scale = exponent - fraction.length + NANO_DIGITS;
  const magnitude = smaller(scaleByTen(mantissa, digits.length, scale), MAX_NANOS);
  return { nanos: sign === '-' ? -magnitude : magnitude };
}

/** Limits the exponent: computing `1e999999999` would exhaust the memory. */
function scaleByTen(mantissa: bigint, digits: number, scale: number): bigint {
  if (scale >= 0) return scale > MAX_EXPONENT + NANO_DIGITS ? MAX_NANOS : mantissa * 10n ** BigInt(scale);
  // A binary suffix adds up to 19 digits.
  if (-scale > digits + MAX_EXPONENT) return 1n;
  return divideUp(mantissa, 10n ** BigInt(-scale));
}

function smaller(a: bigint, b: bigint): bigint {
  return a < b ? a : b;
}

/** The quotient, rounded away from zero. The divisor is positive. */
function divideUp(dividend: bigint, divisor: bigint): bigint {
  const quotient = dividend / divisor;
  if (quotient * divisor === dividend) return quotient;
  return dividend < 0n ? quotient - 1n : quotient + 1n;
}

/** More decimal digits than this make a server read a quantity as a whole number of any length. */
const EXACT_DIGITS = 18;
/** Digits of a number that is computed for `isNegativeOnServer`. */
const MAX_DIGITS = 60;

/**
 * Whether a server finds a positive quantity negative: above 2^63-1 the lowest 64 bits of its whole units remain (Value of
 * resource.Quantity).
 */
export function isNegativeOnServer(text: string): boolean {
  const match = /^\+?0*(\d*)(?:\.(\d*))?(?:([numkMGTPE]?)|[eE]([+-]?\d+))$/.exec(text);
  if (match === null) return false;
  const [, whole = '', fraction = '', suffix = '', exponent] = match;
  const digits = whole + fraction;
  const scale = Number(exponent ?? decimalExponents[suffix] ?? 0) - fraction.length;
  if (digits.length <= EXACT_DIGITS || digits.length + Math.abs(scale) > MAX_DIGITS) return false;
  const power = 10n ** BigInt(Math.abs(scale));
  const units = scale >= 0 ? BigInt(digits) * power : divideUp(BigInt(digits), power);
  return BigInt.asIntN(64, units) < 0n;
}

/** In whole units (bytes of memory, cores), rounded away from zero as Kubernetes' Value() is. */
export function wholeUnits(quantity: Quantity): bigint {
  return divideUp(quantity.nanos, 1_000_000_000n);
}

/** In thousandths (of a core), rounded away from zero as Kubernetes' MilliValue() is. */
export function thousandths(quantity: Quantity): bigint {
  return divideUp(quantity.nanos, 1_000_000n);
}

/** Negative, zero or positive if the first amount is less than, equal to or greater than the second. */
export function compareQuantities(a: Quantity, b: Quantity): number {
  return a.nanos < b.nanos ? -1 : a.nanos > b.nanos ? 1 : 0;
}
