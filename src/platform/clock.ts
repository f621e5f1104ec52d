export interface Clock {
  /** Milliseconds since an arbitrary point in time. */
  readonly now: () => number;
  /** Resolves after the given number of milliseconds, or as soon as the signal aborts. */
  readonly sleep: (milliseconds: number, signal: AbortSignal) => Promise<void>;
}
