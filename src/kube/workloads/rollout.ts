import { amountOf, type IntOrPercent } from '../validation/workload/numbers.ts';
import type { WorkloadObject } from './workload.ts';

/** How the pods of a workload make way for those of a changed template. */
export interface Rollout {
  readonly order: RolloutOrder;
  /** How many seconds a pod must have been ready until it counts as available. */
  readonly minReadySeconds: number;
  /** The seconds that each new pod has to become available. */
  readonly deadlineSeconds: number;
  /** Pods that run keep an earlier template until they are removed (OnDelete). */
  readonly isOnDelete: boolean;
}

/**
 * - `rolling`: new pods have other names than old ones, and replace them within two limits: at most so many pods more than
 *   replicas, and so many available ones fewer
 * - `recreate`: all old pods are removed before the new ones are created
 * - `by-hand`: as `recreate`, and no pod is waited for: on a cluster, a user would remove the old ones
 * - `ordinal`: pods have the same names before and after. They are created one after another, unless `isParallel`, and changed
 *   one after another in reverse; those with a number below the partition keep an earlier template
 */
export type RolloutOrder =
  | { readonly kind: 'rolling'; readonly maxSurge: number; readonly maxUnavailable: number }
  | { readonly kind: 'recreate' | 'by-hand' }
  | { readonly kind: 'ordinal'; readonly isParallel: boolean; readonly partition: number };

/** The default of a Deployment. podpose takes it for other workloads, too, for which a cluster waits without an end. */
const PROGRESS_DEADLINE_SECONDS = 600;
const PERCENT_OF_ROLLING_UPDATE = '25%';

/**
 * The rollout of a workload by its strategy.
 * @param replicas the number of its pods
 * @param isSingle only one of its pods can run on this machine: an old one makes way first
 */
export function rolloutOf(object: WorkloadObject, replicas: number, isSingle: boolean): Rollout {
  const { minReadySeconds = 0 } = object.kind === 'Job' ? {} : (object.value.spec ?? {});
  const common = {
    minReadySeconds: Math.max(0, minReadySeconds),
    deadlineSeconds: PROGRESS_DEADLINE_SECONDS,
    isOnDelete: false,
  };
  switch (object.kind) {
    case 'Deployment': {
      const { strategy, progressDeadlineSeconds } = object.value.spec ?? {};
      const isRecreated = isSingle || strategy?.type === 'Recreate';
      const limits = deploymentLimits(strategy?.rollingUpdate ?? {}, replicas);
      return {
        ...common,
        deadlineSeconds: Math.max(0, progressDeadlineSeconds ?? PROGRESS_DEADLINE_SECONDS),
        order: isRecreated ? { kind: 'recreate' } : { kind: 'rolling', ...limits },
      };
    }
    case 'DaemonSet': {
      const { rollingUpdate, type } = object.value.spec?.updateStrategy ?? {};
      const surges = !isSingle && (amountOf(rollingUpdate?.maxSurge ?? 0) ?? 0) > 0;
      const limits = surges ? { maxSurge: 1, maxUnavailable: 0 } : { maxSurge: 0, maxUnavailable: 1 };
      return { ...common, isOnDelete: type === 'OnDelete', order: { kind: 'rolling', ...limits } };
    }
    case 'StatefulSet': {
      const { podManagementPolicy, updateStrategy } = object.value.spec ?? {};
      return {
        ...common,
        isOnDelete: updateStrategy?.type === 'OnDelete',
        order: {
          kind: 'ordinal',
          isParallel: podManagementPolicy === 'Parallel',
          partition: updateStrategy?.rollingUpdate?.partition ?? 0,
        },
      };
    }
    // Their controllers leave existing pods alone: a user who deletes them gets pods of the new template.
    case 'ReplicaSet':
    case 'ReplicationController':
    // An API server refuses a changed template: a user who deletes the Job gets pods of the new one.
    case 'Job':
      return { ...common, order: { kind: 'by-hand' } };
  }
}

/**
 * The limits of a rolling update: a surge is rounded up, unavailable pods are rounded down. If both are 0, one pod may be
 * unavailable (ResolveFenceposts in pkg/controller/deployment/util).
 */
export function deploymentLimits(
  {
    maxSurge = PERCENT_OF_ROLLING_UPDATE,
    maxUnavailable = PERCENT_OF_ROLLING_UPDATE,
  }: { readonly maxSurge?: IntOrPercent | undefined; readonly maxUnavailable?: IntOrPercent | undefined },
  replicas: number,
): { readonly maxSurge: number; readonly maxUnavailable: number } {
  const surge = podsOf(maxSurge, replicas, Math.ceil);
  const unavailable = Math.min(replicas, podsOf(maxUnavailable, replicas, Math.floor));
  return { maxSurge: surge, maxUnavailable: surge + unavailable === 0 ? 1 : unavailable };
}

/** Mistakes are reported elsewhere, and count as 0 here. */
function podsOf(value: IntOrPercent, replicas: number, round: (pods: number) => number): number {
  const amount = amountOf(value) ?? 0;
  return Math.max(0, typeof value === 'number' ? amount : round((amount * replicas) / 100));
}
