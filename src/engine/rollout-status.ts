import type { DesiredPod } from '../kube/spec/desired.ts';
import { rolloutStatusOf, type RolloutStatus } from '../kube/status/rollout-status.ts';
import type { ObservedContainer } from '../podman/inspect/observed.ts';
import { containerName } from '../podman/names.ts';

export type { FailedContainer, RolloutStatus } from '../kube/status/rollout-status.ts';

/** Rollout status of pods from the containers that podman lists. */
export function observedRolloutStatus(
  pods: readonly DesiredPod[],
  containers: readonly ObservedContainer[],
): RolloutStatus {
  const byName = new Map(containers.map((container) => [container.name, container]));
  return rolloutStatusOf(pods, (pod, container) => byName.get(containerName(pod, container)));
}
