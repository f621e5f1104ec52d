import type { FieldPath } from '../base/path.ts';
import type { DesiredPod } from '../pod/desired.ts';
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

/** `podman update` can set a limit to something, but not to nothing. */
export function removedLimit(fields: readonly Difference[]): 'limit-removed' | undefined {
  return fields.some(({ path, after }) => partOf(path) === 'resources' && after === undefined)
    ? 'limit-removed'
    : undefined;
}

/** Whether a container differs from its manifest in nothing but what `podman update` can change. */
export function needsUpdateAbility(
  pods: readonly DesiredPod[],
  observed: Pick<ObservedState, 'containers'>,
): boolean {
  return pods.some((pod) => {
    const { byName } = findContainers(pod, observed);
    return pod.containers.some((container) => {
      const existing = byName.get(container.name);
      const fields = existing === undefined ? [] : containerDifferences(container, existing);
      return fields.length > 0 && updatableParts(fields) !== undefined;
    });
  });
}
