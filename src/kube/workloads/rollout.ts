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
