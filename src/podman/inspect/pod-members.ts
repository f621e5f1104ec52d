import { memoize } from '../../base/memoize.ts';
import type { ObservedContainer } from './observed.ts';

/** The containers in a pod, without its infra container, in the order of the list. */
export function podMembers(
  pod: string,
  containers: readonly ObservedContainer[],
): readonly ObservedContainer[] {
  return byPod(containers).get(pod) ?? [];
}

/** The containers with a name in podman. */
export function containersNamed(
  name: string,
  containers: readonly ObservedContainer[],
): readonly ObservedContainer[] {
  return byName(containers).get(name) ?? [];
}

const byPod = memoize((containers: readonly ObservedContainer[]) =>
  grouped(containers, ({ podName }) => podName),
);

const byName = memoize((containers: readonly ObservedContainer[]) => grouped(containers, ({ name }) => name));

function grouped<K>(
  containers: readonly ObservedContainer[],
  keyOf: (container: ObservedContainer) => K,
): ReadonlyMap<K, readonly ObservedContainer[]> {
  const groups = new Map<K, ObservedContainer[]>();
  for (const container of containers) {
    const group = groups.get(keyOf(container));
    if (group === undefined) groups.set(keyOf(container), [container]);
    else group.push(container);
  }
  return groups;
}
