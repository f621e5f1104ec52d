import { appliedContainers } from '../../podman/inspect/container-list.ts';
import type { ObservedPod } from '../../podman/inspect/observed.ts';
import { isCreated, type ListRecordDecision, type PodDecision } from './decision.ts';
import type { PodContext } from './pod-context.ts';

/**
 * Whether a record container has to store the list of a kept pod's containers: the stored list has app containers that are
 * not in the manifest, which would count as not created yet once they are removed. A container that is created stores the
 * new list itself.
 */
export function decideListRecord(
  { desired, observed }: PodContext,
  pod: ObservedPod,
  { init, containers, removed }: Pick<PodDecision, 'init' | 'containers' | 'removed'>,
): ListRecordDecision | undefined {
  if ([...init, ...containers].some(isCreated)) return undefined;
  // A removed container may be the one that stores the list.
  const kept =
    removed.length === 0
      ? observed.containers
      : observed.containers.filter(({ id }) => !removed.some((one) => one.id === id));
  const unwanted = (appliedContainers(pod, kept) ?? [])
    .filter(({ role, name }) => role === 'container' && !desired.containers.some((one) => one.name === name))
    .map(({ name }) => name);
  if (unwanted.length === 0) return undefined;
  return { gone: unwanted.filter((name) => !removed.some(({ owner }) => owner?.name === name)) };
}
