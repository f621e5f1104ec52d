import type { DesiredPod } from '../kube/spec/desired.ts';
import type { ObservedContainer } from '../podman/inspect/observed.ts';
import { progressOf, type Progress } from '../kube/status/rollout-status.ts';
import type { Clock } from '../apply/execute.ts';

const LOOK_EVERY_MILLISECONDS = 500;

/** Looks until pods are where their manifests want them, until one has failed, or until it is told to stop. */
export async function waitForRollout(
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
