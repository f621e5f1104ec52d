import { isReady, stateWord, type ContainerStatus } from './container-status.ts';
import type { PodPhase } from './phase.ts';

interface Subject {
  readonly phase: PodPhase;
  readonly isTerminating: boolean;
  /** Whether every container is ready. */
  readonly isReady: boolean;
  readonly initContainers: readonly ContainerStatus[];
  readonly containers: readonly ContainerStatus[];
}

type Row = readonly [when: (pod: Subject) => boolean, word: (pod: Subject) => string];

/**
 * The STATUS column of `kubectl get pods`; the first row that applies is used (printPod in
 * pkg/printers/internalversion/printers.go, Kubernetes 1.35). The first container that is not running determines the
 * status. If it is `Completed`, a ready pod is `Running`, a pod with a failed container has the status of that
 * container (kubernetes/kubernetes pull request 124766), and a pod with other running containers is `NotReady`.
 */
const WORDS: readonly Row[] = [
  [({ isTerminating }) => isTerminating, () => 'Terminating'],
  [(pod) => initWord(pod) !== undefined, (pod) => initWord(pod) ?? ''],
  [(pod) => firstWord(pod) !== 'Completed', firstWord],
  [(pod) => pod.isReady && someRun(pod), () => 'Running'],
  [(pod) => failedWord(pod) !== undefined, (pod) => failedWord(pod) ?? ''],
  [someRun, () => 'NotReady'],
];

export function statusWord(pod: Subject): string {
  return WORDS.find(([when]) => when(pod))?.[1](pod) ?? firstWord(pod);
}

/** Undefined if every init container has succeeded. */
function initWord({ initContainers }: Subject): string | undefined {
  const index = initContainers.findIndex(({ state }) => state.kind !== 'terminated' || state.exitCode !== 0);
  const current = initContainers[index]?.state;
  if (current === undefined) return undefined;
  const isInItsTurn = current.kind === 'running' || stateWord(current) === 'PodInitializing';
  return isInItsTurn ? `Init:${index}/${initContainers.length}` : `Init:${stateWord(current)}`;
}

function firstWord({ containers, phase }: Subject): string {
  const notRunning = containers.find(
    ({ state }) => state.kind !== 'running' || state.hasLostSandbox === true,
  );
  return notRunning === undefined ? phase : stateWord(notRunning.state);
}

function failedWord({ containers }: Subject): string | undefined {
  const bad = containers.find(({ state }) => state.kind === 'terminated' && state.exitCode !== 0);
  return bad === undefined ? undefined : stateWord(bad.state);
}

function someRun({ containers }: Subject): boolean {
  return containers.some(isReady);
}
