import type { DesiredContainer, DesiredPod } from '../../kube/spec/desired.ts';
import { containerName } from '../../podman/names.ts';
import type { ObservedContainer, ObservedState } from '../../podman/inspect/observed.ts';
import { containerReason } from '../compare/compare.ts';
import type { FoundContainer, FoundContainers } from './found-containers.ts';

/** Observed state that decisions are based on. Volumes do not matter. */
export type DecideState = Pick<
  ObservedState,
  'pods' | 'containers' | 'images' | 'secrets' | 'updating' | 'crashLoops' | 'notReady'
>;

/** A desired pod with the observed state and its existing containers. */
export interface PodContext {
  readonly desired: DesiredPod;
  readonly observed: DecideState;
  readonly found: FoundContainers;
}

/** Existing containers that are not in the manifest, or have another role there. */
export function removedContainers({ desired, found }: PodContext): readonly FoundContainer[] {
  const wanted = new Set(
    [...desired.initContainers, ...desired.containers].map(({ role, name }) => `${role} ${name}`),
  );
  return [...found.byName.values()].filter(
    ({ owner }) => !wanted.has(`${owner?.role ?? ''} ${owner?.name ?? ''}`),
  );
}

/** Whether a container is missing or differs from the manifest. */
export function differs(
  container: DesiredContainer,
  existing: ObservedContainer | undefined,
  observed: DecideState,
): boolean {
  return existing === undefined || containerReason(container, existing, observed) !== undefined;
}

/** Whether someone else has renamed a container. */
export function isRenamed(pod: DesiredPod, { name, owner }: ObservedContainer): boolean {
  return name !== containerName(pod, { name: owner?.name ?? '' });
}
