import { columnsOf, type Columns } from './columns.ts';
import { podConditions, type PodCondition } from './conditions.ts';
import { containerStatus, type ContainerStatus } from './container-status.ts';
import type { PodFacts } from './facts.ts';
import { podPhase, type PodPhase } from './phase.ts';

/** The status of a pod, as Kubernetes would report it, with the columns of `kubectl get pods`. */
export interface PodStatus extends Columns {
  readonly phase: PodPhase;
  /** Why the whole pod has failed; absent if it is a matter of its containers. */
  readonly reason?: string;
  readonly message?: string;
  readonly conditions: readonly PodCondition[];
  readonly initContainers: readonly ContainerStatus[];
  readonly containers: readonly ContainerStatus[];
}

/** pkg/kubelet/active_deadline.go */
export const DEADLINE_EXCEEDED = {
  reason: 'DeadlineExceeded',
  message: 'Pod was active on the node longer than the specified deadline',
} as const;

/**
 * Computes the status of a pod: phase, conditions, container states and the columns of `kubectl get pods`. The rules
 * are tables in `container-status.ts`, `phase.ts`, `conditions.ts` and `columns.ts`.
 */
export function podStatus(facts: PodFacts): PodStatus {
  const statuses = {
    initContainers: facts.initContainers.map((container) => containerStatus(container, 'init', facts)),
    containers: facts.containers.map((container) => containerStatus(container, 'container', facts)),
  };
  const phase = podPhase({ facts, ...statuses });
  const conditions = podConditions({ facts, phase, ...statuses });
  const isTrue = (type: PodCondition['type']) =>
    conditions.some((condition) => condition.type === type && condition.status === 'True');
  return {
    phase,
    ...(facts.isPastDeadline === true ? DEADLINE_EXCEEDED : {}),
    ...columnsOf({
      ...statuses,
      phase,
      isTerminating: facts.isTerminating,
      isReady: isTrue('Ready'),
      isInitialized: isTrue('Initialized'),
    }),
    conditions,
    ...statuses,
  };
}
