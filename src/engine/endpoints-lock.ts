import type { Plan } from '../plan/plan.ts';
import type { EnginePlatform } from './engine.ts';

/**
 * The lock of the endpoints of a project. A rollout holds it while it leads connections away from pods that are about to stop:
 * a watcher would lead them there again, as these pods still run. A watcher holds it only while it sets rules.
 */
export interface EndpointsLock {
  /** Undefined if another podpose holds it. */
  readonly take: () => Promise<(() => void) | undefined>;
}

const TRY_AGAIN_MILLISECONDS = 50;

export function endpointsLock(
  { lock, pid }: Pick<EnginePlatform, 'lock' | 'pid'>,
  project: string,
): EndpointsLock {
  return {
    take: async () => {
      const answer = await lock(`${project}.endpoints`, `podpose, process ${pid}`);
      return answer.ok && answer.value.kind === 'taken' ? answer.value.release : undefined;
    },
  };
}

/** Takes the lock for a plan in which pods stop after they have left the endpoints of Services. Returns its release. */
export async function holdEndpoints(
  platform: Pick<EnginePlatform, 'lock' | 'pid' | 'clock'>,
  { project, steps }: Plan,
  stop: AbortSignal,
): Promise<() => void> {
  const ids = new Set(
    steps.flatMap(({ id, operation }) => (operation.kind === 'set-service-rules' ? [id] : [])),
  );
  if (!steps.some(({ needs }) => needs.some((id) => ids.has(id)))) return () => undefined;
  const { take } = endpointsLock(platform, project);
  for (;;) {
    const release = await take();
    if (release !== undefined || stop.aborted) return release ?? (() => undefined);
    await platform.clock.sleep(TRY_AGAIN_MILLISECONDS, stop);
  }
}
