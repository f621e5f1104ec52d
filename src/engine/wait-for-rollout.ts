import type { DesiredPod } from '../kube/spec/desired.ts';
import type { ObservedContainer } from '../podman/inspect/observed.ts';
import { observedRolloutStatus, type RolloutStatus } from './rollout-status.ts';
import type { Clock } from '../platform/clock.ts';

const POLL_MILLISECONDS = 500;

/** Polls until the rollout is complete or failed, or until a signal. */
export async function waitForRollout(
  pods: readonly DesiredPod[],
  poll: () => Promise<readonly ObservedContainer[]>,
  clock: Clock,
  stop: AbortSignal,
): Promise<RolloutStatus> {
  for (;;) {
    const status = observedRolloutStatus(pods, await poll());
    if (status.kind !== 'progressing' || stop.aborted) return status;
    await clock.sleep(POLL_MILLISECONDS, stop);
  }
}
