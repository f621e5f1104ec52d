import { hasCompleted, stateWord, type ContainerStatus } from './container-status.ts';
import type { PodPhase } from './phase.ts';

interface Subject {
  readonly phase: PodPhase;
  readonly isTerminating: boolean;
  /** Conditions of the pod. */
  readonly isReady: boolean;
  readonly isInitialized: boolean;
  readonly initContainers: readonly ContainerStatus[];
  readonly containers: readonly ContainerStatus[];
}

/** The columns of `kubectl get pods`. */
export interface Columns {
  readonly status: string;
  /** The number of ready containers; unknown if that of one of them is. */
  readonly ready: number | 'unknown';
  readonly total: number;
  readonly restarts: number;
  /** Seconds since 1970. */
  readonly lastRestartAt?: number;
}

type Row = readonly [when: (pod: Subject) => boolean, word: (pod: Subject) => string];

/**
 * The STATUS column; the first row that applies is used (printPod in pkg/printers/internalversion/printers.go,
 * Kubernetes 1.36). The first container that is not running determines the status. If it is `Completed`, a ready pod is
 * `Running`, a pod with a failed container has the status of that container (kubernetes/kubernetes pull request
 * 124766), and a pod with other running containers is `NotReady`.
 */
const WORDS: readonly Row[] = [
  [({ isTerminating, phase }) => isTerminating && !isFinal(phase), () => 'Terminating'],
  [(pod) => !showsContainers(pod), initWord],
  [(pod) => firstWord(pod) !== 'Completed', firstWord],
  [(pod) => pod.isReady && someRun(pod), () => 'Running'],
  [(pod) => failedWord(pod) !== undefined, (pod) => failedWord(pod) ?? ''],
  [someRun, () => 'NotReady'],
];

export function columnsOf(pod: Subject): Columns {
  const inits = visitedInits(pod);
  const sidecars = inits.filter(isSidecar);
  const readying = [
    ...sidecars.filter(({ started }) => started !== false),
    ...(showsContainers(pod) ? pod.containers : []),
  ];
  const restarting = showsContainers(pod) ? [...sidecars, ...pod.containers] : inits;
  const restartTimes = restarting.flatMap(({ lastRestartAt }) => lastRestartAt ?? []);
  return {
    status: WORDS.find(([when]) => when(pod))?.[1](pod) ?? firstWord(pod),
    ready: readying.some(({ ready }) => ready === 'unknown')
      ? 'unknown'
      : readying.filter(({ ready }) => ready === true).length,
    total: pod.initContainers.filter(isSidecar).length + pod.containers.length,
    restarts: restarting.reduce((sum, { restarts }) => sum + restarts, 0),
    ...(restartTimes.length === 0 ? {} : { lastRestartAt: Math.max(...restartTimes) }),
  };
}

function isFinal(phase: PodPhase): boolean {
  return phase === 'Succeeded' || phase === 'Failed';
}

function isSidecar(container: ContainerStatus): boolean {
  return container.isSidecar === true;
}

/** Whether the columns are those of the app containers: the pod is initialized, or was before its sidecars restarted. */
function showsContainers(pod: Subject): boolean {
  return initIndex(pod) < 0 || pod.isInitialized;
}

/** The init container at which the initialization is; -1 if all have completed or, as sidecars, are started. */
function initIndex({ initContainers }: Subject): number {
  return initContainers.findIndex(
    (init) => !hasCompleted(init.state) && !(isSidecar(init) && init.started === true),
  );
}

/** kubectl looks no further than the init container at which the initialization is. */
function visitedInits(pod: Subject): readonly ContainerStatus[] {
  const index = initIndex(pod);
  return index < 0 ? pod.initContainers : pod.initContainers.slice(0, index + 1);
}

function initWord(pod: Subject): string {
  const index = initIndex(pod);
  const state = pod.initContainers[index]?.state;
  const isInItsTurn =
    state === undefined || state.kind === 'running' || stateWord(state) === 'PodInitializing';
  return isInItsTurn ? `Init:${index}/${pod.initContainers.length}` : `Init:${stateWord(state)}`;
}

/** If all app containers run, a sidecar that does not gives the word. */
function firstWord(pod: Subject): string {
  const notRunning = pod.containers.find(
    ({ state }) => state.kind !== 'running' || state.hasLostSandbox === true,
  );
  if (notRunning !== undefined) return stateWord(notRunning.state);
  return initIndex(pod) < 0 ? pod.phase : initWord(pod);
}

function failedWord({ containers }: Subject): string | undefined {
  const bad = containers.find(({ state }) => state.kind === 'terminated' && state.exitCode !== 0);
  return bad === undefined ? undefined : stateWord(bad.state);
}

/** A container whose readiness is unknown runs, too. */
function someRun({ containers }: Subject): boolean {
  return containers.some(({ ready }) => ready !== false);
}
