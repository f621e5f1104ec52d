import { hasCompleted, type ContainerStatus } from './container-status.ts';
import type { PodFacts } from './facts.ts';

export type PodPhase = 'Pending' | 'Running' | 'Succeeded' | 'Failed';

interface Subject {
  readonly facts: Pick<PodFacts, 'isTerminal' | 'isPastDeadline' | 'containers'>;
  readonly initContainers: readonly ContainerStatus[];
  readonly containers: readonly ContainerStatus[];
}

/**
 * The phases of a pod; the first row that applies is used, as in the kubelet (getPhase in
 * pkg/kubelet/kubelet_pods.go). The ends of sidecars do not count.
 * https://kubernetes.io/docs/concepts/workloads/pods/pod-lifecycle/#pod-phase
 */
const PHASES: readonly (readonly [when: (pod: Subject) => boolean, phase: PodPhase])[] = [
  [({ facts }) => facts.isPastDeadline === true, 'Failed'],
  [({ initContainers }) => initContainers.some(hasFailedForGood), 'Failed'],
  [({ initContainers }) => initContainers.some(isPendingInit), 'Pending'],
  [(pod) => pod.initContainers.some(isPendingSidecar) && !hasBeenInitialized(pod), 'Pending'],
  [(pod) => lasting(pod).some(isWaiting), 'Pending'],
  [(pod) => lasting(pod).some(({ state }) => state.kind === 'running'), 'Running'],
  [({ containers }) => containers.length === 0, 'Pending'],
  [({ containers }) => containers.some(({ willRestart }) => willRestart), 'Running'],
  [({ containers }) => containers.every(({ state }) => hasCompleted(state)), 'Succeeded'],
];

export function podPhase(pod: Subject): PodPhase {
  return PHASES.find(([when]) => when(pod))?.[1] ?? 'Failed';
}

/** Sidecars and app containers. */
function lasting({ initContainers, containers }: Subject): readonly ContainerStatus[] {
  return [...initContainers.filter(isSidecar), ...containers];
}

function isSidecar(container: ContainerStatus): boolean {
  return container.isSidecar === true;
}

/** Neither running, nor ever ended. The exit code of its end may be unknown, but then it was restarted. */
function isWaiting({ state, lastState, restarts }: ContainerStatus): boolean {
  return state.kind === 'waiting' && lastState === undefined && restarts === 0;
}

function hasFailedForGood(init: ContainerStatus): boolean {
  const { state, willRestart } = init;
  return !isSidecar(init) && state.kind === 'terminated' && !hasCompleted(state) && !willRestart;
}

function isPendingInit(init: ContainerStatus): boolean {
  return !isSidecar(init) && (init.state.kind === 'running' || isWaiting(init));
}

function isPendingSidecar(init: ContainerStatus): boolean {
  const isStarting = init.state.kind === 'running' && init.started !== true;
  return isSidecar(init) && (isStarting || isWaiting(init));
}

/** App containers exist in the current sandbox (HasAnyActiveRegularContainerStarted in container/helpers.go). */
function hasBeenInitialized({ facts: { containers } }: Subject): boolean {
  return containers.some(({ stage, hasLostSandbox }) => stage.kind !== 'absent' && hasLostSandbox !== true);
}
