export interface Clock {
  /** Milliseconds, counted from an arbitrary point. */
  readonly now: () => number;
  /** Resolves after so many milliseconds, or at once when the signal is given. */
  readonly sleep: (milliseconds: number, signal: AbortSignal) => Promise<void>;
}
