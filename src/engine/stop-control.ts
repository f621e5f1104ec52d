import { abortController } from '../base/abort.ts';
import { failure } from '../base/result.ts';
import type { EngineResult } from './failure.ts';
import type { Platform } from '../platform/platform.ts';

/** Lets a person, or a time limit, bring a run to its end: the first request gently, the second at once. */
export interface StopControl {
  /** Given at the first request. Its reason is `interrupted` or `timeout`. */
  readonly stop: AbortSignal;
  /** Given at the second request. */
  readonly kill: AbortSignal;
  readonly release: () => void;
}

/** @param timeoutSeconds after which the run is stopped as by a person; without it, it may go on for ever */
export function stopControl(
  platform: Pick<Platform, 'clock' | 'onStopSignal'>,
  timeoutSeconds?: number,
): StopControl {
  const stop = abortController();
  const kill = abortController();
  const unsubscribe = platform.onStopSignal(() => {
    if (stop.signal.aborted) kill.abort();
    else stop.abort('interrupted');
  });
  const released = abortController();
  if (timeoutSeconds !== undefined)
    void platform.clock.sleep(timeoutSeconds * 1000, released.signal).then(() => {
      if (!released.signal.aborted && !stop.signal.aborted) stop.abort('timeout');
    });
  return {
    stop: stop.signal,
    kill: kill.signal,
    release: () => {
      unsubscribe();
      released.abort();
    },
  };
}

/** What comes of work that changes nothing, or, as soon as there is a request to stop, that it was stopped. */
export async function unlessStopped<T>(
  work: Promise<EngineResult<T>>,
  stop: AbortSignal,
): Promise<EngineResult<T>> {
  const over = new AbortController();
  const stopped = new Promise<EngineResult<T>>((resolve) => {
    const end = () => {
      const kind = stop.reason === 'timeout' ? 'timeout' : 'interrupted';
      resolve(failure({ kind, diagnostics: [], isUnchanged: true }));
    };
    if (stop.aborted) end();
    stop.addEventListener('abort', end, { once: true, signal: over.signal });
  });
  try {
    return await Promise.race([work, stopped]);
  } finally {
    over.abort();
  }
}
