import { podMembers } from '../../podman/inspect/pod-members.ts';
import { defined } from '../../base/defined.ts';
import type { DesiredContainer, DesiredPod } from '../../kube/spec/desired.ts';
import { sidecarsOf } from '../../kube/spec/restart-policy.ts';
import type { ObservedContainer, ObservedPod } from '../../podman/inspect/observed.ts';
import type { Reason } from '../change.ts';
import { containerReason, podDifferences } from '../compare/compare.ts';
import { comparableTo, networkDifferences } from '../compare/network.ts';
import { containersToStop, leftoversOf, obsoleteRecords } from './cleanup.ts';
import { decideContainer } from './decide-container.ts';
import type { ContainerDecision, PodDecision, PodAction } from './decision.ts';
import { decideFiles } from './file-volumes.ts';
import { findContainers, isPaused, type FoundContainers } from './found-containers.ts';
import { awaitedSidecars, decideInit, initChainDifference, initChainOf } from './init-chain.ts';
import { decideListRecord } from './list-record.ts';
import { removedContainers, type DecideState, type PodContext } from './pod-context.ts';
import { orderAfterRemoved } from './replace-beside-removed.ts';
import { secretsOf, removedSecretsOf } from './secrets.ts';

export interface DecideOptions {
  readonly project: string;
  readonly forceRecreate: boolean;
  /** podman's name of the network that pods without hostNetwork join. */
  readonly network: string;
}

/** The parts of a decision that are the same for a new and an existing pod. */
type Base = Omit<PodDecision, 'pod' | 'init' | 'awaited' | 'containers'>;

/**
 * Decides the changes of one pod, with as little disruption as possible. An existing pod must belong to the project, and
 * have readable labels: anything else has been refused before.
 */
export function decidePod(desired: DesiredPod, observed: DecideState, options: DecideOptions): PodDecision {
  const pod = observed.pods.find(({ name }) => name === desired.name);
  const context: PodContext = { desired, observed, found: findContainers(desired, observed) };
  const base = baseOf(context, pod, options);
  if (pod === undefined) return createPod(context, base, { kind: 'create', reason: { kind: 'absent' } });
  const reason = replacementReason(context, pod, options);
  if (reason !== undefined) return createPod(context, base, { kind: 'replace', reason });
  const kept = keepPod(context, base, pod);
  return { ...kept, ...defined({ listRecord: decideListRecord(context, pod, kept) }) };
}

function baseOf(context: PodContext, current: ObservedPod | undefined, { project }: DecideOptions): Base {
  const { desired, observed } = context;
  const secrets = secretsOf(project, desired.name, observed.secrets ?? []);
  return {
    desired,
    ...defined({ current }),
    removed: removedContainers(context),
    leftovers: [],
    oldRecords: [],
    toStop: [],
    isPaused: isPaused(desired.name, observed),
    members: podMembers(desired.name, observed.containers),
    startsInfra: true,
    files: decideFiles(desired, undefined, observed, true),
    secrets,
    removedSecrets: removedSecretsOf(project, desired, secrets),
  };
}

/** Why the whole pod must be replaced. Undefined if it can be kept. */
function replacementReason(
  { desired, found }: PodContext,
  pod: ObservedPod,
  options: DecideOptions,
): Reason | undefined {
  // An adopted pod has no labels of podpose, and labels cannot be added.
  if (pod.owner === undefined) return { kind: 'adopted' };
  if (options.forceRecreate) return { kind: 'force-recreate' };
  const fields = [
    ...networkDifferences(desired, pod, options.network),
    ...podDifferences(comparableTo(pod, desired), pod, found.byName.values()),
  ];
  if (fields.length > 0) return { kind: 'settings-differ', differences: fields };
  return pod.infra === 'absent' ? { kind: 'not-running', state: 'absent' } : undefined;
}

/** A new pod: all containers are created. */
function createPod({ desired, observed, found }: PodContext, base: Base, pod: PodAction): PodDecision {
  const create = (container: DesiredContainer): ContainerDecision => {
    const existing = found.byName.get(container.name);
    return {
      container,
      action: { kind: 'run', removesExisting: existing !== undefined },
      reason:
        existing === undefined
          ? { kind: 'absent' }
          : (containerReason(container, existing, observed) ?? { kind: 'pod-replaced' }),
    };
  };
  return {
    ...base,
    pod,
    init: desired.initContainers.map(create),
    awaited: [],
    containers: desired.containers.map(create),
  };
}

/** The changes inside a pod that is kept. */
function keepPod(context: PodContext, base: Base, pod: ObservedPod): PodDecision {
  const { desired, observed, found } = context;
  const existing = desired.containers.map(({ name }) => appContainer(found, name));
  const haveStarted = existing.some((container) => (container?.startedAt ?? 0) > 0);
  const isDown = pod.infra !== 'running' && pod.infra !== 'paused';
  const sandboxStartedAt = isDown ? Infinity : pod.infraStartedAt;
  const chain = initChainOf(context, { existing, haveStarted, sandboxStartedAt });
  const init = decideInit(context, chain);
  const awaited = awaitedSidecars(context, chain, init);
  const isInitialized = chain.kind === 'completed';
  const initChainReason = chain.kind === 'changed' ? initChainDifference(context) : undefined;
  const containers = desired.containers.flatMap((container) => {
    const decision = decideContainer(container, {
      existing: found.byName.get(container.name),
      replacement: found.replacements.get(container.name),
      pod: desired,
      observed,
      isInitialized,
      sandboxStartedAt,
      ...defined({ initChainReason }),
    });
    return decision === undefined ? [] : [orderAfterRemoved(decision, found, base.removed)];
  });
  const decisions = [...init, ...containers];
  const leftovers = leftoversOf(context, decisions);
  const restarted = [...sidecarsOf(desired).map(({ name }) => found.byName.get(name)), ...existing].filter(
    (container): container is ObservedContainer =>
      haveStarted &&
      container !== undefined &&
      ((container.owner?.role === 'container' && !isInitialized) ||
        decisions.some((decision) => isStarted(decision, container))),
  );
  const containersChange =
    decisions.some(({ action }) => action.kind !== 'update' && action.kind !== 'unpause') ||
    base.removed.length > 0;
  return {
    ...base,
    files: decideFiles(desired, pod, observed, containersChange),
    pod:
      isDown && decisions.length > 0 && haveStarted
        ? { kind: 'restart', reason: { kind: 'not-running', state: pod.infra } }
        : { kind: 'keep' },
    startsInfra: isDown,
    init,
    awaited,
    containers,
    leftovers,
    oldRecords: obsoleteRecords(context, containers),
    toStop: containersToStop(context, decisions, { removed: base.removed, leftovers, restarted }),
  };
}

/** An app container, or its replacement if an interrupted run has not renamed it yet. */
function appContainer(
  { byName, replacements }: FoundContainers,
  name: string,
): ObservedContainer | undefined {
  const container = byName.get(name);
  return container?.owner?.role === 'init' ? undefined : (container ?? replacements.get(name));
}

function isStarted({ container, action }: ContainerDecision, { owner }: ObservedContainer): boolean {
  return action.kind === 'start' && container.name === owner?.name;
}
