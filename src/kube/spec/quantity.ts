/**
 * An amount as Kubernetes writes it (`500m`, `1.5Gi`, `1e3`), exactly, in billionths of its unit: the API
 * keeps nothing smaller. The rules are those of resource.Quantity in k8s.io/apimachinery/pkg/api/resource.
 */
export interface Quantity {
  readonly nanos: bigint;
}

const NANO_DIGITS = 9;

/** The API server lowers what is greater to this: 2^63-1. */
const LARGEST = ((1n << 63n) - 1n) * 10n ** BigInt(NANO_DIGITS);

/** No power of ten beyond this makes a difference: with any digit it is over LARGEST. */
const LARGEST_EXPONENT = 19;

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
 * Reads a quantity; undefined where the text is none. As the API server does, an amount below a billionth
 * becomes a billionth, and one over 2^63-1 becomes that.
 */
export function parseQuantity(text: string): Quantity | undefined {
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
function quantity(
  sign: string,
  whole: string,
  fraction: string,
  exponent: number,
  power: number,
): Quantity | undefined {
  const digits = whole + fraction;
  if (digits === '') return undefined;
  const mantissa = BigInt(digits) << BigInt(power);
  if (mantissa === 0n) return { nanos: 0n };
  const scale = exponent - fraction.length + NANO_DIGITS;
  const magnitude = smaller(scaleByTen(mantissa, digits.length, scale), LARGEST);
  return { nanos: sign === '-' ? -magnitude : magnitude };
}

/** Keeps a manifest that says `1e999999999` from filling the memory: such a power is never computed. */
function scaleByTen(mantissa: bigint, digits: number, scale: number): bigint {
  if (scale >= 0) return scale > LARGEST_EXPONENT + NANO_DIGITS ? LARGEST : mantissa * 10n ** BigInt(scale);
  // A binary suffix adds up to 19 digits to those that were written.
  if (-scale > digits + LARGEST_EXPONENT) return 1n;
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

/** In whole units (bytes of memory, cores), rounded away from zero as Kubernetes' Value() is. */
export function wholeUnits(quantity: Quantity): bigint {
  return divideUp(quantity.nanos, 1_000_000_000n);
}

/** In thousandths (of a core), rounded away from zero as Kubernetes' MilliValue() is. */
export function thousandths(quantity: Quantity): bigint {
  return divideUp(quantity.nanos, 1_000_000n);
}

/** Negative, zero or positive as the first amount is smaller than, equal to or greater than the second. */
export function compareQuantities(a: Quantity, b: Quantity): number {
  return a.nanos < b.nanos ? -1 : a.nanos > b.nanos ? 1 : 0;
}
