import { defined } from '../../base/defined.ts';
import type { DesiredContainer, DesiredPod } from '../../kube/spec/desired.ts';
import { fileKeysOf } from '../../kube/validation/texts.ts';
import type { UpdatablePart } from '../../podman/operations/container-update.ts';
import type { UpdateCapability } from '../../podman/inspect/updates.ts';
import { isLabelledWatched } from '../../podman/labels.ts';
import { containerName } from '../../podman/names.ts';
import type { ObservedContainer, ObservedState } from '../../podman/inspect/observed.ts';
import type { Reason } from '../change.ts';
import { containerReason, hasOtherInitChain } from '../compare/compare.ts';
import type { ContainerDecision } from './decision.ts';
import { canStop, type FoundContainer } from './found-containers.ts';
import { removedLimit, updatableParts } from './in-place.ts';

export interface ContainerSituation {
  readonly existing: FoundContainer | undefined;
  /** Its replacement, left by an interrupted run. */
  readonly replacement: ObservedContainer | undefined;
  readonly pod: DesiredPod;
  readonly observed: Pick<ObservedState, 'images' | 'updating' | 'crashLoops'>;
  /** Init containers do not re-run: unchanged running containers are kept. Otherwise all containers restart. */
  readonly isInitialized: boolean;
  /** Start of the infra container, in seconds since 1970. Containers started before run in old namespaces. */
  readonly sandboxStartedAt: number;
  /** Present if the init containers have changed: they re-run, and all app containers are recreated. */
  readonly initChainReason?: Reason;
}

/** The action for one container of a pod that is kept. Undefined if it is up to date. */
export function decideContainer(
  container: DesiredContainer,
  situation: ContainerSituation,
): ContainerDecision | undefined {
  const { existing, replacement, pod, observed, isInitialized, sandboxStartedAt, initChainReason } =
    situation;
  const decide = (action: ContainerDecision['action'], reason: Reason): ContainerDecision => ({
    container,
    action,
    reason,
  });

  if (existing === undefined) {
    // The run was interrupted after it removed the old container, before it renamed the replacement.
    if (
      replacement !== undefined &&
      initChainReason === undefined &&
      ((isInitialized && !hasLostSandbox(replacement, sandboxStartedAt)) || !isUp(replacement)) &&
      !hasOtherInitChain(pod, replacement) &&
      containerReason(container, replacement, observed) === undefined
    )
      return decide(
        {
          kind: 'rename',
          from: replacement.name,
          then: afterRename(replacement, !staysCompleted(container, replacement, sandboxStartedAt)),
        },
        { kind: 'interrupted' },
      );
    return decide({ kind: 'run', removesExisting: false }, { kind: 'absent' });
  }
  // An init container has become an app container of the same name, or the reverse.
  if (existing.owner?.role !== container.role)
    return decide({ kind: 'run', removesExisting: false }, { kind: 'absent' });
  const isRenamed = existing.name !== containerName(pod, container);
  const isInOldSandbox = hasLostSandbox(existing, sandboxStartedAt);
  if (initChainReason !== undefined) {
    return decide(
      { kind: 'run', removesExisting: !isRenamed },
      containerReason(container, existing, observed) ?? initChainReason,
    );
  }
  // It may have been created for other init containers that have not completed.
  const otherChain: Reason | undefined = hasOtherInitChain(pod, existing)
    ? { kind: 'init-chain-differs', containers: [] }
    : undefined;
  const reason = containerReason(container, existing, observed) ?? otherChain;
  if (reason !== undefined) {
    if (!isInitialized || !hasRun(existing) || isRenamed)
      return decide({ kind: 'run', removesExisting: !isRenamed }, reason);
    const replacementRuns =
      replacement?.state === 'running' && !hasLostSandbox(replacement, sandboxStartedAt);
    if (replacementRuns && containerReason(container, replacement, observed) === undefined)
      return decide({ kind: 'finish-replace', from: replacement.name }, { kind: 'interrupted' });
    return existing.state === 'running'
      ? decideChange(container, existing, reason, isInOldSandbox ? undefined : observed.updating)
      : decide({ kind: 'replace', isRunning: canStop(existing) }, reason);
  }
  // A completed container does not restart with its pod (pkg/kubelet/kuberuntime/kuberuntime_manager.go,
  // computePodActions).
  const staysUp =
    isInitialized &&
    ((isUp(existing) && !isInOldSandbox) || isBeingRestarted(existing, observed, sandboxStartedAt));
  const needsStart = !staysCompleted(container, existing, sandboxStartedAt) && !staysUp;
  const isPaused = existing.state === 'paused';
  const renamed: Reason = { kind: 'renamed', name: existing.name };
  const sandboxReason: Reason | undefined =
    isInitialized && isInOldSandbox ? { kind: 'infra-restarted' } : undefined;
  // It must stop before it starts again, but a paused or renamed container cannot be stopped: recreate it.
  if (!staysUp && isUp(existing) && (isPaused || isRenamed))
    return decide(
      { kind: 'run', removesExisting: !isRenamed },
      sandboxReason ?? (isRenamed ? renamed : notRunning(existing)),
    );
  if (isRenamed)
    return decide({ kind: 'rename', from: existing.name, then: afterRename(existing, needsStart) }, renamed);
  if (isPaused) return decide({ kind: 'unpause' }, notRunning(existing));
  if (!needsStart) return undefined;
  // podman cannot start a stopping container, and it stays in that state if the command that stopped it was killed.
  if (existing.state === 'stopping')
    return decide({ kind: 'run', removesExisting: true }, notRunning(existing));
  return decide(
    startAction(container, existing, isInitialized),
    sandboxReason ?? (isUp(existing) ? { kind: 'pod-restarts' } : notRunning(existing)),
  );
}

/**
 * On a cluster, variables with a fileKeyRef are read at each start (makeEnvironmentVariables in
 * pkg/kubelet/kubelet_pods.go). `podman start` keeps the variables of the creation: such a container is recreated.
 */
function startAction(
  container: DesiredContainer,
  existing: FoundContainer,
  isInitialized: boolean,
): ContainerDecision['action'] {
  if (fileKeysOf(container).length === 0) return { kind: 'start' };
  return isInitialized && hasRun(existing)
    ? { kind: 'replace', isRunning: existing.state === 'running' }
    : { kind: 'run', removesExisting: true };
}

function afterRename({ state }: ObservedContainer, needsStart: boolean): 'start' | 'unpause' | 'nothing' {
  if (state === 'paused') return 'unpause';
  return needsStart && state !== 'running' ? 'start' : 'nothing';
}

/** Between two runs of a crash loop, podman shows a container as exited. */
function isBeingRestarted(
  { id, startedAt }: ObservedContainer,
  { crashLoops }: ContainerSituation['observed'],
  sandboxStartedAt: number,
): boolean {
  return startedAt >= sandboxStartedAt && crashLoops?.has(id) === true;
}

function isUp({ state }: ObservedContainer): boolean {
  return state === 'running' || state === 'paused';
}

/**
 * Whether a container was started before the current infra container, and so runs in the namespaces of the previous one:
 * podman always starts the infra container first. `podman ps` reports whole seconds: a restart of the infra container
 * within the second in which the container started is not detected.
 */
function hasLostSandbox(existing: ObservedContainer, sandboxStartedAt: number): boolean {
  return isUp(existing) && existing.startedAt < sandboxStartedAt;
}

/** The action for a changed running container: update it in place if podman can, otherwise replace it. */
function decideChange(
  container: DesiredContainer,
  existing: FoundContainer,
  reason: Reason,
  updating: UpdateCapability | undefined,
): ContainerDecision {
  const replace = { kind: 'replace', isRunning: true } as const;
  const parts = reason.kind === 'settings-differ' ? updatableParts(reason.differences) : undefined;
  if (reason.kind !== 'settings-differ' || parts === undefined || updating === undefined)
    return { container, action: replace, reason };
  if (existing.isTainted === true) return { container, action: replace, reason };
  const notInPlace = updating === 'can' ? removedLimit(reason.differences) : updating;
  return notInPlace === undefined
    ? { container, action: updateOf(existing, parts), reason }
    : { container, action: replace, reason: { ...reason, notInPlace } };
}

function updateOf(
  { id, labels, watcherRecord }: FoundContainer,
  parts: readonly UpdatablePart[],
): ContainerDecision['action'] {
  return {
    ...{ kind: 'update', parts, containerId: id, isWatched: isLabelledWatched(labels) },
    ...defined({ watcherRecord }),
  };
}

function notRunning(existing: ObservedContainer): Reason {
  const { state, exitCode } = existing;
  return { kind: 'not-running', state, ...(state === 'exited' && hasRun(existing) ? { exitCode } : {}) };
}

/**
 * Whether a container has completed and its restart policy does not restart it. A container that podpose has stopped with its
 * pod may end with 0, too, and has not completed.
 * @param sandboxStartedAt as in `ContainerSituation`; Infinity if the pod is down
 */
export function staysCompleted(
  container: Pick<DesiredContainer, 'restartPolicy'>,
  existing: FoundContainer | undefined,
  sandboxStartedAt: number,
): boolean {
  if (container.restartPolicy === 'Always' || !isCompleted(existing)) return false;
  // If the stop of the pod was interrupted, the container has gone on, and may have completed since.
  return existing.stoppedRun !== existing.startedAt || existing.startedAt >= sandboxStartedAt;
}

/**
 * podman 5.4.2 may report the end of a short process a few milliseconds before its start. In whole seconds, that may be
 * one second.
 */
const CLOCK_SKEW_SECONDS = 1;

/**
 * Whether a container has ended with exit code 0 since its last start. podman 5.4 also reports 0 for a container that was
 * running when the machine was shut down, but with no end since its start.
 */
export function isCompleted<C extends ObservedContainer>(existing: C | undefined): existing is C {
  return (
    existing !== undefined &&
    (existing.state === 'exited' || existing.state === 'stopped') &&
    existing.exitCode === 0 &&
    hasRun(existing) &&
    existing.exitedAt + CLOCK_SKEW_SECONDS >= existing.startedAt
  );
}

function hasRun(existing: ObservedContainer): boolean {
  return existing.startedAt > 0;
}
