import { abortController } from '../base/abort.ts';
import type { Clock } from '../platform/clock.ts';

export interface TimeLimit {
  /** Aborted at the time limit. */
  readonly signal: AbortSignal;
  readonly release: () => void;
}

/** @param seconds undefined: no limit */
export function timeLimit(clock: Pick<Clock, 'sleep'>, seconds: number | undefined): TimeLimit {
  const limit = abortController();
  const released = abortController();
  if (seconds !== undefined)
    void clock.sleep(seconds * 1000, released.signal).then(() => {
      if (!released.signal.aborted) limit.abort();
    });
  return {
    signal: limit.signal,
    release: () => {
      released.abort();
    },
  };
}
