import { isWatched as needsWatcher } from '../../kube/spec/watched-container.ts';
import type { Operation } from '../../podman/operations/operation.ts';
import { withoutProbe } from '../../podman/operations/readiness.ts';
import type { Plan } from '../plan.ts';

/**
 * A plan whose containers podpose's watcher restarts: podman's restart policy is not used. Existing containers keep
 * theirs until they are replaced or their policy changes.
 */
export function watchedPlan(plan: Plan): Plan {
  return {
    ...plan,
    steps: plan.steps.map((step) => ({ ...step, operation: watched(step.operation) })),
  };
}

function watched(operation: Operation): Operation {
  switch (operation.kind) {
    case 'run-container':
    case 'create-replacement':
    case 'update-container':
      return { ...operation, isWatched: true };
    case 'create-container-record':
      return operation.changesPolicy
        ? { ...operation, isWatched: needsWatcher(operation.container) }
        : operation;
    default:
      return operation;
  }
}

/** A plan that does not wait for probes, which nothing runs without a watcher: a container is ready as soon as it runs. */
export function unwatchedPlan(plan: Plan): Plan {
  const waits = new Map(
    plan.steps.flatMap((step) =>
      step.operation.kind === 'wait-for-startup' ? [[step.id, step] as const] : [],
    ),
  );
  const withoutWaits = (id: string): readonly string[] => waits.get(id)?.needs.flatMap(withoutWaits) ?? [id];
  return {
    ...plan,
    steps: plan.steps
      .filter(({ id }) => !waits.has(id))
      .map((step) => ({
        ...step,
        needs: [...new Set(step.needs.flatMap(withoutWaits))],
        operation: step.operation.kind === 'wait-for-ready' ? withoutProbe(step.operation) : step.operation,
      })),
  };
}
