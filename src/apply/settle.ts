import type { DesiredPod } from '../pod/desired.ts';
import type { ObservedContainer } from '../podman/observed.ts';
import { progressOf, type Progress } from './await-end.ts';
import type { Clock } from './execute.ts';

const LOOK_EVERY_MILLISECONDS = 500;

/** Looks until pods are where their manifests want them, until one has failed, or until it is told to stop. */
export async function settle(
  pods: readonly DesiredPod[],
  look: () => Promise<readonly ObservedContainer[]>,
  clock: Clock,
  stop: AbortSignal,
): Promise<Progress> {
  for (;;) {
    const progress = progressOf(pods, await look());
    if (progress.kind !== 'running' || stop.aborted) return progress;
    await clock.sleep(LOOK_EVERY_MILLISECONDS, stop);
  }
}
