/** The middle of the numbers; the mean of the two middle ones where there are two. NaN of none. */
export function median(numbers: readonly number[]): number {
  const sorted = [...numbers].sort((a, b) => a - b);
  const middle = Math.floor(sorted.length / 2);
  const upper = sorted[middle] ?? NaN;
  return sorted.length % 2 === 1 ? upper : ((sorted[middle - 1] ?? NaN) + upper) / 2;
}

/**
 * The median of the ratios round by round. Two times of one round were taken side by side on an equally busy machine, so
 * this is steadier than the ratio of two medians.
 */
export function medianRatio(numbers: readonly number[], others: readonly number[]): number {
  return median(numbers.map((number, round) => number / (others[round] ?? NaN)));
}
