/** Waits the given number of milliseconds, or until the signal aborts. */
export type Sleep = (milliseconds: number, signal: AbortSignal) => Promise<void>;
