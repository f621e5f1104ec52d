import type { ContainerRole, DesiredPod } from '../kube/spec/desired.ts';
import { hasCompleted, stateWord } from '../kube/status/container-status.ts';
import { isCrashLooping } from '../kube/status/stability.ts';
import { isLabelledWatched } from '../podman/labels.ts';
import type { ContainersAndPods } from '../podman/inspect/decode.ts';
import { missingProbe } from '../kube/status/missing-probe.ts';
import { viewPods, type ContainerView, type PodView } from './pod-facts.ts';

/** What `up --wait` waits for. */
export interface Readiness {
  /** Whether a pod or a container has failed for good. */
  readonly hasFailed: boolean;
  /** In the order of the manifests. */
  readonly waits: readonly Wait[];
}

/** A container that is waited for, or a pod. */
export interface Wait {
  readonly pod: string;
  readonly container?: string;
  /** Of the container; an app container if absent. */
  readonly role?: ContainerRole;
  /** In the words of kubectl: `PodInitializing`. */
  readonly state: string;
  /** It runs, and has crashed shortly before. */
  readonly isLooping?: true;
  /** Whether it is ready is not known: no watcher has answered, or it was created without one. */
  readonly unknown?: 'unanswered' | 'unwatched';
}

/**
 * What is missing until every pod is Ready or Succeeded. A container that was restarted
 * is not taken as ready before it has run for a while: one that crashes again and again is ready between its crashes.
 * @param now seconds since 1970
 */
export function readinessOf(
  project: string,
  pods: readonly DesiredPod[],
  observed: ContainersAndPods,
  now: number,
): Readiness {
  const views = viewPods({ ...observed, volumes: [], images: [] }, { project }, pods);
  const found = pods.map((pod) => ({ pod, view: views.find((view) => view.observed.name === pod.name) }));
  return {
    hasFailed: found.some(({ view }) => view !== undefined && hasFailed(view)),
    waits: found.flatMap(({ pod: { name }, view }): readonly Wait[] =>
      view === undefined ? [{ pod: name, state: 'not created' }] : waitsOf(view, now),
    ),
  };
}

/** A pod also fails at its deadline, with containers that have ended with exit code 0. */
function hasFailed({ status: { phase }, containers }: PodView): boolean {
  return (
    phase === 'Failed' ||
    containers.some(
      ({ status: { state, willRestart } }) =>
        state.kind === 'terminated' && state.exitCode !== 0 && !willRestart,
    )
  );
}

/** What is missing until a pod is Ready or Succeeded. @param now seconds since 1970 */
export function waitsOf(
  { observed, status, initContainers, containers }: PodView,
  now: number,
): readonly Wait[] {
  if (status.phase === 'Succeeded') return [];
  const sidecars = initContainers.filter(({ status: { isSidecar } }) => isSidecar === true);
  // A pod with a container that has completed is never Ready again: it can only succeed.
  const canBeReady = !containers.some(
    ({ status: { state, willRestart } }) => hasCompleted(state) && !willRestart,
  );
  const isDone = (container: ContainerView) =>
    canBeReady
      ? container.status.ready === true && !isLooping(container, now)
      : hasCompleted(container.status.state);
  const waits = [...(canBeReady ? sidecars : []), ...containers]
    .filter((container) => !isDone(container))
    .map((container): Wait => ({
      pod: observed.name,
      container: container.name,
      ...(sidecars.includes(container) ? { role: 'init' } : {}),
      ...waitingState(container, canBeReady, now),
    }));
  const isReady = status.conditions.some(({ type, status }) => type === 'Ready' && status === 'True');
  return waits.length > 0 || isReady ? waits : [{ pod: observed.name, state: status.status }];
}

type WaitingState = Pick<Wait, 'state' | 'unknown' | 'isLooping'>;

function waitingState(container: ContainerView, canBeReady: boolean, now: number): WaitingState {
  const { state, restarts, ready } = container.status;
  if (isLooping(container, now))
    return { state: `restarted ${restarts === 1 ? 'once' : `${restarts} times`}`, isLooping: true };
  if (state.kind !== 'running' || state.hasLostSandbox === true) return { state: stateWord(state) };
  if (!canBeReady) return { state: 'running' };
  if (ready !== 'unknown') {
    const { watched } = container.observed ?? {};
    return { state: (watched === undefined ? undefined : missingProbe(watched)) ?? 'not ready' };
  }
  const isWatched = isLabelledWatched(container.observed?.labels ?? {});
  return { state: 'readiness unknown', unknown: isWatched ? 'unanswered' : 'unwatched' };
}

function isLooping({ status, observed }: ContainerView, now: number): boolean {
  // What the watcher has not started, somebody has.
  if (observed === undefined || (observed.watched !== undefined && observed.watched.isRestart !== true))
    return false;
  return isCrashLooping({ ...observed, restarts: status.restarts }, now);
}
