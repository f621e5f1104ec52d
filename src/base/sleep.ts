/** Waits so many milliseconds, or until the signal. */
export type Sleep = (milliseconds: number, signal: AbortSignal) => Promise<void>;
