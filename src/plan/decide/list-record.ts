import {
  appliedContainerList,
  appliedContainers,
  containerList,
} from '../../podman/inspect/container-list.ts';
import type { ObservedContainer, ObservedPod } from '../../podman/inspect/observed.ts';
import { isCreated, type ListRecordDecision, type PodDecision } from './decision.ts';
import type { PodContext } from './pod-context.ts';

/**
 * Whether a record container has to store the list of a kept pod's containers: containers are created, and podman has
 * another list on record, or its list has app containers that are not in the manifest, which would count as missing
 * once they are removed. Another order alone is no change.
 */
export function decideListRecord(
  { desired, observed }: PodContext,
  pod: ObservedPod,
  { init, containers, removed }: Pick<PodDecision, 'init' | 'containers' | 'removed'>,
): ListRecordDecision | undefined {
  const created = [...init, ...containers].filter(isCreated).map(({ container }) => container.name);
  // Older versions stored the list on a container, and it goes with that.
  const lasting = observed.containers.filter(
    ({ id, owner, podName }) =>
      podName !== pod.name ||
      !(
        removed.some((one) => one.id === id) ||
        (owner?.role !== 'note' && created.includes(owner?.name ?? ''))
      ),
  );
  const unwanted = (stored: readonly ObservedContainer[]) =>
    (appliedContainers(pod, stored) ?? [])
      .filter(
        ({ role, name }) => role === 'container' && !desired.containers.some((one) => one.name === name),
      )
      .map(({ name }) => name);
  const isOther = created.length > 0 && appliedContainerList(pod, lasting) !== containerList(desired);
  if (!isOther && unwanted(lasting).length === 0) return undefined;
  const isRemoved = (name: string) => removed.some(({ owner }) => owner?.name === name);
  return { gone: unwanted(observed.containers).filter((name) => !isRemoved(name)) };
}
