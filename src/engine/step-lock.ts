import type { StepLock } from '../apply/context.ts';
import { abortController, anyOf } from '../base/abort.ts';
import type { ObservedPod } from '../podman/inspect/observed.ts';
import type { Engine } from './engine.ts';
import type { WatchLock } from './watch-lock.ts';

/** The time between two looks at a pod whose init container is being started. */
const START_MILLISECONDS = 500;
const BUSY_MILLISECONDS = 500;

export interface StepLockContext {
  readonly platform: Pick<Engine['platform'], 'clock' | 'today'>;
  readonly lock: WatchLock;
  /** Undefined without a pod, or if podman does not answer. */
  readonly observePod: () => Promise<StartingPod | undefined>;
  readonly stop: AbortSignal;
}

/** The pod that is created. */
export interface StartingPod extends Pick<ObservedPod, 'infra' | 'infraStartedAt'> {
  /** Whether one of its containers runs. */
  readonly isRunning: boolean;
}

/** A lock that is held, and can be given up for a while. */
export interface HeldStepLock extends StepLock {
  readonly release: () => void;
}

/**
 * Holds the lock of the project while a watcher creates a pod, but not while an init container of it runs: it may wait for a
 * pod that another podpose is to create.
 * @param held releases the lock, which is held
 */
export function stepLock(
  { platform: { clock, today }, lock, observePod, stop }: StepLockContext,
  held: () => void,
): HeldStepLock {
  let release: (() => void) | undefined = held;
  let pausedAt = 0;
  let pausing = abortController();

  return { pause, resume, release: giveUp };

  function pause(): void {
    const current = abortController();
    pausing = current;
    void giveUpOnceRunning(anyOf(stop, current.signal));
  }

  /** Others that remove the pod must see the container: podman 4.3.1 may hang if a container starts while it removes the pod. */
  async function giveUpOnceRunning(over: AbortSignal): Promise<void> {
    for (;;) {
      await clock.sleep(START_MILLISECONDS, over);
      const pod = isAborted(over) ? undefined : await observePod();
      if (isAborted(over)) return;
      if (pod?.isRunning !== true) continue;
      pausedAt = today();
      giveUp();
      return;
    }
  }

  async function resume(): Promise<boolean> {
    pausing.abort();
    if (release !== undefined) return true;
    while (!stop.aborted) {
      release = await lock.take();
      if (release !== undefined) return runsSince(pausedAt);
      await clock.sleep(BUSY_MILLISECONDS, stop);
    }
    return false;
  }

  /** Whether nothing has stopped or removed the pod since. */
  async function runsSince(time: number): Promise<boolean> {
    const found = await observePod();
    return found?.infra === 'running' && found.infraStartedAt * 1000 <= time;
  }

  function giveUp(): void {
    release?.();
    release = undefined;
  }
}

/** A function, because the compiler assumes that `signal.aborted` does not change during `await`. */
function isAborted(signal: AbortSignal): boolean {
  return signal.aborted;
}
