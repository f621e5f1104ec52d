/** Nanoseconds of the units of Go's time.ParseDuration. */
const units: Readonly<Record<string, bigint>> = {
  ns: 1n,
  us: 1_000n,
  µs: 1_000n,
  μs: 1_000n,
  ms: 1_000_000n,
  s: 1_000_000_000n,
  m: 60_000_000_000n,
  h: 3_600_000_000_000n,
};

const MOST_NANOSECONDS = (1n << 63n) - 1n;
const LONGEST = 1000;
const part = /(\d*)(?:\.(\d*))?([^.\d]+)/y;

/** Whether Go's time.ParseDuration accepts a text such as `1h30m`: numbers with units, 292 years at most. */
export function isGoDuration(text: string): boolean {
  return parseGoDuration(text) !== undefined;
}

/** A duration of Go in milliseconds, rounded down; undefined for an invalid one. */
export function parseGoDuration(text: string): number | undefined {
  const unsigned = text.replace(/^[-+]/, '');
  if (unsigned === '0') return 0;
  if (unsigned === '' || unsigned.length > LONGEST) return undefined;
  let sum = 0n;
  part.lastIndex = 0;
  while (part.lastIndex < unsigned.length) {
    const [, whole = '', fraction = '', name = ''] = part.exec(unsigned) ?? [];
    const unit = Object.hasOwn(units, name) ? units[name] : undefined;
    if (unit === undefined || whole + fraction === '') return undefined;
    const scale = 10n ** BigInt(fraction.length);
    sum += (BigInt(whole + fraction) * unit) / scale;
  }
  if (sum > MOST_NANOSECONDS) return undefined;
  return (text.startsWith('-') ? -1 : 1) * Number(sum / 1_000_000n);
}
