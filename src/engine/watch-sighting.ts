import { defined } from '../base/defined.ts';
import { INIT_RESTART_POLICY } from '../kube/spec/defaults.ts';
import type { ContainerRole } from '../kube/spec/desired.ts';
import { lifecycleOf } from '../kube/spec/recorded-lifecycle.ts';
import type { ProbeKill, ProbeStatus } from '../kubelet/container-probes.ts';
import {
  type EndedRun,
  type Past,
  type Run,
  type Sighting,
  START_FAILED,
  type WatchedContainer,
} from '../kubelet/watched.ts';
import { mountSteps } from '../plan/build/starts.ts';
import { appliedContainers } from '../podman/inspect/container-list.ts';
import type { ContainersAndPods } from '../podman/inspect/decode.ts';
import type { ObservedContainer, ObservedPod } from '../podman/inspect/observed.ts';
import type { RunDetails } from '../podman/inspect/run-details.ts';
import { LABEL } from '../podman/labels.ts';
import {
  isSidecarRecord,
  lastAppliedContainer,
  recordedDeadline,
  type LastAppliedContainer,
} from '../podman/last-applied.ts';
import { viewPods, type PodView } from './pod-facts.ts';

/** The last run of a container, as a look found it. */
export interface SeenDetails extends RunDetails {
  /** The container as listed when it was inspected. */
  readonly listed: string;
  /** A user has killed it, and not stopped it: it is restarted, as on a cluster. */
  readonly wasKilled: boolean;
}

/** What a look found in podman. */
export interface FoundInPodman {
  /** By podman's ID. */
  readonly seen: ReadonlyMap<string, SeenDetails>;
  /** By podman's name. */
  readonly pods: ReadonlyMap<string, ObservedPod>;
  /** The pods of which an init container has failed for good. */
  readonly failed: ReadonlySet<string>;
  readonly all: readonly ObservedContainer[];
  /** What is known of a container from before the watch. */
  readonly past: (id: string) => Past | undefined;
}

export interface SightingContext {
  /** Milliseconds to add to a time of podman, which is on the wall clock, for the monotonic clock. */
  readonly offset: number;
  /** What the watcher before has found out about the run that has this start. */
  readonly probed: (id: string, run: string) => ProbeStatus | undefined;
  /** Whether the watcher before has started this run. */
  readonly isRestart: (id: string, run: string) => boolean;
  /** Why the watcher before has ended this run. */
  readonly killedBy: (id: string, run: string) => ProbeKill | undefined;
}

/** Whether the infra container of a pod runs. */
export function isUp({ infra }: ObservedPod): boolean {
  return infra === 'running' || infra === 'paused';
}

/** Identifies the network of a pod: another text means another address. */
export function sandboxOf({ id, infraStartedAt }: ObservedPod): string {
  return `${id} ${infraStartedAt}`;
}

/** A container for the watcher; undefined for one that podman itself restarts, or that is gone. */
export function sightingOf(
  observed: ObservedContainer,
  { seen, pods, failed, all, past }: FoundInPodman,
  { offset, probed, isRestart, killedBy }: SightingContext,
): Sighting | undefined {
  const { id, podName } = observed;
  const found = seen.get(id);
  const labels = labelsInForce(observed, all);
  const applied = lastAppliedContainer(labels);
  const container = watchedContainerOf({ ...observed, labels });
  // podman restarts a container of an earlier podpose itself.
  if (found === undefined || applied === undefined || container === undefined) return undefined;
  const pod = pods.get(podName ?? '');
  const known: Past = {
    restarts: 0,
    ...past(id),
    ...defined({ probed: probed(id, found.startedText) ?? probedBefore(observed, all) }),
    isRestart: isRestart(id, found.startedText),
    ...(found.status === 'exited' ? defined({ killedBy: killedBy(id, found.startedText) }) : {}),
  };
  const listed = pod === undefined ? undefined : appliedContainers(pod, all);
  return {
    // A watcher leaves a container to podman that was created without one.
    container: found.isRestartedByPodman
      ? { ...container, restartPolicy: INIT_RESTART_POLICY, lifecycle: {} }
      : container,
    run: runOf(found, offset),
    startKey: found.startedText,
    key: `${found.status} ${found.startedText} ${found.finishedAt}`,
    podIsUp: pod !== undefined && isUp(pod),
    position: listed?.findIndex(({ name }) => name === container.container) ?? -1,
    isPodWhole: listed?.every(({ role, name }) => role === 'init' || exists(name, observed, all)) === true,
    sandbox: pod === undefined ? '' : sandboxOf(pod),
    ...(failed.has(container.pod) ? { hasFailedInit: true } : {}),
    ...defined({ deadlineAt: deadlineOf(applied, pod, offset) }),
    isStoppedOnPurpose:
      (found.status === 'exited' && found.isStoppedByUser && !found.wasKilled) ||
      (['exited', 'created'].includes(found.status) && waitsForInit(observed, all)),
    past: known,
  };
}

/** A container of a pod as it was applied; undefined for another one. */
export function watchedContainerOf(observed: ObservedContainer): WatchedContainer | undefined {
  const { id, owner, labels } = observed;
  const applied = lastAppliedContainer(labels);
  if (owner?.name === undefined || applied === undefined) return undefined;
  const { restartPolicy, settings, terminationGracePeriodSeconds } = applied;
  const { workingDir } = settings;
  return {
    ...{ id, pod: owner.pod, container: owner.name, role: roleOf(observed) },
    ...{ restartPolicy, lifecycle: lifecycleOf(settings), terminationGracePeriodSeconds },
    beforeStart: mountSteps(observed, []).map(({ operation }) => operation),
    ...defined({ workingDir: typeof workingDir === 'string' ? workingDir : undefined }),
  };
}

/** Pods of which an init container has failed for good, and no app container runs. */
export function podsWithFailedInit(listed: ContainersAndPods): ReadonlySet<string> {
  const isRunning = ({ state }: ObservedContainer) => state === 'running' || state === 'paused';
  const named = (isMeant: (container: ObservedContainer) => boolean) =>
    new Set(listed.containers.filter(isMeant).flatMap(({ owner }) => owner?.pod ?? []));
  const initialized = named((one) => one.owner?.role === 'container' && isRunning(one));
  const suspects = named((one) => one.owner?.role === 'init' && one.state === 'exited' && one.exitCode !== 0);
  const pods = [...suspects].filter((pod) => !initialized.has(pod));
  if (pods.length === 0) return new Set();
  const views = viewPods({ ...listed, volumes: [], images: [] }, { pods });
  const hasFailed = ({ initContainers }: PodView) =>
    initContainers.some(
      ({ status: { state, willRestart, isSidecar } }) =>
        isSidecar !== true && state.kind === 'terminated' && state.exitCode !== 0 && !willRestart,
    );
  return new Set(views.filter(hasFailed).map(({ observed }) => observed.name));
}

/**
 * Kubernetes counts from the start of the pod. A container with podman's time limit, from an earlier podpose or without a
 * watcher, is stopped then, too, and not later.
 */
function deadlineOf(
  applied: Pick<LastAppliedContainer, 'settings'>,
  pod: ObservedPod | undefined,
  offset: number,
): number | undefined {
  const seconds = recordedDeadline(applied);
  const startedAt = pod?.infraStartedAt ?? 0;
  return seconds === undefined || startedAt === 0 ? undefined : (startedAt + seconds) * 1000 + offset;
}

/**
 * Whether an app container belongs to a pod whose init containers run again and have not completed: `up` has stopped it, and
 * has failed. App containers start after all init containers have completed. One that was removed has. Exported for tests.
 */
export function waitsForInit(
  { owner, podName }: ObservedContainer,
  all: readonly ObservedContainer[],
): boolean {
  const inits = all.filter(
    (other) => other.owner?.role === 'init' && other.podName === podName && !isSidecarRecord(other.labels),
  );
  return (
    owner?.role === 'container' && inits.some(({ state, exitCode }) => state !== 'exited' || exitCode !== 0)
  );
}

/**
 * What the startup probe of a sidecar must have answered: app containers start after it only (computeInitContainerActions in
 * pkg/kubelet/kuberuntime/kuberuntime_container.go). A new watcher does not run that probe again. Exported for tests.
 */
export function probedBefore(
  { owner, podName, startedAt }: ObservedContainer,
  all: readonly ObservedContainer[],
): ProbeStatus | undefined {
  const hasStarted = all.some(
    (other) => other.owner?.role === 'container' && other.podName === podName && other.startedAt >= startedAt,
  );
  return owner?.role === 'init' && hasStarted ? { started: true, ready: false } : undefined;
}

function exists(name: string, { podName }: ObservedContainer, all: readonly ObservedContainer[]): boolean {
  return all.some(({ owner, podName: other }) => owner?.name === name && other === podName);
}

function roleOf({ owner }: ObservedContainer): ContainerRole {
  return owner?.role === 'init' ? 'init' : 'container';
}

/** The labels of a container, or of its record container if it was updated. */
function labelsInForce({ id, labels }: ObservedContainer, all: readonly ObservedContainer[]) {
  const record = all.find(
    ({ owner, labels: given }) =>
      owner?.role === 'note' && given[LABEL.recordOf] === id && given[LABEL.spec] !== undefined,
  );
  return record === undefined ? labels : { ...record.labels, [LABEL.role]: labels[LABEL.role] ?? '' };
}

/** podman's state of a container until its exit code is recorded and it is cleaned up. */
export const ENDING = 'stopped';

/** Exported for tests. */
export function runOf(found: RunDetails, offset: number): Run {
  const { status, startedAt, finishedAt, exitCode, isOomKilled, startFailure } = found;
  if (status === 'running' || status === 'stopping' || status === ENDING)
    return { kind: 'running', startedAt: startedAt + offset };
  if (status === 'exited')
    return {
      kind: 'ended',
      ...(startedAt > 0 ? { startedAt: startedAt + offset } : {}),
      finishedAt: finishedAt + offset,
      exitCode,
      reason: isOomKilled ? 'OOMKilled' : exitCode === 0 ? 'Completed' : 'Error',
    } satisfies EndedRun;
  // podman does not tell when a start has failed: the time of the last end, or that of the first look.
  if (status === 'created' && startFailure !== undefined && startedAt === 0)
    return {
      kind: 'ended',
      finishedAt: -Infinity,
      exitCode: START_FAILED,
      reason: 'StartError',
      ...(startFailure === '' ? {} : { message: startFailure }),
    };
  return { kind: 'other' };
}
