/** A rolling update of pods that have other names than those that they replace. */
export interface RollingUpdate {
  readonly replicas: number;
  readonly maxSurge: number;
  readonly maxUnavailable: number;
  /** The existing pods that stay. */
  readonly kept: { readonly available: number; readonly unavailable: number };
  /** The number of pods to create. */
  readonly created: number;
  /** The existing pods that go. */
  readonly removed: { readonly available: number; readonly unavailable: number };
}

/**
 * What each pod waits for, by its place in its list; undefined for nothing. A pod that is created waits until a pod is gone. An
 * available pod that is removed waits until a pod has become available: first the unavailable ones that stay, then those
 * that are created. Unavailable ones are removed first, and wait for nothing.
 */
export interface RollingOrder {
  /** For each pod that is created, the removal that it waits for: unavailable pods first. */
  readonly created: readonly (number | undefined)[];
  /** For each pod that is removed, unavailable ones first, the pod whose availability it waits for. */
  readonly removed: readonly (number | undefined)[];
}

/**
 * The order of a rolling update, as a controller of Deployments finds it step by step (pkg/controller/deployment/rolling.go):
 * at no time are there more pods than replicas and surge, or fewer available ones than replicas without the unavailable
 * ones, unless it begins like that. Each wait is for another pod, so that this holds whichever pod is the quickest.
 */
export function rollingOrder(update: RollingUpdate): RollingOrder {
  const { replicas, maxSurge, maxUnavailable, kept, created, removed } = update;
  const existing = kept.available + kept.unavailable + removed.available + removed.unavailable;
  const createdAtOnce = replicas + maxSurge - existing;
  const available = kept.available + removed.available;
  const removedAtOnce = available - (replicas - maxUnavailable);
  return {
    created: waits(created, createdAtOnce),
    removed: [
      ...Array.from({ length: removed.unavailable }, () => undefined),
      ...waits(removed.available, removedAtOnce),
    ],
  };
}

/** The first ones wait for nothing, and each of the others for another event. */
function waits(count: number, atOnce: number): readonly (number | undefined)[] {
  return Array.from({ length: count }, (_, index) => (index < atOnce ? undefined : index - atOnce));
}
