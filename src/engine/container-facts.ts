import { defined } from '../base/defined.ts';
import type {
  BackOffTime,
  ContainerFacts,
  ContainerStage,
  LastEnd,
  WatchedFacts,
} from '../kube/status/facts.ts';
import type { ContainerState, ObservedContainer } from '../podman/inspect/observed.ts';
import { lifecycleOf } from '../kube/spec/recorded-lifecycle.ts';
import { lastAppliedContainer } from '../podman/last-applied.ts';

/** A container of a pod, which may not be created yet. */
export interface NamedContainer {
  readonly name: string;
  readonly observed?: ObservedContainer;
  readonly isSidecar?: true;
}

/** The facts about a container, in Kubernetes terms. podman reports no reason of an exit besides its code. */
export function containerFacts(
  { name, observed, isSidecar }: NamedContainer,
  sandboxStartedAt: number,
): ContainerFacts {
  const stage = stageOf(observed);
  const { startedAt = 0, exitedAt = 0, watched } = observed ?? {};
  const restarts = watched?.restarts ?? observed?.restarts ?? 0;
  const isUp = stage.kind === 'running';
  const hasEnded = stage.kind === 'ended' || stage.kind === 'backing-off';
  return {
    name,
    restarts,
    stage,
    ...(startedAt > 0 ? { startedAt } : {}),
    ...(exitedAt > 0 && hasEnded ? { finishedAt: exitedAt } : {}),
    // podman keeps the time of the last end when it starts the container again, and drops its exit code.
    ...(exitedAt > 0 && !hasEnded && restarts > 0 ? { lastEnd: lastEndOf(exitedAt, watched?.lastEnd) } : {}),
    // It is the successor of another container.
    ...(exitedAt === 0 && restarts > 0 ? defined({ lastEnd: watched?.lastEnd }) : {}),
    ...(hasEnded ? defined({ lastEnd: watched?.lastEnd }) : {}),
    ...((isUp || hasEnded) && startedAt < sandboxStartedAt ? { hasLostSandbox: true } : {}),
    ...defined({ isSidecar }),
    ...(observed === undefined ? {} : probeAnswers(observed)),
  };
}

function lastEndOf(exitedAt: number, watched: LastEnd | undefined): LastEnd {
  return watched === undefined || isUnseenEnd(exitedAt, watched) ? { finishedAt: exitedAt } : watched;
}

/**
 * Whether the watcher has not seen the last end of a container that runs: somebody has restarted it between two
 * observations, and what the watcher knows is the end of an earlier run. The times of podman 4.3 are whole seconds.
 */
export function isUnseenEnd(exitedAt: number, seen: LastEnd | undefined): boolean {
  return exitedAt > 0 && (seen === undefined || exitedAt >= (seen.finishedAt ?? Infinity) + 1);
}

/** What probes have answered; unknown for probes that nobody runs. */
function probeAnswers({ labels, watched }: ObservedContainer): Pick<ContainerFacts, 'started' | 'ready'> {
  const applied = lastAppliedContainer(labels);
  if (applied === undefined) return {};
  const { startupProbe, readinessProbe } = lifecycleOf(applied.settings);
  return {
    ...(startupProbe === undefined ? {} : { started: watched?.started ?? 'unknown' }),
    ...(readinessProbe === undefined ? {} : { ready: watched?.ready ?? 'unknown' }),
  };
}

/** The restart policy and rules of a container, from its last-applied record. */
export function ownRestartPolicy({
  observed,
}: NamedContainer): Pick<ContainerFacts, 'restartPolicy' | 'restartPolicyRules'> {
  const applied = observed === undefined ? undefined : lastAppliedContainer(observed.labels);
  if (applied === undefined) return {};
  const { ownRestartPolicy: ofInit, restartPolicyRules } = lifecycleOf(applied.settings);
  // Of an init container, the record has the policy for podman.
  const restartPolicy = observed?.owner?.role === 'init' ? ofInit : applied.restartPolicy;
  return defined({ restartPolicy, restartPolicyRules });
}

const STAGES: Readonly<Record<ContainerState, (container: ObservedContainer) => ContainerStage>> = {
  configured: neverRan,
  created: neverRan,
  initialized: neverRan,
  running,
  stopping: () => ({ kind: 'running', isPaused: false }),
  paused: () => ({ kind: 'running', isPaused: true }),
  stopped: ended,
  exited: ended,
  removing: ended,
  unknown: () => ({ kind: 'unknown' }),
};

/** A kubelet reports no new status of a pod, and probes no container, before its postStart hook has ended (SyncPod). */
function running({ watched }: ObservedContainer): ContainerStage {
  return watched?.isInPostStart === true ? { kind: 'created' } : { kind: 'running', isPaused: false };
}

function stageOf(container: ObservedContainer | undefined): ContainerStage {
  return container === undefined ? { kind: 'absent' } : STAGES[container.state](container);
}

function neverRan({ startFailure, watched }: ObservedContainer): ContainerStage {
  const failed = failedStartOf(watched);
  const message = startFailure ?? failed?.message;
  if (message === undefined) return { kind: 'created' };
  if (NO_SECRET.test(message)) return { kind: 'config-error', message };
  return startFailed(message, failed?.finishedAt, watched);
}

/** podman looks a secret of a variable up at every start. It reports this from 5.4.2 on. */
const NO_SECRET = /no secret with name or id|no such secret/;

function ended({ exitCode, watched }: ObservedContainer): ContainerStage {
  const { end } = watched ?? {};
  const reason = end?.exitCode === exitCode ? end.reason : undefined;
  const backOff = backOffOf(watched);
  const failed = failedStartOf(watched);
  if (failed !== undefined) return startFailed(failed.message, failed.finishedAt, watched);
  return backOff === undefined
    ? { kind: 'ended', exitCode, ...defined({ reason }) }
    : { kind: 'backing-off', exitCode, backOff, ...defined({ reason }) };
}

/** The last start of a container, if it has failed and its watcher has seen that. */
function failedStartOf({ end }: WatchedFacts = NOTHING_KNOWN) {
  return end?.reason === 'StartError' ? { message: '', ...end } : undefined;
}

function startFailed(
  message: string,
  finishedAt: number | undefined,
  watched: WatchedFacts | undefined,
): ContainerStage {
  return { kind: 'start-failed', message, ...defined({ finishedAt, backOff: backOffOf(watched) }) };
}

function backOffOf({ waitSeconds = 0, restartAt }: WatchedFacts = NOTHING_KNOWN): BackOffTime | undefined {
  return restartAt === undefined || waitSeconds === 0
    ? undefined
    : { seconds: waitSeconds, until: restartAt };
}

const NOTHING_KNOWN: WatchedFacts = { restarts: 0 };
