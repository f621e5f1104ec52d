import { defined } from '../../base/defined.ts';
import type { ContainerStatus } from './container-status.ts';
import type { ContainerFacts, PodFacts } from './facts.ts';
import type { PodPhase } from './phase.ts';

export interface PodCondition {
  readonly type: 'PodReadyToStartContainers' | 'Initialized' | 'Ready' | 'ContainersReady' | 'PodScheduled';
  readonly status: 'True' | 'False' | 'Unknown';
  readonly reason?: string;
  readonly message?: string;
  /** Seconds since 1970; absent if it is unknown. */
  readonly lastTransitionTime?: number;
}

interface Subject {
  readonly facts: PodFacts;
  readonly phase: PodPhase;
  readonly initContainers: readonly ContainerStatus[];
  readonly containers: readonly ContainerStatus[];
}

type Finding = Omit<PodCondition, 'type'>;
type Row = readonly [when: (pod: Subject) => boolean, finding: (pod: Subject) => Finding];

const TRUE: Finding = { status: 'True' };

/** The conditions that the kubelet maintains, in its order (generateAPIPodStatus in pkg/kubelet/kubelet_pods.go). */
export function podConditions(pod: Subject): readonly PodCondition[] {
  const { facts } = pod;
  const ready = findingOf(READY, pod);
  return [
    { type: 'PodReadyToStartContainers', ...at(facts.sandboxStartedAt, sandboxOf(pod)) },
    { type: 'Initialized', ...at(initializedAt(pod), findingOf(INITIALIZED, pod)) },
    { type: 'Ready', ...at(readyAt(pod), ready) },
    { type: 'ContainersReady', ...at(readyAt(pod), ready) },
    // podpose has no scheduler: a pod is created where it runs.
    { type: 'PodScheduled', ...at(facts.createdAt, TRUE) },
  ];
}

function findingOf(rows: readonly Row[], pod: Subject): Finding {
  return rows.find(([when]) => when(pod))?.[1](pod) ?? TRUE;
}

/** The sandbox runs (GeneratePodReadyToStartContainersCondition in pkg/kubelet/status/generate.go). */
function sandboxOf({ facts }: Subject): Finding {
  return facts.sandboxStartedAt === undefined ? { status: 'False' } : TRUE;
}

/** Initialized; the first row that applies is used (GeneratePodInitializedCondition in status/generate.go). */
const INITIALIZED: readonly Row[] = [
  [({ phase }) => phase === 'Succeeded', () => ({ status: 'True', reason: 'PodCompleted' })],
  [({ containers }) => containers.some(hasStarted), () => TRUE],
  [
    (pod) => incomplete(pod).length > 0,
    (pod) => ({
      status: 'False',
      reason: 'ContainersNotInitialized',
      message: `containers with incomplete status: ${names(incomplete(pod))}`,
    }),
  ],
];

/**
 * Ready and ContainersReady, which differ only by readiness gates; the first row that applies is used
 * (GenerateContainersReadyCondition in status/generate.go). On a cluster, a kubelet always knows; podpose knows only
 * while something probes.
 */
const READY: readonly Row[] = [
  [({ phase }) => phase === 'Succeeded', () => ({ status: 'False', reason: 'PodCompleted' })],
  [({ phase }) => phase === 'Failed', () => ({ status: 'False', reason: 'PodFailed' })],
  [(pod) => counted(pod).length === 0, () => ({ status: 'False', reason: 'UnknownContainerStatuses' })],
  [
    (pod) => withReadiness(pod, false).length > 0,
    (pod) => ({ status: 'False', reason: 'ContainersNotReady', message: unreadyMessage(pod) }),
  ],
  [
    (pod) => withReadiness(pod, 'unknown').length > 0,
    (pod) => ({ status: 'Unknown', reason: 'UnknownContainerStatuses', message: unreadyMessage(pod) }),
  ],
];

function unreadyMessage(pod: Subject): string {
  const unknown = withReadiness(pod, 'unknown');
  const unready = withReadiness(pod, false);
  return [
    ...(unknown.length === 0 ? [] : [`containers with unknown status: ${names(unknown)}`]),
    ...(unready.length === 0 ? [] : [`containers with unready status: ${names(unready)}`]),
  ].join(', ');
}

/** The containers that a pod's readiness depends on: sidecars and app containers. */
function counted({ initContainers, containers }: Subject): readonly ContainerStatus[] {
  return [...initContainers.filter(({ isSidecar }) => isSidecar === true), ...containers];
}

function withReadiness(pod: Subject, ready: ContainerStatus['ready']): readonly ContainerStatus[] {
  return counted(pod).filter((container) => container.ready === ready);
}

function incomplete({ initContainers }: Subject): readonly ContainerStatus[] {
  return initContainers.filter(({ isSidecar, started, ready }) =>
    isSidecar === true ? started !== true : ready !== true,
  );
}

function hasStarted({ state }: ContainerStatus): boolean {
  return state.kind !== 'waiting';
}

/** As Go prints a list. */
function names(containers: readonly ContainerStatus[]): string {
  return `[${containers.map(({ name }) => name).join(' ')}]`;
}

/** Only the time at which a condition became true is known; a time of 0 is not. */
function at(time: number | undefined, finding: Finding): Finding {
  const isKnown = finding.status === 'True' && time !== undefined && time > 0 && Number.isFinite(time);
  return isKnown ? { ...finding, lastTransitionTime: time } : finding;
}

/** The end of the last init container; without init containers, the start of the sandbox. */
function initializedAt({ facts }: Subject): number | undefined {
  const { initContainers, sandboxStartedAt } = facts;
  if (initContainers.length === 0) return sandboxStartedAt;
  return latest(initContainers.map(initializesAt));
}

/** A probed sidecar initializes the pod when it is started, which no fact tells. */
function initializesAt({ isSidecar, started, startedAt, finishedAt }: ContainerFacts): number | undefined {
  if (isSidecar !== true) return finishedAt;
  return started === undefined ? startedAt : undefined;
}

/** When the last container became ready: without probes, when it started. */
function readyAt({ facts: { initContainers, containers } }: Subject): number | undefined {
  const sidecars = initContainers.filter(({ isSidecar }) => isSidecar === true);
  return latest([...sidecars, ...containers].map(becameReadyAt));
}

function becameReadyAt({ started, ready, readySince, startedAt }: ContainerFacts): number | undefined {
  return started === undefined && ready === undefined ? startedAt : readySince;
}

/** Undefined if one of the times is unknown. */
function latest(times: readonly (number | undefined)[]): number | undefined {
  const known = times.flatMap((time) => defined({ time }).time ?? []);
  return known.length < times.length || known.length === 0 ? undefined : Math.max(...known);
}
