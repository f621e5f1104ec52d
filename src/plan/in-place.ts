import type { FieldPath } from '../base/path.ts';
import type { DesiredContainer, DesiredPod } from '../pod/desired.ts';
import { podmanResources, podmanRestartPolicy, type PodmanResources } from '../podman/argv/resources.ts';
import type { InForce } from '../podman/in-force.ts';
import type { UpdatablePart } from '../podman/operation.ts';
import type { ObservedState } from '../podman/observed.ts';
import type { Difference } from './difference.ts';
import { findContainers } from './found-containers.ts';
import { containerDifferences } from './remembered.ts';

/** The parts that `podman update` has to change; undefined where something else differs as well. */
export function updatableParts(fields: readonly Difference[]): readonly UpdatablePart[] | undefined {
  const parts = fields.map(({ path }) => partOf(path));
  return parts.includes(undefined) ? undefined : [...new Set(parts.filter((part) => part !== undefined))];
}

function partOf([first]: FieldPath): UpdatablePart | undefined {
  return first === 'resources' || first === 'restartPolicy' ? first : undefined;
}

/** Whether a field that differs from what the container was made with has been brought up to date since. */
export function isUpdated(path: FieldPath, container: DesiredContainer, inForce: InForce): boolean {
  switch (partOf(path)) {
    case 'resources': {
      const wanted = podmanResources(container.resources);
      return RESOURCES.every((resource) => wanted[resource] === inForce.resources[resource]);
    }
    case 'restartPolicy':
      return podmanRestartPolicy(container.restartPolicy) === inForce.restartPolicy;
    case undefined:
      return false;
  }
}

const RESOURCES: readonly (keyof PodmanResources)[] = ['cpu', 'cpuShares', 'memory', 'memoryReservation'];

/** `podman update` can set a limit to something, but not to nothing. */
export function removedLimit(
  container: DesiredContainer,
  inForce: InForce | undefined,
): 'limit-removed' | undefined {
  const wanted = podmanResources(container.resources);
  const isRemoved = RESOURCES.some(
    (resource) => wanted[resource] === 0 && inForce?.resources[resource] !== 0,
  );
  return isRemoved ? 'limit-removed' : undefined;
}

/**
 * The running containers, by their ids, that differ from their manifests in nothing but what `podman update` can
 * change. Only of these a closer look tells more than their labels do.
 */
export function updatableContainers(
  pods: readonly DesiredPod[],
  observed: Omit<ObservedState, 'volumes'>,
): readonly string[] {
  return pods.flatMap((pod) => {
    const { byName } = findContainers(pod, observed);
    return pod.containers.flatMap((container) => {
      const existing = byName.get(container.name);
      const fields = existing === undefined ? [] : containerDifferences(container, existing);
      return existing !== undefined && fields.length > 0 && updatableParts(fields) !== undefined
        ? [existing.id]
        : [];
    });
  });
}
