import type { DesiredPod } from '../kube/spec/desired.ts';
import type { ObservedContainer } from '../podman/inspect/observed.ts';
import { observedRolloutStatus, type RolloutStatus } from './rollout-status.ts';
import type { Clock } from '../platform/clock.ts';

const LOOK_EVERY_MILLISECONDS = 500;

/** Looks until pods are where their manifests want them, until one has failed, or until it is told to stop. */
export async function waitForRollout(
  pods: readonly DesiredPod[],
  look: () => Promise<readonly ObservedContainer[]>,
  clock: Clock,
  stop: AbortSignal,
): Promise<RolloutStatus> {
  for (;;) {
    const status = observedRolloutStatus(pods, await look());
    if (status.kind !== 'running' || stop.aborted) return status;
    await clock.sleep(LOOK_EVERY_MILLISECONDS, stop);
  }
}
