/** What is longer was not misspelt; and whoever has more names to choose from has them at hand. */
const LONGEST_WORD = 100;
const MOST_CANDIDATES = 200;

/**
 * The candidate that a misspelt word most probably meant, or undefined when none is near enough to be of
 * help: upper and lower case count as equal, and more than a third of the word wrong is no misspelling. A long word and
 * all but the first of many candidates are passed over: to compare two words takes the product of their lengths.
 */
export function suggest(word: string, candidates: Iterable<string>): string | undefined {
  if (word.length > LONGEST_WORD) return undefined;
  let best: string | undefined;
  let left = MOST_CANDIDATES;
  let bestDistance = Math.floor(word.length / 3) + 1;
  for (const candidate of candidates) {
    left -= 1;
    if (left < 0) break;
    // It is at least the difference in length.
    if (Math.abs(candidate.length - word.length) >= bestDistance) continue;
    const d = distance(word.toLowerCase(), candidate.toLowerCase());
    if (d < bestDistance) {
      best = candidate;
      bestDistance = d;
    }
  }
  return best;
}

/** How many letters have to be put in, left out, changed or swapped with their neighbour to get from one to the other. */
function distance(a: string, b: string): number {
  let [beforeLast, last]: readonly (readonly number[])[] = [
    [],
    Array.from({ length: b.length + 1 }, (_, j) => j),
  ];
  for (let i = 1; i <= a.length; i++) {
    const row = [i];
    for (let j = 1; j <= b.length; j++) {
      const isEqual = a[i - 1] === b[j - 1];
      const isSwap = i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1];
      row[j] = Math.min(
        at(last, j) + 1,
        at(row, j - 1) + 1,
        at(last, j - 1) + (isEqual ? 0 : 1),
        isSwap ? at(beforeLast, j - 2) + 1 : Infinity,
      );
    }
    [beforeLast, last] = [last, row];
  }
  return at(last, b.length);
}

function at(row: readonly number[] | undefined, index: number): number {
  return row?.[index] ?? Infinity;
}
