import { abortController } from '../base/abort.ts';
import { failure } from '../base/result.ts';
import type { EngineResult } from './failure.ts';
import type { Platform } from '../platform/platform.ts';

/** Stops a command on a signal or a time limit: first gracefully, at the second Ctrl-C at once. */
export interface StopControl {
  /** Aborted at the first signal or the time limit. Its reason is `interrupted` or `timeout`. */
  readonly stop: AbortSignal;
  /** Aborted at the second signal, if that is SIGINT. */
  readonly kill: AbortSignal;
  readonly release: () => void;
}

/** @param timeoutSeconds time limit. Undefined: none */
export function stopControl(
  platform: Pick<Platform, 'clock' | 'onStopSignal'>,
  timeoutSeconds?: number,
): StopControl {
  const stop = abortController();
  const kill = abortController();
  const unsubscribe = platform.onStopSignal((signal) => {
    if (!stop.signal.aborted) stop.abort('interrupted');
    // Only SIGINT kills. A closed terminal sends SIGHUP twice: bash forwards its own, and the kernel sends another when
    // bash exits (bash(1), "SIGNALS"; credentials(7)). A supervisor that repeats SIGTERM escalates with SIGKILL.
    else if (signal === 'SIGINT') kill.abort();
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

/** Result of read-only work, or `stoppedUnchanged` as soon as the stop signal is aborted. */
export async function unlessStopped<T>(
  work: Promise<EngineResult<T>>,
  stop: AbortSignal,
): Promise<EngineResult<T>> {
  const over = new AbortController();
  const stopped = new Promise<EngineResult<T>>((resolve) => {
    const end = () => {
      resolve(stoppedUnchanged(stop));
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

/** Failure of a command that was stopped before any change. */
export function stoppedUnchanged(stop: AbortSignal): EngineResult<never> {
  const kind = stop.reason === 'timeout' ? 'timeout' : 'interrupted';
  return failure({ kind, diagnostics: [], isUnchanged: true });
}
