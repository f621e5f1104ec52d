import { stableJson } from '../../base/stable-json.ts';
import type { DesiredContainer } from '../../kube/spec/desired.ts';
import type { ObservedContainer } from '../../podman/inspect/observed.ts';
import type { ContainerDecision, PodDecision } from './decision.ts';
import type { FoundContainers } from './found-containers.ts';
import { desiredSources, mountedSources } from '../compare/last-applied.ts';

/**
 * Whether containers are replaced while the surplus ones stop, so that one grace period is enough for all. Where anything
 * else has to stop first (leftovers of a run that was cut short, all containers before init containers run again), or a
 * part of a volume is opened for a new container, that comes first as ever.
 */
export function replacesWhileRemoving(decision: PodDecision): boolean {
  const { pod, init, containers, leftovers, removed, toStop } = decision;
  const surplusNames = new Set(removed.map(({ name }) => name));
  const replaced = containers.filter(isReplaced);
  return (
    pod.kind === 'keep' &&
    init.length === 0 &&
    leftovers.length === 0 &&
    toStop.length > 0 &&
    toStop.every((name) => surplusNames.has(name)) &&
    replaced.length > 0 &&
    !replaced.some(({ container }) => container.volumeMounts.some(({ subPath }) => subPath !== undefined))
  );
}

/** Whether a new container takes the place of one that runs. */
export function isReplaced({ action }: ContainerDecision): boolean {
  return action.kind === 'replace' && action.isRunning;
}

/**
 * Marks a new container that may not run beside a surplus one: it mounts a volume of it that its own old one had not, and
 * there would be two that write to it; or nothing starts it again when it ends since the other one has its port still.
 */
export function orderAfterRemoved(
  decided: ContainerDecision,
  found: Pick<FoundContainers, 'byName'>,
  removed: readonly ObservedContainer[],
): ContainerDecision {
  const { container, action } = decided;
  if (action.kind !== 'replace' || removed.length === 0) return decided;
  const old = found.byName.get(container.name);
  const waits = container.restartPolicy !== 'Always' || mountsVolumeOfRemoved(container, old, removed);
  return waits ? { ...decided, action: { ...action, waitsForRemoved: true } } : decided;
}

function mountsVolumeOfRemoved(
  container: DesiredContainer,
  old: ObservedContainer | undefined,
  removed: readonly ObservedContainer[],
): boolean {
  const had = sourcesOf(old === undefined ? [] : [old]);
  const others = sourcesOf(removed);
  return desiredSources(container)
    .map(stableJson)
    .some((source) => others.has(source) && !had.has(source));
}

function sourcesOf(containers: readonly ObservedContainer[]): ReadonlySet<string> {
  return new Set(
    containers.flatMap(({ labels }) => mountedSources(labels)).map(([, source]) => stableJson(source)),
  );
}
