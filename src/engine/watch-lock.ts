import type { Engine } from './engine.ts';

/** The time for which another podpose can take the lock of the project, before this one takes it again. */
const LOCK_GAP_MILLISECONDS = 250;

/** How long starts and stops share the lock, at the most from the first one on: another podpose may wait for it. */
const SHARED_MILLISECONDS = 2000;

/** The lock that a watcher holds while it starts or stops containers. */
export interface WatchLock {
  /** Whether another podpose may change the project while this one does not hold the lock. */
  readonly isShared: boolean;
  /** Undefined if another podpose holds the lock, or has waited for it long enough. */
  readonly take: () => Promise<(() => void) | undefined>;
}

/** The lock is held for as long as the watch lasts. */
export const HELD_LOCK: WatchLock = { isShared: false, take: () => Promise.resolve(() => undefined) };

/** Whether another podpose changes the project now. */
export async function isChangedByOther(
  { platform }: Pick<Engine, 'platform'>,
  project: string,
): Promise<boolean> {
  const own = holderName(platform.pid);
  const answer = await platform.lock(project, own);
  if (!answer.ok) return false;
  if (answer.value.kind === 'busy') return answer.value.holder !== own;
  answer.value.release();
  return false;
}

function holderName(pid: number): string {
  return `podpose watcher, process ${pid}`;
}

/**
 * The lock of the project, shared for some time by the starts and stops of this watcher. After it is released, another podpose
 * has time to take it.
 */
export function watchLock(
  { platform }: Pick<Engine, 'platform'>,
  project: string,
  stop: AbortSignal,
): WatchLock {
  let holders = 0;
  let taking: Promise<(() => void) | undefined> | undefined;
  let sharedUntil = Infinity;
  let freeAt = -Infinity;
  const take = async () => {
    const pause = freeAt - platform.clock.now();
    if (pause > 0) await platform.clock.sleep(pause, stop);
    const answer = await platform.lock(project, holderName(platform.pid));
    sharedUntil = platform.clock.now() + SHARED_MILLISECONDS;
    return answer.ok && answer.value.kind === 'taken' ? answer.value.release : undefined;
  };
  return {
    isShared: true,
    take: async () => {
      if (taking !== undefined && platform.clock.now() > sharedUntil) return undefined;
      holders++;
      taking ??= take();
      const release = await taking;
      const leave = () => {
        holders--;
        if (holders > 0) return;
        [taking, sharedUntil] = [undefined, Infinity];
        release?.();
        if (release !== undefined) freeAt = platform.clock.now() + LOCK_GAP_MILLISECONDS;
      };
      if (release !== undefined) return leave;
      leave();
      return undefined;
    },
  };
}
