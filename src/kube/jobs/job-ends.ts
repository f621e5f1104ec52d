import { defined } from '../../base/defined.ts';
import type { FailureRule, JobSpec } from './job-spec.ts';
import type { EndedPod, JobEnd, JobPod, JobStatus } from './job-status.ts';

/*
 * When a Job has ended, and why (syncJob in pkg/controller/job/job_controller.go, pod_failure_policy.go,
 * indexed_job_utils.go).
 */

/** What there is of a Job, and what it asks for. */
export interface JobInput {
  readonly spec: JobSpec;
  readonly status: JobStatus;
  /** All pods of the Job that exist. */
  readonly pods: readonly JobPod[];
  /** What comes before the suffix in the names of its pods. */
  readonly podPrefix: string;
  /** Milliseconds since 1970. Absent for a plan, which knows no time: then nothing is late, and a back-off has not passed. */
  readonly now?: number;
  /** The first back-off in seconds; 10 by default. All other times of the back-off are in proportion. */
  readonly firstBackOffSeconds?: number;
}

/** The end of a Job: the first condition that applies, in the order of syncJob. */
const ENDS: readonly ((input: JobInput, tally: Tally) => Omit<JobEnd, 'at'> | undefined)[] = [
  ({ spec, pods }) => {
    for (const pod of pods) {
      const rule = pod.state === 'failed' ? ruleFor(pod, spec) : undefined;
      const failure = rule === undefined ? undefined : failureFor(pod, rule);
      if (rule?.action === 'FailJob' && failure !== undefined)
        return failedJob(
          'PodFailurePolicy',
          `container ${failure.container} of pod/${pod.name} failed with exit code ${failure.exitCode}, which matches the ${rule.action} rule at index ${rule.index}`,
        );
    }
    return undefined;
  },
  ({ spec, pods }, { failed }) =>
    failed > spec.backoffLimit || isPastRestarts(spec, pods)
      ? failedJob('BackoffLimitExceeded', `backoffLimit (${spec.backoffLimit}) exceeded`)
      : undefined,
  ({ spec, status, now }) => {
    const at = deadlineOf(spec, status);
    return now !== undefined && now >= at
      ? failedJob('DeadlineExceeded', `activeDeadlineSeconds (${spec.activeDeadlineSeconds ?? 0}) exceeded`)
      : undefined;
  },
  ({ spec: { maxFailedIndexes } }, { failedIndexes }) =>
    maxFailedIndexes !== undefined && failedIndexes.size > maxFailedIndexes
      ? failedJob('MaxFailedIndexesExceeded', `maxFailedIndexes (${maxFailedIndexes}) exceeded`)
      : undefined,
  ({ spec: { completions }, pods }, { succeeded, failedIndexes }) => {
    if (completions === undefined) return succeeded > 0 && !pods.some(isActive) ? COMPLETE : undefined;
    if (succeeded >= completions) return COMPLETE;
    return failedIndexes.size > 0 && succeeded + failedIndexes.size >= completions
      ? failedJob('FailedIndexes', `${failedIndexes.size} of ${completions} indexes have failed`)
      : undefined;
  },
];

const COMPLETE: Omit<JobEnd, 'at'> = {
  type: 'Complete',
  reason: 'CompletionsReached',
  message: 'all completions reached',
};

function failedJob(reason: JobEnd['reason'], message: string): Omit<JobEnd, 'at'> {
  return { type: 'Failed', reason, message };
}

/** The end of a Job; undefined for one that goes on. */
export function endOf(input: JobInput): JobEnd | undefined {
  const tally = tallyOf(input);
  for (const check of ENDS) {
    const end = check(input, tally);
    if (end !== undefined) return { ...end, at: input.now ?? lastEnd(input.status) };
  }
  return undefined;
}

function lastEnd({ ended }: JobStatus): number {
  return Math.max(0, ...Object.values(ended).map(({ at }) => at));
}

/** Restarts count as failures (pastBackoffLimitOnFailure). */
function isPastRestarts({ restartPolicy, backoffLimit }: JobSpec, pods: readonly JobPod[]): boolean {
  if (restartPolicy !== 'OnFailure') return false;
  const restarts = pods.filter(isActive).reduce((sum, pod) => sum + pod.restarts, 0);
  return backoffLimit === 0 ? restarts > 0 : restarts >= backoffLimit;
}

/** The time of activeDeadlineSeconds, in milliseconds since 1970; Infinity for none. */
export function deadlineOf({ activeDeadlineSeconds }: JobSpec, { startedAt }: JobStatus): number {
  return activeDeadlineSeconds === undefined || startedAt === undefined
    ? Infinity
    : startedAt + activeDeadlineSeconds * 1000;
}

/** The pods of a Job that have ended, counted. */
export interface Tally {
  /** Pods, or indexes of a Job with indexes. */
  readonly succeeded: number;
  /** Pods whose failures count. */
  readonly failed: number;
  readonly succeededIndexes: ReadonlySet<number>;
  /** Indexes that get no other pod. */
  readonly failedIndexes: ReadonlySet<number>;
}

/** Counts the pods that have ended. */
export function tallyOf({ spec, status }: Pick<JobInput, 'spec' | 'status'>): Tally {
  const ended = Object.values(status.ended);
  const ofOutcome = (outcome: EndedPod['outcome']) => ended.filter((pod) => pod.outcome === outcome);
  const succeededIndexes = new Set(ofOutcome('succeeded').flatMap(({ index }) => indexIn(spec, index)));
  const failures = ofOutcome('failed').filter(({ policy }) => policy !== 'ignored');
  const failedIndexes = new Set(
    failures.flatMap(({ index, policy }) => {
      const limit = spec.backoffLimitPerIndex;
      if (limit === undefined || index === undefined || succeededIndexes.has(index)) return [];
      const count = failures.filter((one) => one.index === index).length;
      return policy === 'fails-index' || count > limit ? [index] : [];
    }),
  );
  return {
    succeeded: spec.isIndexed ? succeededIndexes.size : ofOutcome('succeeded').length,
    failed: failures.length,
    ...{ succeededIndexes, failedIndexes },
  };
}

function indexIn({ completions = 0 }: JobSpec, index: number | undefined): readonly number[] {
  return index !== undefined && index < completions ? [index] : [];
}

/** The first rule of the podFailurePolicy that matches; an exit code of 0 matches none. */
export function ruleFor(pod: JobPod, { failureRules }: JobSpec): FailureRule | undefined {
  return failureRules.find((rule) => failureFor(pod, rule) !== undefined);
}

function failureFor(pod: JobPod, { operator, values, container }: FailureRule) {
  return pod.failures.find(
    (one) =>
      (container === undefined || container === one.container) &&
      one.exitCode !== 0 &&
      values.includes(one.exitCode) === (operator === 'In'),
  );
}

/** Whether a pod has not ended. */
export function isActive({ state }: JobPod): boolean {
  return state === 'active';
}

/** The number of completions, and of all that are asked for: `2/3`. */
export function completionsOf(
  spec: JobSpec,
  status: JobStatus,
): { readonly succeeded: number; readonly asked?: number } {
  const { succeeded } = tallyOf({ spec, status });
  return { succeeded, ...defined({ asked: spec.completions }) };
}
