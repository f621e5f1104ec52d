import { isReady, stateWord, type ContainerStatus } from './container-status.ts';
import type { PodPhase } from './phase.ts';

interface Subject {
  readonly phase: PodPhase;
  readonly isTerminating: boolean;
  /** Every container is ready. */
  readonly isReady: boolean;
  readonly initContainers: readonly ContainerStatus[];
  readonly containers: readonly ContainerStatus[];
}

type Row = readonly [when: (pod: Subject) => boolean, word: (pod: Subject) => string];

/**
 * The column STATUS of `kubectl get pods`: the first row that applies counts (printPod in
 * pkg/printers/internalversion/printers.go, as of Kubernetes 1.35). The first container that does not run
 * gives the word. If that is `Completed`, a ready pod is `Running`, one in which another container came to a
 * bad end has the word of that one (kubernetes/kubernetes pull request 124766), and one in which others still
 * run is `NotReady`.
 */
const WORDS: readonly Row[] = [
  [({ isTerminating }) => isTerminating, () => 'Terminating'],
  [(pod) => initWord(pod) !== undefined, (pod) => initWord(pod) ?? ''],
  [(pod) => firstWord(pod) !== 'Completed', firstWord],
  [(pod) => pod.isReady && someRun(pod), () => 'Running'],
  [(pod) => badEnd(pod) !== undefined, (pod) => badEnd(pod) ?? ''],
  [someRun, () => 'NotReady'],
];

export function statusWord(pod: Subject): string {
  return WORDS.find(([when]) => when(pod))?.[1](pod) ?? firstWord(pod);
}

/** Undefined once every init container has come to a good end. */
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

function badEnd({ containers }: Subject): string | undefined {
  const bad = containers.find(({ state }) => state.kind === 'terminated' && state.exitCode !== 0);
  return bad === undefined ? undefined : stateWord(bad.state);
}

function someRun({ containers }: Subject): boolean {
  return containers.some(isReady);
}
