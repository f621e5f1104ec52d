/**
 * Resolves a plain (unquoted) YAML scalar as Kubernetes does. The rules are neither those of YAML 1.1 nor of 1.2 but
 * of go.yaml.in/yaml/v2 (resolve.go) in sigs.k8s.io/yaml: `yes`, `on` and `y` are booleans, `0644` and `0o644` are
 * octal, `1_000` is a number, `12:30:45` and `2001-01-01` are strings.
 */
export function resolvePlainScalar(text: string): string | number | boolean | null {
  const word = words.get(text);
  if (word !== undefined) return word;
  if (!/^[-+.\d]/.test(text)) return text;
  if (text.startsWith('.')) return parseFloat64(text) ?? text;
  const digits = text.replaceAll('_', '');
  return parseInteger(digits) ?? parseFloat64(digits) ?? text;
}

/** A number that is too large stays a text (strconv.ParseFloat). */
function parseFloat64(text: string): number | undefined {
  const number = float.test(text) ? Number(text) : NaN;
  return Number.isFinite(number) ? number : undefined;
}

const words = new Map<string, boolean | null>([
  ...['', '~', 'null', 'Null', 'NULL'].map((word) => [word, null] as const),
  ...['y', 'Y', 'yes', 'Yes', 'YES', 'true', 'True', 'TRUE', 'on', 'On', 'ON'].map(
    (word) => [word, true] as const,
  ),
  ...['n', 'N', 'no', 'No', 'NO', 'false', 'False', 'FALSE', 'off', 'Off', 'OFF'].map(
    (word) => [word, false] as const,
  ),
]);

/** Does not match dates such as 2001-01-01, which stay strings. */
const float = /^[-+]?(?:\.\d+|\d+(?:\.\d*)?)(?:[eE][-+]?\d+)?$/;

/**
 * As Go's strconv.ParseInt with base 0: the prefix sets the base, and a leading zero means octal. `089` is not an
 * integer.
 */
function parseInteger(digits: string): number | undefined {
  const match = /^([-+]?)(?:0[xX]([\da-fA-F]+)|0[bB]([01]+)|0[oO]?([0-7]+)|(0|[1-9]\d*))$/.exec(digits);
  if (match === null) return undefined;
  const [, sign, hexadecimal, binary, octal, decimal] = match;
  const magnitude =
    hexadecimal !== undefined
      ? parseInt(hexadecimal, 16)
      : binary !== undefined
        ? parseInt(binary, 2)
        : octal !== undefined
          ? parseInt(octal, 8)
          : Number(decimal);
  const exceeds =
    magnitude === INT64_LIMIT && BigInt(toLiteral(match)) > MAX_INT64 + (sign === '-' ? 1n : 0n);
  const value = exceeds ? ABOVE_INT64 : magnitude;
  return sign === '-' ? 0 - value : value;
}

/** 2^63-1, the largest value of an int64, is rounded to 2^63 in a number: what is larger becomes the next number. */
const MAX_INT64 = (1n << 63n) - 1n;
const INT64_LIMIT = 2 ** 63;
const ABOVE_INT64 = 2 ** 63 + 2 ** 11;

/** The digits as BigInt reads them: without sign, and `0o` before octal ones. */
function toLiteral([, , hexadecimal, binary, octal, decimal]: RegExpExecArray): string {
  if (hexadecimal !== undefined) return `0x${hexadecimal}`;
  if (binary !== undefined) return `0b${binary}`;
  return octal === undefined ? (decimal ?? '0') : `0o${octal}`;
}
