import type { DesiredContainer } from '../../kube/spec/desired.ts';
import { isSidecar, runsToEnd, sidecarsOf } from '../../kube/spec/restart-policy.ts';
import type { ObservedContainer } from '../../podman/inspect/observed.ts';
import { isSidecarRecord } from '../../podman/last-applied.ts';
import type { Reason } from '../change.ts';
import { containerReason, hasOtherInitChain } from '../compare/compare.ts';
import { containerDifferences } from '../compare/last-applied.ts';
import { decideContainer, isCompleted, staysCompleted } from './decide-container.ts';
import type { ContainerDecision } from './decision.ts';
import type { FoundContainer } from './found-containers.ts';
import { differs, removedContainers, type PodContext } from './pod-context.ts';

/** State of the init containers of an existing pod. All have the start of its sandbox; Infinity if it is down. */
export type InitChain =
  /** They have completed, and the app containers were created after them. */
  | {
      readonly kind: 'completed';
      readonly sandboxStartedAt: number;
      /** The app containers have completed, too: nothing runs again, and the sidecars were stopped. */
      readonly isPodOver: boolean;
    }
  /** The pod was never initialized: init containers run from the first that has not completed. */
  | { readonly kind: 'incomplete'; readonly sandboxStartedAt: number }
  /** The whole pod was stopped: init containers re-run, or an interrupted re-run continues. */
  | { readonly kind: 'restart'; readonly sandboxStartedAt: number }
  /** The manifest has changed init containers: all re-run. */
  | { readonly kind: 'changed'; readonly sandboxStartedAt: number };

/** The app containers of an existing pod, as far as they tell whether it was initialized. */
export interface AppContainers {
  /** In the order of the manifest. Undefined: missing. */
  readonly existing: readonly (FoundContainer | undefined)[];
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
  if (isChanged) return { kind: 'changed', sandboxStartedAt };
  const haveCompleted = desired.containers.every(
    (container, index) =>
      staysCompleted(container, existing[index], sandboxStartedAt) &&
      !differs(container, existing[index], observed),
  );
  const runInSandbox = existing.some((container) => (container?.startedAt ?? 0) >= sandboxStartedAt);
  return haveCompleted || (runInSandbox && !wasInterrupted(context, existing))
    ? { kind: 'completed', sandboxStartedAt, isPodOver: haveCompleted }
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
    desired.initContainers.filter(runsToEnd).some((container) => {
      const existing = found.byName.get(container.name);
      return (
        existing?.owner?.role === 'init' &&
        (!isCompleted(existing) || containerDifferences(container, existing).length > 0)
      );
    })
  );
}

/**
 * Init containers to run: from the first that has not completed to the last. Sidecars before it stay as they run, and those
 * after it start again in their places.
 */
export function decideInit(context: PodContext, chain: InitChain): readonly ContainerDecision[] {
  const { desired } = context;
  const first = firstToRun(context, chain);
  return desired.initContainers.flatMap((container, index): readonly ContainerDecision[] => {
    if (isSidecar(container)) {
      const decision = decideSidecar(context, container, chain, index < first);
      return decision === undefined ? [] : [decision];
    }
    return index < first ? [] : [decideRun(context, container, chain)];
  });
}

/** The sidecars that run already, of which it is not known whether they have started, before containers that wait for them. */
export function awaitedSidecars(
  { desired }: PodContext,
  chain: InitChain,
  decisions: readonly ContainerDecision[],
): readonly string[] {
  if (chain.kind === 'completed') return [];
  return sidecarsOf(desired)
    .filter((sidecar) => !decisions.some(({ container }) => container === sidecar))
    .map(({ name }) => name);
}

function decideRun(
  { observed, found }: PodContext,
  container: DesiredContainer,
  chain: InitChain,
): ContainerDecision {
  const existing = found.byName.get(container.name);
  if (existing === undefined)
    return { container, action: { kind: 'run', removesExisting: false }, reason: { kind: 'absent' } };
  return {
    container,
    action: { kind: 'run', removesExisting: true },
    reason: containerReason(container, existing, observed) ?? initReason(chain, existing),
  };
}

/** A sidecar of a pod that is initialized is like an app container. */
function decideSidecar(
  { desired, observed, found }: PodContext,
  container: DesiredContainer,
  chain: InitChain,
  isBefore: boolean,
): ContainerDecision | undefined {
  const existing = found.byName.get(container.name);
  const { sandboxStartedAt } = chain;
  const isInPlace = isBefore && existing?.state === 'running' && existing.startedAt >= sandboxStartedAt;
  const decision = decideContainer(container, {
    existing,
    replacement: found.replacements.get(container.name),
    pod: desired,
    observed,
    isInitialized: chain.kind === 'completed' || isInPlace,
    sandboxStartedAt,
  });
  const hasEnded = chain.kind === 'completed' && chain.isPodOver;
  if (decision === undefined || (hasEnded && decision.action.kind === 'start')) return undefined;
  return chain.kind === 'changed' && decision.reason.kind === 'pod-restarts'
    ? { ...decision, reason: { kind: 'init-chain-differs', containers: [] } }
    : decision;
}

/** The index of the first init container to run; Infinity for none. */
function firstToRun({ desired, observed, found }: PodContext, chain: InitChain): number {
  if (chain.kind === 'completed') return Infinity;
  if (chain.kind === 'changed') return 0;
  const first = desired.initContainers.findIndex((container) => {
    if (isSidecar(container)) return false;
    const existing = found.byName.get(container.name);
    const counts = isCompleted(existing) && existing.startedAt >= chain.sandboxStartedAt;
    return !counts || differs(container, existing, observed);
  });
  return first < 0 ? Infinity : first;
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
  const changed = desired.initContainers
    .filter(runsToEnd)
    .filter((container) => differs(container, found.byName.get(container.name), observed));
  const removed = removedContainers(context).filter(
    ({ owner, labels }) => owner?.role === 'init' && !isSidecarRecord(labels),
  );
  return {
    kind: 'init-chain-differs',
    containers: [...changed.map(({ name }) => name), ...removed.map(({ owner }) => owner?.name ?? '')],
  };
}
