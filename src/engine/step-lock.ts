import type { StepLock } from '../apply/context.ts';
import { abortController, anyOf } from '../base/abort.ts';
import type { ObservedPod } from '../podman/inspect/observed.ts';
import type { Engine } from './engine.ts';
import type { WatchLock } from './watch-lock.ts';

/** The time in which podman starts an init container: until then, others would not see it. */
const START_MILLISECONDS = 500;
const BUSY_MILLISECONDS = 500;

export interface StepLockContext {
  readonly platform: Pick<Engine['platform'], 'clock' | 'today'>;
  readonly lock: WatchLock;
  /** The pod that is created; undefined without one, or if podman does not answer. */
  readonly observePod: () => Promise<Pick<ObservedPod, 'infra' | 'infraStartedAt'> | undefined>;
  readonly stop: AbortSignal;
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
    void clock.sleep(START_MILLISECONDS, anyOf(stop, current.signal)).then(() => {
      if (current.signal.aborted) return;
      pausedAt = today();
      giveUp();
    });
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
