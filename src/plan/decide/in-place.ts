import type { FieldPath } from '../../base/path.ts';
import type { DesiredPod } from '../../kube/spec/desired.ts';
import type { UpdatablePart } from '../../podman/operations/container-update.ts';
import type { ObservedState } from '../../podman/inspect/observed.ts';
import type { Difference } from '../compare/difference.ts';
import { findContainers } from './found-containers.ts';
import { containerDifferences } from '../compare/last-applied.ts';

/** The parts that `podman update` has to change; undefined where something else differs as well. */
export function updatableParts(fields: readonly Difference[]): readonly UpdatablePart[] | undefined {
  const parts = fields.map(({ path }) => partOf(path));
  return parts.includes(undefined) ? undefined : [...new Set(parts.filter((part) => part !== undefined))];
}

/** The restart policy is the pod's, where the path is that of a manifest. */
function partOf([first, second]: FieldPath): UpdatablePart | undefined {
  const field = first === 'spec' ? second : first;
  return field === 'resources' || field === 'restartPolicy' ? field : undefined;
}

/** `podman update` can set a limit to something, but not to nothing. */
export function removedLimit(fields: readonly Difference[]): 'limit-removed' | undefined {
  return fields.some(({ path, after }) => partOf(path) === 'resources' && after === undefined)
    ? 'limit-removed'
    : undefined;
}

/** Whether a container differs from its manifest in nothing but what `podman update` can change. */
export function needsUpdateCapability(
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
