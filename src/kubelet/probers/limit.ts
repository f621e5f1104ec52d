import { abortController, firstOf } from '../../base/abort.ts';
import type { Clock } from '../../platform/clock.ts';
import type { NetworkFailure } from '../../platform/network.ts';

export interface TimeLimit {
  readonly clock: Clock;
  readonly milliseconds: number;
  readonly cancel: AbortSignal;
}

/** Runs something whose signal aborts at the time limit, or when it is cancelled. */
export async function within<T>(
  { clock, milliseconds, cancel }: TimeLimit,
  run: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const [late, over] = [abortController(), abortController()];
  const { signal, release } = firstOf(cancel, late.signal);
  void clock.sleep(milliseconds, over.signal).then(() => {
    if (!over.signal.aborted) late.abort();
  });
  try {
    return await run(signal);
  } finally {
    over.abort();
    release();
  }
}

/** Why there is no answer: `no answer within 1 s`, `connection refused`. */
export function failureWords(
  failure: NetworkFailure,
  { milliseconds }: Pick<TimeLimit, 'milliseconds'>,
): string {
  return failure.kind === 'failed' ? failure.message : `no answer within ${milliseconds / 1000} s`;
}
