import { stableJson } from '../base/stable-json.ts';
import type { DesiredContainer } from '../pod/desired.ts';
import type { ObservedContainer } from '../podman/observed.ts';
import type { ContainerDecision, PodDecision } from './decision.ts';
import type { FoundContainers } from './found-containers.ts';
import { desiredSources, mountedSources } from './remembered.ts';

/**
 * Whether containers are replaced while the surplus ones stop, so that one grace period is enough for all. Where anything
 * else has to stop first (leftovers of a run that was cut short, all containers before init containers run again), or a
 * part of a volume is opened for a new container, that comes first as ever.
 */
export function replacesBesideSurplus(decision: PodDecision): boolean {
  const { pod, init, containers, leftovers, surplus, toStop } = decision;
  const surplusNames = new Set(surplus.map(({ name }) => name));
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
export function isReplaced({ way }: ContainerDecision): boolean {
  return way.kind === 'take-over' && way.isRunning;
}

/**
 * Marks a new container that may not run beside a surplus one: it mounts a volume of it that its own old one had not, and
 * there would be two that write to it; or nothing starts it again when it ends since the other one has its port still.
 */
export function besideSurplus(
  decided: ContainerDecision,
  found: Pick<FoundContainers, 'byName'>,
  surplus: readonly ObservedContainer[],
): ContainerDecision {
  const { container, way } = decided;
  if (way.kind !== 'take-over' || surplus.length === 0) return decided;
  const old = found.byName.get(container.name);
  const waits = container.restartPolicy !== 'Always' || inheritsVolume(container, old, surplus);
  return waits ? { ...decided, way: { ...way, waitsForSurplus: true } } : decided;
}

function inheritsVolume(
  container: DesiredContainer,
  old: ObservedContainer | undefined,
  surplus: readonly ObservedContainer[],
): boolean {
  const had = sourcesOf(old === undefined ? [] : [old]);
  const others = sourcesOf(surplus);
  return desiredSources(container)
    .map(stableJson)
    .some((source) => others.has(source) && !had.has(source));
}

function sourcesOf(containers: readonly ObservedContainer[]): ReadonlySet<string> {
  return new Set(
    containers.flatMap(({ labels }) => mountedSources(labels)).map(([, source]) => stableJson(source)),
  );
}
