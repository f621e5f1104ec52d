import type { DesiredPod } from '../../kube/spec/desired.ts';
import { lastingContainers, mayRestart } from '../../kube/spec/restart-policy.ts';
import type { ObservedContainer, ObservedState } from '../../podman/inspect/observed.ts';
import { isLabelledWatched } from '../../podman/labels.ts';
import { containerName } from '../../podman/names.ts';

/**
 * The containers that were restarted, or that may be about to be restarted. podman does not count the restarts by
 * podpose's watcher, and the `podman ps` of podman 4.3 has no number of restarts: those that have ended before may be
 * restarted, or started again.
 */
export function restartedContainers(
  pods: readonly DesiredPod[],
  { containers }: Pick<ObservedState, 'containers'>,
): readonly ObservedContainer[] {
  const wanted = new Map(
    pods.flatMap((pod) => lastingContainers(pod).map((one) => [containerName(pod, one), one] as const)),
  );
  return containers.filter(({ name, owner, restarts, exitedAt, labels }) => {
    const container = wanted.get(name);
    const isRestarted = container !== undefined && mayRestart(container);
    const isCounted = restarts !== undefined && !isLabelledWatched(labels);
    return isRestarted && owner !== undefined && (isCounted ? restarts > 0 : exitedAt > 0);
  });
}
