import { runsToEnd } from '../../kube/spec/restart-policy.ts';
import type { ObservedContainer } from '../../podman/inspect/observed.ts';
import type { ContainerDecision } from './decision.ts';
import { canStop } from './found-containers.ts';
import { isRenamed, removedContainers, type PodContext } from './pod-context.ts';

/**
 * Running containers that stop before anything else, by podman's names: containers to remove, to recreate or to restart.
 * They stop together, within one grace period.
 */
export function containersToStop(
  { desired, observed, found }: PodContext,
  decisions: readonly ContainerDecision[],
  {
    removed,
    leftovers,
    restarted,
  }: {
    readonly removed: readonly ObservedContainer[];
    /** By podman's names. */
    readonly leftovers: readonly string[];
    readonly restarted: readonly ObservedContainer[];
  },
): readonly string[] {
  const recreated = decisions.flatMap(({ container, action }) => {
    const existing = found.byName.get(container.name);
    const isRemoved = (action.kind === 'run' && action.removesExisting) || action.kind === 'finish-replace';
    return isRemoved && existing !== undefined && !isRenamed(desired, existing) ? [existing] : [];
  });
  const left = observed.containers.filter(({ name }) => leftovers.includes(name));
  const all = [
    ...removed,
    ...left,
    ...recreated,
    ...restarted.filter((container) => !isRenamed(desired, container)),
  ].filter(canStop);
  return [...new Set(all.map(({ name }) => name))];
}

/**
 * Containers to remove before others are created, by podman's names: leftovers of interrupted runs, replacements that are
 * not needed, and renamed or paused containers that are recreated.
 */
export function leftoversOf(
  { desired, found }: PodContext,
  decisions: readonly ContainerDecision[],
): readonly string[] {
  const needed = new Set(
    decisions.flatMap(({ action }) =>
      action.kind === 'rename' || action.kind === 'finish-replace' ? [action.from] : [],
    ),
  );
  const conflicting = decisions.flatMap(({ container, action }) => {
    const existing = found.byName.get(container.name);
    const isConflicting =
      existing?.owner?.role === container.role &&
      (existing.state === 'paused' ||
        isRenamed(desired, existing) ||
        // A killed run has left it running. Earlier init containers must not run at the same time.
        (runsToEnd(container) && existing.state === 'running' && container !== decisions[0]?.container));
    return action.kind === 'run' && isConflicting ? [existing.name] : [];
  });
  const replacements = [...found.replacements.values()].map(({ name }) => name);
  return [...replacements, ...conflicting, ...found.leftovers].filter((name) => !needed.has(name));
}

/** Record containers of updates to containers that are recreated or removed, by podman's names. */
export function obsoleteRecords(
  context: PodContext,
  decisions: readonly ContainerDecision[],
): readonly string[] {
  const recreated = decisions.filter(({ action }) =>
    ['run', 'replace', 'finish-replace'].includes(action.kind),
  );
  const gone = new Set([
    ...recreated.map(({ container }) => container.name),
    ...removedContainers(context).map(({ owner }) => owner?.name ?? ''),
  ]);
  return [...context.found.byName].flatMap(([name, { record }]) =>
    record !== undefined && gone.has(name) ? [record] : [],
  );
}
