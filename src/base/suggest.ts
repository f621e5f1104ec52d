import { distance } from 'fastest-levenshtein';

/**
 * The candidate that a misspelt word most probably meant, or undefined when none is near enough to be of
 * help: upper and lower case count as equal, and more than a third of the word wrong is no misspelling.
 */
export function suggest(word: string, candidates: Iterable<string>): string | undefined {
  const limit = Math.max(1, Math.floor(word.length / 3));
  let best: string | undefined;
  let bestDistance = limit + 1;
  for (const candidate of candidates) {
    const d = distance(word.toLowerCase(), candidate.toLowerCase());
    if (d < bestDistance) {
      best = candidate;
      bestDistance = d;
    }
  }
  return best;
}
