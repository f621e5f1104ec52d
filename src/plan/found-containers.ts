import type { DesiredPod } from '../pod/desired.ts';
import { containerName, replacementName } from '../podman/names.ts';
import type { ObservedContainer, ObservedState } from '../podman/observed.ts';

/** The containers of one pod as podman has them, by their names in the pod. */
export interface FoundContainers {
  readonly byName: ReadonlyMap<string, ObservedContainer>;
  /** Those that were to take the place of another when a run was cut short. */
  readonly replacements: ReadonlyMap<string, ObservedContainer>;
}

/**
 * Sorts out what podman has of a pod. A container is known by its labels, and so under any name; where two
 * claim to be the same, the one with the right name is it, and the others are left over from something.
 */
export function findContainers(
  pod: Pick<DesiredPod, 'name'>,
  observed: Pick<ObservedState, 'containers'>,
): FoundContainers {
  const byName = new Map<string, ObservedContainer>();
  const replacements = new Map<string, ObservedContainer>();
  const own = observed.containers
    .filter(({ podName, owner }) => podName === pod.name && owner?.pod === pod.name)
    .sort((a, b) => (a.name < b.name ? -1 : 1));
  for (const container of own) {
    const name = container.owner?.name;
    if (name === undefined) continue;
    if (container.name === replacementName(pod, { name })) replacements.set(name, container);
    else if (!byName.has(name) || container.name === containerName(pod, { name }))
      byName.set(name, container);
  }
  return { byName, replacements };
}
