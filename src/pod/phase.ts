import type { RestartPolicy } from './desired.ts';

/** What a container of a pod does at the moment, as a Pod's status tells it. */
export interface ContainerStatus {
  readonly name: string;
  readonly state: ContainerStatusState;
  /** How often it has been started again. */
  readonly restarts: number;
}

export type ContainerStatusState =
  | {
      readonly kind: 'waiting';
      /** `ContainerCreating`, `PodInitializing`, `CrashLoopBackOff` ... */
      readonly reason: string;
      /** Present when it has run before and is to run again. */
      readonly lastExitCode?: number;
    }
  | { readonly kind: 'running'; readonly ready: boolean }
  /** The reason is `Completed`, `Error`, `OOMKilled` ...; empty when nothing but the code is known. */
  | { readonly kind: 'terminated'; readonly exitCode: number; readonly reason: string };

export interface PodStatus {
  readonly restartPolicy: RestartPolicy;
  /** In the order in which they run, also those that have not been created yet. */
  readonly initContainers: readonly ContainerStatus[];
  readonly containers: readonly ContainerStatus[];
  /** Nothing in the pod is going to be started again, whatever its restart policy says. */
  readonly isTerminal: boolean;
  /** It is being deleted. */
  readonly isTerminating: boolean;
}

export type PodPhase = 'Pending' | 'Running' | 'Succeeded' | 'Failed';

/**
 * The phase of a pod, as the kubelet computes it (getPhase in kubernetes/pkg/kubelet/kubelet_pods.go).
 * https://kubernetes.io/docs/concepts/workloads/pods/pod-lifecycle/#pod-phase
 */
export function podPhase({ restartPolicy, initContainers, containers, isTerminal }: PodStatus): PodPhase {
  const hasStarted = containers.some(
    ({ state }) => state.kind !== 'waiting' || state.lastExitCode !== undefined,
  );
  const initFailed = initContainers.some(({ state }) => (endOf(state) ?? 0) !== 0);
  const initPending = initContainers.some(({ state }) => endOf(state) === undefined);
  if (initFailed && (restartPolicy === 'Never' || isTerminal)) return 'Failed';
  if ((initPending || initFailed) && !hasStarted) return 'Pending';
  if (containers.length === 0) return 'Pending';

  const ends = containers.map(({ state }) => endOf(state));
  if (containers.some(({ state }) => state.kind === 'waiting' && state.lastExitCode === undefined))
    return 'Pending';
  if (ends.includes(undefined)) return 'Running';
  if (restartPolicy === 'Always' && !isTerminal) return 'Running';
  if (ends.every((exitCode) => exitCode === 0)) return 'Succeeded';
  return restartPolicy === 'Never' || isTerminal ? 'Failed' : 'Running';
}

/** The exit code of a container that has come to an end, though it may be waiting for its next start. */
function endOf(state: ContainerStatusState): number | undefined {
  switch (state.kind) {
    case 'waiting':
      return state.lastExitCode;
    case 'running':
      return undefined;
    case 'terminated':
      return state.exitCode;
  }
}

export interface PodSummary {
  readonly phase: PodPhase;
  /** As in the column STATUS of `kubectl get pods`. */
  readonly status: string;
  readonly ready: number;
  readonly total: number;
  readonly restarts: number;
}

/** What `kubectl get pods` shows of a pod (printPod in kubernetes/pkg/printers/internalversion/printers.go). */
export function summarizePod(pod: PodStatus): PodSummary {
  const phase = podPhase(pod);
  const initStatus = statusWhileInitializing(pod.initContainers);
  const counted = initStatus === undefined ? pod.containers : pod.initContainers;
  return {
    phase,
    status: pod.isTerminating ? 'Terminating' : (initStatus ?? statusOnceInitialized(pod.containers, phase)),
    ready: pod.containers.filter(isReady).length,
    total: pod.containers.length,
    restarts: counted.reduce((sum, { restarts }) => sum + restarts, 0),
  };
}

/** Undefined once every init container has come to a good end. */
function statusWhileInitializing(initContainers: readonly ContainerStatus[]): string | undefined {
  const index = initContainers.findIndex(({ state }) => state.kind !== 'terminated' || state.exitCode !== 0);
  const current = initContainers[index]?.state;
  if (current === undefined) return undefined;
  if (current.kind === 'terminated') return `Init:${endReason(current)}`;
  if (current.kind === 'waiting' && current.reason !== 'PodInitializing') return `Init:${current.reason}`;
  return `Init:${index}/${initContainers.length}`;
}

/** The first container that is not running decides; a pod in which some have completed and some run is not ready. */
function statusOnceInitialized(containers: readonly ContainerStatus[], phase: PodPhase): string {
  const notRunning = containers.find(({ state }) => state.kind !== 'running');
  const status = notRunning === undefined ? phase : containerStatusText(notRunning.state);
  return status === 'Completed' && containers.some(isReady) ? 'NotReady' : status;
}

/** The state of a container in a word, as the column STATUS has it for a pod of one container. */
export function containerStatusText(state: ContainerStatusState): string {
  switch (state.kind) {
    case 'waiting':
      return state.reason;
    case 'running':
      return 'Running';
    case 'terminated':
      return endReason(state);
  }
}

function endReason({ exitCode, reason }: { readonly exitCode: number; readonly reason: string }): string {
  return reason === '' ? `ExitCode:${exitCode}` : reason;
}

export function isReady({ state }: ContainerStatus): boolean {
  return state.kind === 'running' && state.ready;
}
