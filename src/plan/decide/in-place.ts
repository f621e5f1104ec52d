import type { FieldPath } from '../../base/path.ts';
import type { DesiredPod } from '../../kube/spec/desired.ts';
import { lastingContainers } from '../../kube/spec/restart-policy.ts';
import type { UpdatablePart } from '../../podman/operations/container-update.ts';
import type { ObservedState } from '../../podman/inspect/observed.ts';
import type { Difference } from '../compare/difference.ts';
import { findContainers } from './found-containers.ts';
import { containerDifferences } from '../compare/last-applied.ts';

/** The parts to change with `podman update`. Undefined if it cannot change all of the fields. */
export function updatableParts(fields: readonly Difference[]): readonly UpdatablePart[] | undefined {
  const parts = fields.map(({ path }) => partOf(path));
  return parts.includes(undefined) ? undefined : [...new Set(parts.filter((part) => part !== undefined))];
}

/** Also for paths of a manifest, where the restart policy is a field of the pod: `spec.restartPolicy`. */
function partOf([first, second]: FieldPath): UpdatablePart | undefined {
  const field = first === 'spec' ? second : first;
  return field === 'resources' || field === 'restartPolicy' ? field : undefined;
}

/** Whether a limit is removed: `podman update` can change a limit, but not remove it. */
export function removedLimit(fields: readonly Difference[]): 'limit-removed' | undefined {
  return fields.some(({ path, after }) => partOf(path) === 'resources' && after === undefined)
    ? 'limit-removed'
    : undefined;
}

/** Whether any container could be updated in place, so that podman's capability to do so matters. */
export function needsUpdateCapability(
  pods: readonly DesiredPod[],
  observed: Pick<ObservedState, 'containers'>,
): boolean {
  return pods.some((pod) => {
    const { byName } = findContainers(pod, observed);
    return lastingContainers(pod).some((container) => {
      const existing = byName.get(container.name);
      const fields = existing === undefined ? [] : containerDifferences(container, existing);
      return fields.length > 0 && updatableParts(fields) !== undefined;
    });
  });
}
