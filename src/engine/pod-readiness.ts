import type { DesiredPod } from '../kube/spec/desired.ts';
import { hasCompleted, stateWord } from '../kube/status/container-status.ts';
import { isCrashLooping } from '../kube/status/stability.ts';
import type { ContainersAndPods } from '../podman/inspect/decode.ts';
import { viewPods, type ContainerView, type PodView } from './pod-facts.ts';

/** What `up --wait` waits for. */
export interface Readiness {
  /** Whether a container has failed for good. */
  readonly hasFailed: boolean;
  /** In the order of the manifests. */
  readonly waits: readonly Wait[];
}

/** A container that is waited for, or a pod. */
export interface Wait {
  readonly pod: string;
  readonly container?: string;
  /** In the words of kubectl: `PodInitializing`. */
  readonly state: string;
}

/**
 * What is missing until every pod is Ready, or Succeeded if its restart policy lets it end. A container that was restarted
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

function hasFailed({ containers }: PodView): boolean {
  return containers.some(
    ({ status: { state, willRestart } }) =>
      state.kind === 'terminated' && state.exitCode !== 0 && !willRestart,
  );
}

function waitsOf({ observed, status, restartPolicy, initContainers, containers }: PodView, now: number) {
  if (status.phase === 'Succeeded') return [];
  const sidecars = initContainers.filter(({ status: { isSidecar } }) => isSidecar === true);
  const isDone = (container: ContainerView) =>
    restartPolicy === 'Always'
      ? container.status.ready === true && !isLooping(container, now)
      : hasCompleted(container.status.state);
  const waits = [...(restartPolicy === 'Always' ? sidecars : []), ...containers]
    .filter((container) => !isDone(container))
    .map((container): Wait => ({
      pod: observed.name,
      container: container.name,
      state: waitingState(container, restartPolicy === 'Always', now),
    }));
  const isReady = status.conditions.some(({ type, status }) => type === 'Ready' && status === 'True');
  return waits.length > 0 || isReady ? waits : [{ pod: observed.name, state: status.status }];
}

function waitingState(container: ContainerView, isToStay: boolean, now: number): string {
  const { state, restarts } = container.status;
  if (isLooping(container, now)) return `restarted ${restarts === 1 ? 'once' : `${restarts} times`}`;
  if (state.kind !== 'running' || state.hasLostSandbox === true) return stateWord(state);
  return isToStay ? 'not ready' : 'running';
}

function isLooping({ status, observed }: ContainerView, now: number): boolean {
  return observed !== undefined && isCrashLooping({ ...observed, restarts: status.restarts }, now);
}
