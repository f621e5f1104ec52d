import type { DesiredContainer, DesiredPod } from '../../kube/spec/desired.ts';
import { appliedContainerList, containerList } from '../../podman/inspect/container-list.ts';
import { containerName } from '../../podman/names.ts';
import type { ObservedContainer, ObservedPod, ObservedState } from '../../podman/inspect/observed.ts';
import type { Reason } from '../change.ts';
import { containerDifferences } from '../compare/last-applied.ts';
import { containerReason, hasOtherInitChain, podDifferences } from '../compare/compare.ts';
import { decideContainer, isCompleted, staysCompleted } from './decide-container.ts';
import type { ContainerDecision, PodDecision, PodAction } from './decision.ts';
import { decideFiles } from './file-volumes.ts';
import { canStop, findContainers, isPaused, type FoundContainers } from './found-containers.ts';
import { orderAfterRemoved } from './replace-beside-removed.ts';
import { secretsOf, removedSecretsOf } from './secrets.ts';

/** What is decided from. Volumes make no difference. */
export type DecideState = Pick<ObservedState, 'pods' | 'containers' | 'images' | 'secrets' | 'updating'>;

export interface DecideOptions {
  readonly project: string;
  readonly forceRecreate: boolean;
}

/**
 * Decides what makes one pod what the manifest says, with the least disturbance. The pod, when there is one,
 * is known to be ours, and its labels to be readable.
 */
export function decidePod(desired: DesiredPod, observed: DecideState, options: DecideOptions): PodDecision {
  const pod = observed.pods.find(({ name }) => name === desired.name);
  const found = findContainers(desired, observed);
  const secrets = secretsOf(options.project, desired.name, observed.secrets ?? []);
  const context: Context = {
    desired,
    observed,
    found,
    base: {
      desired,
      removed: removedContainersOf(desired, found),
      leftovers: [],
      oldRecords: [],
      toStop: [],
      isPaused: isPaused(desired.name, observed),
      members: observed.containers.filter(({ podName }) => podName === desired.name).length,
      startsInfra: true,
      files: decideFiles(desired, undefined, observed, true),
      secrets,
      removedSecrets: removedSecretsOf(options.project, desired, secrets),
    },
  };
  if (pod === undefined) return makeAll(context, { kind: 'create', reason: { kind: 'absent' } });
  const reason = replacementReason(context, pod, options);
  if (reason !== undefined) return makeAll(context, { kind: 'replace', reason });
  const hasNewContainerList = appliedContainerList(pod, observed.containers) !== containerList(desired);
  return { ...keepPod(context, pod), ...(hasNewContainerList ? { hasNewContainerList } : {}) };
}

interface Context {
  readonly desired: DesiredPod;
  readonly observed: DecideState;
  readonly found: FoundContainers;
  readonly base: Omit<PodDecision, 'pod' | 'init' | 'containers'>;
}

/** What can only be changed by making the whole pod anew. */
function replacementReason(
  { desired, found }: Context,
  pod: ObservedPod,
  options: DecideOptions,
): Reason | undefined {
  // Its labels cannot be given to it; it is known to be made from the same manifest.
  if (pod.owner === undefined) return { kind: 'adopted' };
  if (options.forceRecreate) return { kind: 'force-recreate' };
  const fields = podDifferences(desired, pod, found.byName.values());
  if (fields.length > 0) return { kind: 'settings-differ', differences: fields };
  return pod.infra === 'absent' ? { kind: 'not-running', state: 'absent' } : undefined;
}

function makeAll({ desired, observed, found, base }: Context, pod: PodAction): PodDecision {
  const make = (container: DesiredContainer): ContainerDecision => {
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
  return { ...base, pod, init: desired.initContainers.map(make), containers: desired.containers.map(make) };
}

/** Decides what happens inside a pod that stays. */
function keepPod(context: Context, pod: ObservedPod): PodDecision {
  const { desired, observed, found, base } = context;
  const existing = desired.containers.map(({ name }) => livingIn(found, name));
  const everStarted = existing.some((container) => (container?.startedAt ?? 0) > 0);
  const isDown = pod.infra !== 'running' && pod.infra !== 'paused';
  // Whatever was started before then belongs to an earlier life of the pod.
  const sandboxStartedAt = isDown ? Infinity : pod.infraStartedAt;
  const hasStarted = existing.some((container) => (container?.startedAt ?? 0) >= sandboxStartedAt);
  const isSettled = desired.containers.every(
    (container, index) =>
      staysCompleted(container, existing[index]) && !differs(container, existing[index], observed),
  );
  const otherChain =
    everStarted &&
    existing.some((container) => container !== undefined && hasOtherInitChain(desired, container));

  const chain: Chain = otherChain
    ? { kind: 'differs' }
    : !everStarted
      ? { kind: 'unfinished', sandboxStartedAt }
      : isSettled || (hasStarted && !isCutShort(context, existing))
        ? { kind: 'done' }
        : { kind: 'again', sandboxStartedAt };
  const init = decideInit(context, chain);
  const isLive = chain.kind === 'done';
  const chainReason = chain.kind === 'differs' ? chainDifference(context) : undefined;
  const containers = desired.containers.flatMap((container) => {
    const decided = decideContainer(container, {
      existing: found.byName.get(container.name),
      replacement: found.replacements.get(container.name),
      pod: desired,
      observed,
      isLive,
      sandboxStartedAt,
      ...(chainReason === undefined ? {} : { chainReason }),
    });
    return decided === undefined ? [] : [orderAfterRemoved(decided, found, base.removed)];
  });
  const leftovers = leftoversOf(context, [...init, ...containers]);
  const startedAnew = existing.filter(
    (container) =>
      everStarted &&
      container !== undefined &&
      (!isLive || containers.some((decided) => isStarted(decided, container))),
  );
  const containersChange =
    [...init, ...containers].some(({ action }) => action.kind !== 'update' && action.kind !== 'unpause') ||
    base.removed.length > 0;
  return {
    ...base,
    files: decideFiles(desired, pod, observed, containersChange),
    pod:
      isDown && init.length + containers.length > 0 && everStarted
        ? { kind: 'restart', reason: { kind: 'not-running', state: pod.infra } }
        : { kind: 'keep' },
    startsInfra: isDown,
    init,
    containers,
    leftovers,
    oldRecords: oldRecords(context, containers),
    toStop: toStop(context, [...init, ...containers], leftovers, startedAnew),
  };
}

/**
 * What goes, what makes room for a new one, and what has to be down before it starts anew, as far as it runs.
 */
function toStop(
  { desired, observed, found, base }: Context,
  decisions: readonly ContainerDecision[],
  leftovers: readonly string[],
  startedAnew: readonly (ObservedContainer | undefined)[],
): readonly string[] {
  const makesRoom = decisions.flatMap(({ container, action }) => {
    const existing = found.byName.get(container.name);
    const goes = (action.kind === 'run' && action.removesExisting) || action.kind === 'finish-replace';
    return goes && existing !== undefined && !isRenamed(desired, existing) ? [existing] : [];
  });
  const down = startedAnew.flatMap((container) =>
    container === undefined || isRenamed(desired, container) ? [] : [container],
  );
  const left = observed.containers.filter(({ name }) => leftovers.includes(name));
  const all = [...base.removed, ...left, ...makesRoom, ...down].filter(canStop);
  return [...new Set(all.map(({ name }) => name))];
}

/**
 * Other init containers were about to run, or did, and were stopped by a run that was cut short. Meanwhile the manifest
 * has gone back to what the app containers, which are down, were made after.
 */
function isCutShort(
  { desired, found }: Context,
  containers: readonly (ObservedContainer | undefined)[],
): boolean {
  const isUp = containers.some(
    (container) => container?.state === 'running' || container?.state === 'paused',
  );
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

/** An app container, also where it had not got its name yet when a run was cut short. */
function livingIn({ byName, replacements }: FoundContainers, name: string): ObservedContainer | undefined {
  const container = byName.get(name);
  return container?.owner?.role === 'init' ? undefined : (container ?? replacements.get(name));
}

type Chain =
  /** The app containers have run, and were made after these very init containers. */
  | { readonly kind: 'done' }
  /** The pod was never initialised: the chain goes on where it stopped. */
  | { readonly kind: 'unfinished'; readonly sandboxStartedAt: number }
  /**
   * The whole pod was down, and so starts as it did the first time, or goes on doing so where that stopped.
   */
  | { readonly kind: 'again'; readonly sandboxStartedAt: number }
  /** The manifest has other init containers than those that ran. */
  | { readonly kind: 'differs' };

function decideInit({ desired, observed, found }: Context, chain: Chain): readonly ContainerDecision[] {
  if (chain.kind === 'done') return [];
  const from =
    chain.kind === 'differs'
      ? 0
      : desired.initContainers.findIndex((container) => {
          const existing = found.byName.get(container.name);
          const counts = isCompleted(existing) && existing.startedAt >= chain.sandboxStartedAt;
          return !counts || differs(container, existing, observed);
        });
  if (from < 0) return [];
  return desired.initContainers.slice(from).map((container): ContainerDecision => {
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

function initReason(chain: Chain, existing: ObservedContainer): Reason {
  if (chain.kind === 'again') return { kind: 'pod-restarts' };
  const { state, exitCode } = existing;
  // It has done its work, but comes after one that has not.
  if (chain.kind === 'differs' || isCompleted(existing))
    return { kind: 'init-chain-differs', containers: [] };
  return { kind: 'init-unfinished', ...(state === 'exited' ? { exitCode } : {}) };
}

/** Which init containers are not those that ran. None can be named where only their order is another. */
function chainDifference({ desired, observed, found }: Context): Reason {
  const changed = desired.initContainers.filter((container) =>
    differs(container, found.byName.get(container.name), observed),
  );
  const gone = removedContainersOf(desired, found).filter(({ owner }) => owner?.role === 'init');
  return {
    kind: 'init-chain-differs',
    containers: [...changed.map(({ name }) => name), ...gone.map(({ owner }) => owner?.name ?? '')],
  };
}

function removedContainersOf(desired: DesiredPod, found: FoundContainers): readonly ObservedContainer[] {
  const wanted = new Set(
    [...desired.initContainers, ...desired.containers].map(({ role, name }) => `${role} ${name}`),
  );
  return [...found.byName.values()].filter(
    ({ owner }) => !wanted.has(`${owner?.role ?? ''} ${owner?.name ?? ''}`),
  );
}

/**
 * Containers that have no place any more: what was to take the place of another and is not needed, and what
 * somebody has renamed or paused and is made anew.
 */
function leftoversOf(
  { desired, found }: Context,
  decisions: readonly ContainerDecision[],
): readonly string[] {
  const needed = new Set(
    decisions.flatMap(({ action }) =>
      action.kind === 'rename' || action.kind === 'finish-replace' ? [action.from] : [],
    ),
  );
  const remade = decisions.flatMap(({ container, action }) => {
    const existing = found.byName.get(container.name);
    const isInTheWay =
      existing?.owner?.role === container.role &&
      (existing.state === 'paused' ||
        isRenamed(desired, existing) ||
        // Left by a run that was killed: none of those before it may run beside it.
        (container.role === 'init' && existing.state === 'running' && container !== decisions[0]?.container));
    return action.kind === 'run' && isInTheWay ? [existing.name] : [];
  });
  const replacements = [...found.replacements.values()].map(({ name }) => name);
  return [...replacements, ...remade, ...found.leftovers].filter((name) => !needed.has(name));
}

/** What a container was updated to is of no use once another one is in its place, or none. */
function oldRecords({ desired, found }: Context, decisions: readonly ContainerDecision[]): readonly string[] {
  const remade = decisions.filter(({ action }) => ['run', 'replace', 'finish-replace'].includes(action.kind));
  const gone = new Set([
    ...remade.map(({ container }) => container.name),
    ...removedContainersOf(desired, found).map(({ owner }) => owner?.name ?? ''),
  ]);
  return [...found.byName].flatMap(([name, { note }]) =>
    note !== undefined && gone.has(name) ? [note] : [],
  );
}

function differs(
  container: DesiredContainer,
  existing: ObservedContainer | undefined,
  observed: DecideState,
): boolean {
  return existing === undefined || containerReason(container, existing, observed) !== undefined;
}

function isRenamed(pod: DesiredPod, { name, owner }: ObservedContainer): boolean {
  return name !== containerName(pod, { name: owner?.name ?? '' });
}

function isStarted({ container, action }: ContainerDecision, { owner }: ObservedContainer): boolean {
  return action.kind === 'start' && container.name === owner?.name;
}
