/**
 * A longer word is no typo, and a longer list of candidates is not searched: comparing two words takes time in
 * proportion to the product of their lengths.
 */
const LONGEST_WORD = 100;
const MOST_CANDIDATES = 200;

/**
 * The candidate that a misspelt word most likely stands for; undefined if none is close enough. Case is ignored. At
 * most a third of the word may be wrong. Words over `LONGEST_WORD`, and candidates after the first `MOST_CANDIDATES`,
 * are not compared.
 */
export function suggest(word: string, candidates: Iterable<string>): string | undefined {
  return nearest(word, candidates)?.candidate;
}

/**
 * The suggestion of a diagnostic. If another candidate is as close, it is not certain, and there are no edits that write it.
 */
export function suggestion(
  word: string,
  candidates: Iterable<string>,
): { readonly suggestion?: string; readonly edits?: readonly [] } {
  const found = nearest(word, candidates);
  if (found === undefined) return {};
  return found.isTie ? { suggestion: found.candidate, edits: [] } : { suggestion: found.candidate };
}

interface Nearest {
  readonly candidate: string;
  readonly isTie: boolean;
}

function nearest(word: string, candidates: Iterable<string>): Nearest | undefined {
  if (word.length > LONGEST_WORD) return undefined;
  let best: Nearest | undefined;
  let left = MOST_CANDIDATES;
  let bestDistance = Math.floor(word.length / 3) + 1;
  for (const candidate of candidates) {
    left -= 1;
    if (left < 0) break;
    // The distance is at least the difference in length.
    if (Math.abs(candidate.length - word.length) > bestDistance) continue;
    const d = distance(word.toLowerCase(), candidate.toLowerCase());
    if (d < bestDistance) {
      best = { candidate, isTie: false };
      bestDistance = d;
    } else if (best !== undefined && d === bestDistance && candidate !== best.candidate)
      best = { ...best, isTie: true };
  }
  return best;
}

/** The edit distance: the number of insertions, deletions, replacements and swaps of neighbours between two words. */
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
