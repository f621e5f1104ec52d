/** Numbers that look random and are the same for the same seed. */
export interface Random {
  /** From 0 up to, but not including, `limit`. */
  readonly below: (limit: number) => number;
  readonly pick: <T>(values: readonly [T, ...T[]]) => T;
}

/** The generator "mulberry32": 32 bits of state, good enough to choose among cases. */
export function randomOf(seed: number): Random {
  let state = seed >>> 0;
  const next = () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
  const below = (limit: number) => Math.floor(next() * limit);
  return { below, pick: (values) => values[below(values.length)] ?? values[0] };
}

/** As many of the values, in an order of the seed. */
export function sample<T>(values: readonly T[], count: number, random: Random): readonly T[] {
  const pool = [...values];
  for (let at = pool.length - 1; at > 0; at -= 1) {
    const other = random.below(at + 1);
    const [a, b] = [pool[at], pool[other]];
    if (a === undefined || b === undefined) continue;
    pool[at] = b;
    pool[other] = a;
  }
  return pool.slice(0, count);
}
