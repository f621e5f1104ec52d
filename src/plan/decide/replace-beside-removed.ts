import { stableJson } from '../../base/stable-json.ts';
import type { DesiredContainer } from '../../kube/spec/desired.ts';
import type { ObservedContainer } from '../../podman/inspect/observed.ts';
import type { ContainerDecision, PodDecision } from './decision.ts';
import type { FoundContainers } from './found-containers.ts';
import { desiredSources, mountedSources } from '../compare/last-applied.ts';

/**
 * Whether containers are replaced while removed containers stop, which takes one grace period instead of two. Not if
 * other containers must stop first (leftovers of interrupted runs, app containers before init containers re-run), or if a
 * replacement mounts a subPath.
 */
export function replacesWhileRemoving(decision: PodDecision): boolean {
  const { pod, init, containers, leftovers, removed, toStop } = decision;
  const removedNames = new Set(removed.map(({ name }) => name));
  const replaced = containers.filter(isReplaced);
  return (
    pod.kind === 'keep' &&
    init.length === 0 &&
    leftovers.length === 0 &&
    toStop.length > 0 &&
    toStop.every((name) => removedNames.has(name)) &&
    replaced.length > 0 &&
    !replaced.some(({ container }) => container.volumeMounts.some(({ subPath }) => subPath !== undefined))
  );
}

/** Whether a running container is replaced. */
export function isReplaced({ action }: ContainerDecision): boolean {
  return action.kind === 'replace' && action.isRunning;
}

/**
 * Marks a replacement that must not start before removed containers have stopped: it takes over a volume of one of them,
 * and both would write to it; or podman would not restart it if it exits because a removed container still uses its port.
 */
export function orderAfterRemoved(
  decision: ContainerDecision,
  found: Pick<FoundContainers, 'byName'>,
  removed: readonly ObservedContainer[],
): ContainerDecision {
  const { container, action } = decision;
  if (action.kind !== 'replace' || removed.length === 0) return decision;
  const old = found.byName.get(container.name);
  const waits = container.restartPolicy !== 'Always' || mountsVolumeOfRemoved(container, old, removed);
  return waits ? { ...decision, action: { ...action, waitsForRemoved: true } } : decision;
}

function mountsVolumeOfRemoved(
  container: DesiredContainer,
  old: ObservedContainer | undefined,
  removed: readonly ObservedContainer[],
): boolean {
  const before = sourcesOf(old === undefined ? [] : [old]);
  const ofRemoved = sourcesOf(removed);
  return desiredSources(container)
    .map(stableJson)
    .some((source) => ofRemoved.has(source) && !before.has(source));
}

function sourcesOf(containers: readonly ObservedContainer[]): ReadonlySet<string> {
  return new Set(
    containers.flatMap(({ labels }) => mountedSources(labels)).map(([, source]) => stableJson(source)),
  );
}
