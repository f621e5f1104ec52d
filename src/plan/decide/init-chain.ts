import type { ObservedContainer } from '../../podman/inspect/observed.ts';
import type { Reason } from '../change.ts';
import { containerReason, hasOtherInitChain } from '../compare/compare.ts';
import { containerDifferences } from '../compare/last-applied.ts';
import { isCompleted, staysCompleted } from './decide-container.ts';
import type { ContainerDecision } from './decision.ts';
import { differs, removedContainers, type PodContext } from './pod-context.ts';

/** State of the init containers of an existing pod. */
export type InitChain =
  /** They have completed, and the app containers were created after them. */
  | { readonly kind: 'completed' }
  /** The pod was never initialized: init containers run from the first that has not completed. */
  | { readonly kind: 'incomplete'; readonly sandboxStartedAt: number }
  /** The whole pod was stopped: init containers re-run, or an interrupted re-run continues. */
  | { readonly kind: 'restart'; readonly sandboxStartedAt: number }
  /** The manifest has changed init containers: all re-run. */
  | { readonly kind: 'changed' };

/** The app containers of an existing pod, as far as they tell whether it was initialized. */
export interface AppContainers {
  /** In the order of the manifest. Undefined: missing. */
  readonly existing: readonly (ObservedContainer | undefined)[];
  /** Whether any of them has ever started. */
  readonly haveStarted: boolean;
  /** Start of the infra container, in seconds since 1970. Infinity if it is not running. */
  readonly sandboxStartedAt: number;
}

export function initChainOf(context: PodContext, apps: AppContainers): InitChain {
  const { desired, observed } = context;
  const { existing, haveStarted, sandboxStartedAt } = apps;
  if (!haveStarted) return { kind: 'incomplete', sandboxStartedAt };
  const isChanged = existing.some(
    (container) => container !== undefined && hasOtherInitChain(desired, container),
  );
  if (isChanged) return { kind: 'changed' };
  const haveCompleted = desired.containers.every(
    (container, index) =>
      staysCompleted(container, existing[index]) && !differs(container, existing[index], observed),
  );
  const runInSandbox = existing.some((container) => (container?.startedAt ?? 0) >= sandboxStartedAt);
  return haveCompleted || (runInSandbox && !wasInterrupted(context, existing))
    ? { kind: 'completed' }
    : { kind: 'restart', sandboxStartedAt };
}

/**
 * Whether an interrupted run has stopped the app containers to re-run other init containers. The manifest may have been
 * changed back since, to the init containers that the app containers were created after.
 */
function wasInterrupted(
  { desired, found }: PodContext,
  apps: readonly (ObservedContainer | undefined)[],
): boolean {
  const isUp = apps.some((container) => container?.state === 'running' || container?.state === 'paused');
  return (
    !isUp &&
    desired.initContainers.some((container) => {
      const existing = found.byName.get(container.name);
      return (
        existing?.owner?.role === 'init' &&
        (!isCompleted(existing) || containerDifferences(container, existing).length > 0)
      );
    })
  );
}

/** Init containers to run: from the first that has not completed to the last. */
export function decideInit(context: PodContext, chain: InitChain): readonly ContainerDecision[] {
  const { desired, observed, found } = context;
  const first = firstToRun(context, chain);
  if (first === undefined) return [];
  return desired.initContainers.slice(first).map((container): ContainerDecision => {
    const existing = found.byName.get(container.name);
    if (existing === undefined)
      return { container, action: { kind: 'run', removesExisting: false }, reason: { kind: 'absent' } };
    return {
      container,
      action: { kind: 'run', removesExisting: true },
      reason: containerReason(container, existing, observed) ?? initReason(chain, existing),
    };
  });
}

function firstToRun({ desired, observed, found }: PodContext, chain: InitChain): number | undefined {
  if (chain.kind === 'completed') return undefined;
  if (chain.kind === 'changed') return 0;
  const first = desired.initContainers.findIndex((container) => {
    const existing = found.byName.get(container.name);
    const counts = isCompleted(existing) && existing.startedAt >= chain.sandboxStartedAt;
    return !counts || differs(container, existing, observed);
  });
  return first < 0 ? undefined : first;
}

function initReason(chain: InitChain, existing: ObservedContainer): Reason {
  if (chain.kind === 'restart') return { kind: 'pod-restarts' };
  const { state, exitCode } = existing;
  // It has completed, but follows an init container that has not.
  if (chain.kind === 'changed' || isCompleted(existing))
    return { kind: 'init-chain-differs', containers: [] };
  return { kind: 'init-unfinished', ...(state === 'exited' ? { exitCode } : {}) };
}

/** Names the changed init containers. Empty if only their order has changed. */
export function initChainDifference(context: PodContext): Reason {
  const { desired, observed, found } = context;
  const changed = desired.initContainers.filter((container) =>
    differs(container, found.byName.get(container.name), observed),
  );
  const removed = removedContainers(context).filter(({ owner }) => owner?.role === 'init');
  return {
    kind: 'init-chain-differs',
    containers: [...changed.map(({ name }) => name), ...removed.map(({ owner }) => owner?.name ?? '')],
  };
}
