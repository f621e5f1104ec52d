import { abortController } from '../base/abort.ts';
import { failure } from '../base/result.ts';
import type { EngineResult } from './failure.ts';
import type { Platform } from '../platform/platform.ts';

/** Lets a person, or a time limit, bring a run to its end: the first request gently, the second at once. */
export interface StopControl {
  /** Given at the first request. Its reason is `interrupted` or `timeout`. */
  readonly stop: AbortSignal;
  /** Given at the second request, when that is a Ctrl-C. */
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
  const unsubscribe = platform.onStopSignal((signal) => {
    if (!stop.signal.aborted) stop.abort('interrupted');
    // Only a person kills. A terminal that is closed sends SIGHUP twice: bash hands its own on, and the kernel sends one when
    // bash ends (bash(1), "SIGNALS"; credentials(7)). A supervisor that repeats SIGTERM has SIGKILL for what comes after.
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

/** What comes of work that changes nothing, or, as soon as there is a request to stop, that it was stopped. */
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

/** It was stopped before anything was changed. */
export function stoppedUnchanged(stop: AbortSignal): EngineResult<never> {
  const kind = stop.reason === 'timeout' ? 'timeout' : 'interrupted';
  return failure({ kind, diagnostics: [], isUnchanged: true });
}
