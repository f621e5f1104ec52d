import type { DesiredContainer, DesiredPod } from '../../kube/spec/desired.ts';
import { fileKeysOf } from '../../kube/validation/texts.ts';
import type { UpdateCapability } from '../../podman/inspect/updates.ts';
import { containerName } from '../../podman/names.ts';
import type { ObservedContainer, ObservedState } from '../../podman/inspect/observed.ts';
import type { Reason } from '../change.ts';
import { containerReason, hasOtherInitChain } from '../compare/compare.ts';
import type { ContainerDecision } from './decision.ts';
import type { FoundContainer } from './found-containers.ts';
import { removedLimit, updatableParts } from './in-place.ts';

export interface ContainerSituation {
  readonly existing: FoundContainer | undefined;
  /** One that was to take its place when a run was cut short. */
  readonly replacement: ObservedContainer | undefined;
  readonly pod: DesiredPod;
  readonly observed: Pick<ObservedState, 'images' | 'updating'>;
  /**
   * The pod stays initialised: what is equal and runs is left alone. Else everything in it starts once more.
   */
  readonly isLive: boolean;
  /**
   * When the infra container was last started, in seconds since 1970: what has run since before then is cut
   * off.
   */
  readonly sandboxStartedAt: number;
  /** Present when the init containers run anew, and with them every container is made anew. */
  readonly chainReason?: Reason;
}

/** Decides about one container of a pod that stays; undefined when it is as it should be. */
export function decideContainer(
  container: DesiredContainer,
  situation: ContainerSituation,
): ContainerDecision | undefined {
  const { existing, replacement, pod, observed, isLive, sandboxStartedAt, chainReason } = situation;
  const decide = (action: ContainerDecision['action'], reason: Reason): ContainerDecision => ({
    container,
    action,
    reason,
  });

  if (existing === undefined) {
    // It was removed to make room, and the run was cut short before the new one had its name.
    if (
      replacement !== undefined &&
      chainReason === undefined &&
      ((isLive && !predatesSandbox(replacement, sandboxStartedAt)) || !isUp(replacement)) &&
      !hasOtherInitChain(pod, replacement) &&
      containerReason(container, replacement, observed) === undefined
    )
      return decide(
        {
          kind: 'rename',
          from: replacement.name,
          then: afterRenaming(replacement, !staysCompleted(container, replacement)),
        },
        { kind: 'interrupted' },
      );
    return decide({ kind: 'run', removesExisting: false }, { kind: 'absent' });
  }
  // A container that has become an init container, or was one, has only its name in common with the other.
  if (existing.owner?.role !== 'container')
    return decide({ kind: 'run', removesExisting: false }, { kind: 'absent' });
  const isRenamed = existing.name !== containerName(pod, container);
  const cutOff = predatesSandbox(existing, sandboxStartedAt);
  if (chainReason !== undefined) {
    return decide(
      { kind: 'run', removesExisting: !isRenamed },
      containerReason(container, existing, observed) ?? chainReason,
    );
  }
  // It may have been made for other init containers that never came to their end.
  const otherChain: Reason | undefined = hasOtherInitChain(pod, existing)
    ? { kind: 'init-chain-differs', containers: [] }
    : undefined;
  const reason = containerReason(container, existing, observed) ?? otherChain;
  if (reason !== undefined) {
    if (!isLive || !hasRun(existing) || isRenamed)
      return decide({ kind: 'run', removesExisting: !isRenamed }, reason);
    const isReplaced = replacement?.state === 'running' && !predatesSandbox(replacement, sandboxStartedAt);
    if (isReplaced && containerReason(container, replacement, observed) === undefined)
      return decide({ kind: 'finish-replace', from: replacement.name }, { kind: 'interrupted' });
    return existing.state === 'running'
      ? decideChange(container, existing, reason, cutOff ? undefined : observed.updating)
      : decide({ kind: 'replace', isRunning: false }, reason);
  }
  // What has ended as it should is not run again with its pod (pkg/kubelet/kuberuntime/kuberuntime_manager.go,
  // computePodActions).
  const staysUp = isLive && isUp(existing) && !cutOff;
  const needsStart = !staysCompleted(container, existing) && !staysUp;
  const isPaused = existing.state === 'paused';
  const renamed: Reason = { kind: 'renamed', name: existing.name };
  const goneInfra: Reason | undefined = isLive && cutOff ? { kind: 'infra-restarted' } : undefined;
  // It has to be down before it starts again, and it cannot be stopped: it is paused, or has another name.
  if (!staysUp && isUp(existing) && (isPaused || isRenamed))
    return decide(
      { kind: 'run', removesExisting: !isRenamed },
      goneInfra ?? (isRenamed ? renamed : notRunning(existing)),
    );
  if (isRenamed)
    return decide(
      { kind: 'rename', from: existing.name, then: afterRenaming(existing, needsStart) },
      renamed,
    );
  if (isPaused) return decide({ kind: 'unpause' }, notRunning(existing));
  if (!needsStart) return undefined;
  // podman starts nothing that it stops, and where its stop was killed it stops it for ever.
  if (existing.state === 'stopping')
    return decide({ kind: 'run', removesExisting: true }, notRunning(existing));
  return decide(
    startAction(container, existing, isLive),
    goneInfra ?? (isUp(existing) ? { kind: 'pod-restarts' } : notRunning(existing)),
  );
}

/**
 * A container reads its files whenever it starts (makeEnvironmentVariables in pkg/kubelet/kubelet_pods.go), and podman
 * starts one with the variables that it was made with.
 */
function startAction(
  container: DesiredContainer,
  existing: FoundContainer,
  isLive: boolean,
): ContainerDecision['action'] {
  if (fileKeysOf(container).length === 0) return { kind: 'start' };
  return isLive && hasRun(existing)
    ? { kind: 'replace', isRunning: existing.state === 'running' }
    : { kind: 'run', removesExisting: true };
}

function afterRenaming({ state }: ObservedContainer, needsStart: boolean): 'start' | 'unpause' | 'nothing' {
  if (state === 'paused') return 'unpause';
  return needsStart && state !== 'running' ? 'start' : 'nothing';
}

function isUp({ state }: ObservedContainer): boolean {
  return state === 'running' || state === 'paused';
}

/**
 * Whether it has run since before the infra container was last started, and so in the namespaces of the one before.
 * podman starts the infra container first, always. `podman ps` gives whole seconds: an infra container that was
 * restarted within the second in which the container started is not seen.
 */
function predatesSandbox(existing: ObservedContainer, sandboxStartedAt: number): boolean {
  return isUp(existing) && existing.startedAt < sandboxStartedAt;
}

/** A container that runs and differs is changed as it runs where podman can do that, else replaced. */
function decideChange(
  container: DesiredContainer,
  existing: FoundContainer,
  reason: Reason,
  updating: UpdateCapability | undefined,
): ContainerDecision {
  const takeOver = { kind: 'replace', isRunning: true } as const;
  const parts = reason.kind === 'settings-differ' ? updatableParts(reason.differences) : undefined;
  if (reason.kind !== 'settings-differ' || parts === undefined || updating === undefined)
    return { container, action: takeOver, reason };
  if (existing.isTainted === true) return { container, action: takeOver, reason };
  const notInPlace = updating === 'can' ? removedLimit(reason.differences) : updating;
  return notInPlace === undefined
    ? { container, action: { kind: 'update', parts, containerId: existing.id }, reason }
    : { container, action: takeOver, reason: { ...reason, notInPlace } };
}

function notRunning(existing: ObservedContainer): Reason {
  const { state, exitCode } = existing;
  return { kind: 'not-running', state, ...(state === 'exited' && hasRun(existing) ? { exitCode } : {}) };
}

/** Has come to the end that it was made for: exit code 0, and no policy that starts it again. */
export function staysCompleted(
  container: DesiredContainer,
  existing: ObservedContainer | undefined,
): boolean {
  return container.restartPolicy !== 'Always' && isCompleted(existing);
}

/**
 * podman may date the end of a process that ends at once a few milliseconds before its start (5.4.2), which are a whole
 * second apart where the second changes in between.
 */
const CLOCK_SKEW_SECONDS = 1;

/**
 * Completed with exit code 0. What still ran when the machine went down has code 0 as well (podman 5.4), but has not
 * ended since it was started.
 */
export function isCompleted(existing: ObservedContainer | undefined): existing is ObservedContainer {
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
