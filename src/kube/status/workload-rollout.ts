import { count } from '../../base/text.ts';

/** A pod of a workload. */
export interface RolloutPod {
  /** The number of its template; undefined if it has no record of it. */
  readonly revision: number | undefined;
  /** Pods with the same template are equal in it. */
  readonly template: string;
  readonly isAvailable: boolean;
  /** Seconds since 1970. */
  readonly createdAt: number;
}

export interface RolloutFacts {
  readonly pods: readonly RolloutPod[];
  /** Whether a podpose is changing the project. */
  readonly isBusy: boolean;
  readonly deadlineSeconds: number;
  /** Seconds since 1970. */
  readonly now: number;
  /** The last change that was seen, in seconds since 1970. */
  readonly changedAt: number;
}

/**
 * How far the rollout of a workload is, with a sentence about it:
 * - `stopped`: pods of an earlier template are left, and no podpose replaces them
 * - `late`: nothing has changed for progressDeadlineSeconds
 */
export interface WorkloadRollout {
  readonly kind: 'complete' | 'progressing' | 'stopped' | 'late';
  readonly words: string;
}

/** The state of a rollout from the pods of a workload. */
export function workloadRollout({
  pods,
  isBusy,
  deadlineSeconds,
  now,
  changedAt,
}: RolloutFacts): WorkloadRollout {
  const updated = ofNewestTemplate(pods);
  const available = updated.filter(({ isAvailable }) => isAvailable);
  const hasOld = updated.length < pods.length;
  const words = hasOld
    ? `${updated.length} of ${count(pods.length, 'pod')} ${updated.length === 1 ? 'has' : 'have'} the new template, ${available.length} available`
    : `${available.length} of ${count(updated.length, 'pod')} available`;
  if (isBusy) return { kind: 'progressing', words };
  if (hasOld) return { kind: 'stopped', words };
  if (available.length === updated.length) return { kind: 'complete', words };
  const progressedAt = Math.max(changedAt, ...updated.map(({ createdAt }) => createdAt));
  return { kind: now - progressedAt < deadlineSeconds ? 'progressing' : 'late', words };
}

/** The pods with the template of the highest revision; without revisions, with that of the newest pod. */
function ofNewestTemplate(pods: readonly RolloutPod[]): readonly RolloutPod[] {
  const newest = pods.reduce<RolloutPod | undefined>(
    (best, pod) => (best === undefined || isNewer(pod, best) ? pod : best),
    undefined,
  );
  return pods.filter(({ template }) => template === newest?.template);
}

function isNewer(pod: RolloutPod, other: RolloutPod): boolean {
  const difference = (pod.revision ?? 0) - (other.revision ?? 0);
  return difference === 0 ? pod.createdAt > other.createdAt : difference > 0;
}
