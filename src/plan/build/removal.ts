import { isPodVolumeRole } from '../../podman/labels.ts';
import type { ObservedContainer, ObservedVolume } from '../../podman/inspect/observed.ts';
import { mountsSubPath } from '../compare/last-applied.ts';
import type { Step } from '../step.ts';

/** Stops and removes a pod with its containers. */
export function removePodSteps(
  {
    pod,
    isPaused,
    isAdopted = false,
    containers,
  }: {
    readonly pod: string;
    readonly isPaused: boolean;
    /** Whether something else than podpose created the pod. */
    readonly isAdopted?: boolean;
    readonly containers: number;
  },
  graceSeconds: number,
  cause: string,
  needs: readonly string[],
): readonly Step[] {
  return [
    {
      id: `remove-pod/${pod}`,
      needs,
      cause,
      operation: {
        kind: 'remove-pod',
        pod,
        graceSeconds,
        containers,
        ...(isPaused ? { isPaused } : {}),
        ...(isAdopted ? { isAdopted } : {}),
      },
    },
  ];
}

/** Closes the subPaths of volumes that were opened for containers of a pod. */
export function closeSubPathsSteps(
  pod: string,
  containers: readonly ObservedContainer[],
  cause: string,
  needs: readonly string[],
): readonly Step[] {
  if (!containers.some(({ labels }) => mountsSubPath(labels))) return [];
  return [{ id: `close-sub-paths/${pod}`, needs, cause, operation: { kind: 'close-sub-paths', pod } }];
}

/** Removes volumes of a pod, after the containers that mount them. Volumes of PersistentVolumeClaims are kept. */
export function removeVolumeSteps(
  pod: string,
  volumes: readonly ObservedVolume[],
  cause: string,
  needs: readonly string[],
): readonly Step[] {
  const names = volumes
    .filter(({ owner }) => owner?.pod === pod && isPodVolumeRole(owner.role))
    .map(({ name }) => name)
    .sort();
  if (names.length === 0) return [];
  return [
    { id: `remove-volumes/${pod}`, needs, cause, operation: { kind: 'remove-volumes', volumes: names } },
  ];
}

/**
 * Removes containers, and stops those that run, within the grace period.
 * @param containers podman's names
 */
export function removeContainersSteps(
  id: string,
  containers: readonly string[],
  graceSeconds: number,
  cause: string,
  needs: readonly string[],
): readonly Step[] {
  if (containers.length === 0) return [];
  const sorted = [...containers].sort();
  return [{ id, needs, cause, operation: { kind: 'remove-containers', containers: sorted, graceSeconds } }];
}
