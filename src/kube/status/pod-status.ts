import { containerStatus, isInitReady, isReady, type ContainerStatus } from './container-status.ts';
import type { PodFacts } from './facts.ts';
import { podPhase, type PodPhase } from './phase.ts';
import { statusWord } from './status-word.ts';

/** The status of a pod, as Kubernetes would report it. */
export interface PodStatus {
  readonly phase: PodPhase;
  /** The STATUS column of `kubectl get pods`. */
  readonly status: string;
  /** The number of ready containers. */
  readonly ready: number;
  readonly total: number;
  /** Restarts of the init containers until they have completed, then of the containers. */
  readonly restarts: number;
  readonly conditions: readonly PodCondition[];
  readonly initContainers: readonly ContainerStatus[];
  readonly containers: readonly ContainerStatus[];
}

export interface PodCondition {
  readonly type: 'Initialized' | 'Ready' | 'ContainersReady';
  readonly status: 'True' | 'False';
}

/**
 * Computes the status of a pod: phase, conditions, container states and the columns of `kubectl get pods`. The rules
 * are tables in `container-status.ts`, `phase.ts` and `status-word.ts`.
 */
export function podStatus(facts: PodFacts): PodStatus {
  const initContainers = facts.initContainers.map((container) => containerStatus(container, facts));
  const containers = facts.containers.map((container) => containerStatus(container, facts));
  const statuses = { initContainers, containers };
  const phase = podPhase({ ...facts, ...statuses });
  const areReady = containers.length > 0 && containers.every(isReady);
  const isInitialized = initContainers.every(isInitReady);
  const ready = areReady && phase === 'Running';
  const counted = isInitialized ? containers : initContainers;
  return {
    phase,
    status: statusWord({ ...statuses, phase, isTerminating: facts.isTerminating, isReady: ready }),
    ready: containers.filter(isReady).length,
    total: containers.length,
    restarts: counted.reduce((sum, { restarts }) => sum + restarts, 0),
    conditions: [
      condition('Initialized', isInitialized),
      condition('Ready', ready),
      condition('ContainersReady', areReady),
    ],
    ...statuses,
  };
}

function condition(type: PodCondition['type'], isTrue: boolean): PodCondition {
  return { type, status: isTrue ? 'True' : 'False' };
}
