import { endOf, type ContainerState, type ContainerStatus } from './container-status.ts';
import type { PodFacts } from './facts.ts';

export type PodPhase = 'Pending' | 'Running' | 'Succeeded' | 'Failed';

type Subject = Pick<PodFacts, 'restartPolicy' | 'isTerminal'> & {
  readonly initContainers: readonly ContainerStatus[];
  readonly containers: readonly ContainerStatus[];
};

/**
 * The phases of a pod; the first row that applies is used, as in the kubelet (getPhase in
 * pkg/kubelet/kubelet_pods.go).
 * https://kubernetes.io/docs/concepts/workloads/pods/pod-lifecycle/#pod-phase
 */
const PHASES: readonly (readonly [when: (pod: Subject) => boolean, phase: PodPhase])[] = [
  [(pod) => initHasFailed(pod) && isForGood(pod), 'Failed'],
  [(pod) => !isInitialized(pod) && !pod.containers.some(hasStarted), 'Pending'],
  [({ containers }) => containers.length === 0, 'Pending'],
  [({ containers }) => !containers.every(hasStarted), 'Pending'],
  [({ containers }) => containers.some(({ state }) => endOf(state) === undefined), 'Running'],
  [({ restartPolicy, isTerminal }) => restartPolicy === 'Always' && !isTerminal, 'Running'],
  [({ containers }) => containers.every(({ state }) => endOf(state) === 0), 'Succeeded'],
  [isForGood, 'Failed'],
];

export function podPhase(pod: Subject): PodPhase {
  return PHASES.find(([when]) => when(pod))?.[1] ?? 'Running';
}

function isForGood({ restartPolicy, isTerminal }: Subject): boolean {
  return restartPolicy === 'Never' || isTerminal;
}

function initHasFailed({ initContainers }: Subject): boolean {
  return initContainers.some(({ state }) => (endOf(state) ?? 0) !== 0);
}

function isInitialized({ initContainers }: Subject): boolean {
  return initContainers.every(({ state }) => endOf(state) === 0);
}

function hasStarted({ state }: { readonly state: ContainerState }): boolean {
  return state.kind !== 'waiting' || state.lastExitCode !== undefined;
}
