import { defined } from '../../base/defined.ts';
import { deadlineOf, endOf, isActive, ruleFor, tallyOf, type JobInput, type Tally } from './job-ends.ts';
import type { FailureRule, JobSpec } from './job-spec.ts';
import type { EndedPod, JobPod, JobStatus } from './job-status.ts';

/*
 * What the controller of Jobs does (syncJob and manageJob in pkg/controller/job/job_controller.go, backoff_utils.go,
 * indexed_job_utils.go, pod_failure_policy.go), as a function of what there is and of the time.
 */

export interface JobStep {
  readonly status: JobStatus;
  /** The pods to create now. */
  readonly creates: readonly NewPod[];
  /** The names of the pods to remove now. */
  readonly removes: readonly string[];
  /** Whether the Job is to be removed with its pods: ttlSecondsAfterFinished has passed. */
  readonly isExpired: boolean;
  /** When something changes by itself, in milliseconds since 1970; Infinity for never. */
  readonly nextAt: number;
}

/** The end of the name of a pod: `2`, and after a failure of index 2 `2-1`. */
export interface NewPod {
  readonly suffix: string;
  readonly index?: number;
}

const FIRST_BACK_OFF_SECONDS = 10;
/** MaxJobPodFailureBackOff. */
const LONGEST_BACK_OFF = 60;

const IDLE = { creates: [], removes: [], isExpired: false, nextAt: Infinity } as const;

/** What is to be done for a Job now. */
export function advanceJob(input: JobInput): JobStep {
  const { spec, pods, now } = input;
  const status = counted(input);
  if (status.end !== undefined) return finished(spec, status, pods, now);
  if (status.isStopped === true) return { ...IDLE, status };
  if (spec.suspend) return suspended(status, pods);
  const started = now === undefined ? status : { startedAt: now, ...status };
  const end = endOf({ ...input, status: started });
  if (end !== undefined) return finished(spec, { ...started, end }, pods, now);
  return manage({ ...input, status: started });
}

/** The status with the pods that have ended since. Ends are counted once, also after their pods were removed. */
function counted({ spec, status, pods }: JobInput): JobStatus {
  const fresh = pods.flatMap((pod) =>
    pod.state === 'active' || status.ended[pod.name] !== undefined
      ? []
      : [[pod.name, endedPod(pod, pod.state, spec)] as const],
  );
  return fresh.length === 0
    ? status
    : { ...status, ended: { ...status.ended, ...Object.fromEntries(fresh) } };
}

function endedPod(pod: JobPod, outcome: EndedPod['outcome'], spec: JobSpec): EndedPod {
  const action = outcome === 'failed' ? ruleFor(pod, spec)?.action : undefined;
  const policy = action === undefined ? undefined : POLICIES[action];
  return { outcome, at: pod.endedAt ?? 0, ...defined({ index: pod.index, policy }) };
}

const POLICIES: Readonly<Record<FailureRule['action'], EndedPod['policy']>> = {
  Count: undefined,
  // The Job ends with it.
  FailJob: undefined,
  FailIndex: 'fails-index',
  Ignore: 'ignored',
};

function finished(
  { ttlSecondsAfterFinished }: JobSpec,
  status: JobStatus,
  pods: readonly JobPod[],
  now = -Infinity,
): JobStep {
  const expiresAt =
    ttlSecondsAfterFinished === undefined ? Infinity : (status.end?.at ?? 0) + ttlSecondsAfterFinished * 1000;
  const isExpired = now >= expiresAt;
  return {
    ...{ status, creates: [], isExpired, nextAt: isExpired ? Infinity : expiresAt },
    removes: namesOf(isExpired ? pods : pods.filter(isActive)),
  };
}

/** Pods that have ended are kept; the time of a Job begins when it goes on. */
function suspended({ startedAt: _, ...status }: JobStatus, pods: readonly JobPod[]): JobStep {
  return { status, creates: [], removes: namesOf(pods.filter(isActive)), isExpired: false, nextAt: Infinity };
}

/** Creates what is missing, after the back-off, and removes what is too much. */
function manage(input: JobInput): JobStep {
  const { spec, status, pods, now } = input;
  const tally = tallyOf(input);
  const active = pods.filter(isActive);
  const wanted = wantedPods(spec, tally, active.length);
  const deadline = deadlineOf(spec, status);
  const step = { status, creates: [], removes: [], isExpired: false, nextAt: deadline };
  if (active.length > wanted) return { ...step, removes: surplus(active, active.length - wanted) };
  const missing = wanted - active.length;
  if (missing === 0) return step;
  const candidates = spec.isIndexed ? pendingIndexes(input, tally) : [undefined];
  const due = candidates.map((index) => ({ index, at: dueAt(input, index) }));
  const ready = due.filter(({ at }) => at <= (now ?? 0)).flatMap(({ index }) => index ?? []);
  const isReady = due.some(({ at }) => at <= (now ?? 0));
  const nextAt = Math.min(deadline, ...due.map(({ at }) => at).filter((at) => at > (now ?? 0)));
  return {
    ...step,
    creates: isReady ? newPods(input, spec.isIndexed ? ready : undefined, missing) : [],
    nextAt,
  };
}

function wantedPods(
  { completions, parallelism, isIndexed }: JobSpec,
  { succeeded, failedIndexes }: Tally,
  active: number,
): number {
  if (completions === undefined) return succeeded > 0 ? Math.min(active, parallelism) : parallelism;
  const open = completions - succeeded - (isIndexed ? failedIndexes.size : 0);
  return Math.max(0, Math.min(open, parallelism));
}

/** The pods with the highest numbers. */
function surplus(active: readonly JobPod[], count: number): readonly string[] {
  return namesOf(active).slice(-count);
}

/** The indexes without a pod that runs, and without an end for good, in order. */
function pendingIndexes({ spec, pods }: JobInput, tally: Tally): readonly number[] {
  const taken = new Set(pods.filter(isActive).map(({ index }) => index));
  return Array.from({ length: spec.completions ?? 0 }, (_, index) => index).filter(
    (index) => !taken.has(index) && !tally.succeededIndexes.has(index) && !tally.failedIndexes.has(index),
  );
}

/**
 * When the next pod may be created: the back-off doubles with each failure since the last success (getRemainingTime in
 * backoff_utils.go), of the same index if indexes have limits of their own. An ignored failure has a back-off, too.
 */
function dueAt(
  { spec, status, now, firstBackOffSeconds = FIRST_BACK_OFF_SECONDS }: JobInput,
  index?: number,
): number {
  const isPerIndex = spec.backoffLimitPerIndex !== undefined && index !== undefined;
  const relevant = Object.values(status.ended).filter((pod) => !isPerIndex || pod.index === index);
  const successAt = Math.max(-Infinity, ...relevant.filter(hasSucceeded).map(({ at }) => at));
  const failures = relevant.filter((pod) => !hasSucceeded(pod) && pod.at >= successAt);
  if (failures.length === 0) return 0;
  if (now === undefined) return Infinity;
  const factor = Math.min(2 ** (failures.length - 1), LONGEST_BACK_OFF);
  return Math.max(...failures.map(({ at }) => at)) + factor * firstBackOffSeconds * 1000;
}

function hasSucceeded({ outcome }: EndedPod): boolean {
  return outcome === 'succeeded';
}

function newPods(
  { status, pods, podPrefix }: JobInput,
  indexes: readonly number[] | undefined,
  count: number,
): readonly NewPod[] {
  const names = new Set([...Object.keys(status.ended), ...pods.map(({ name }) => name)]);
  if (indexes !== undefined)
    return indexes.slice(0, count).map((index) => {
      const first = index.toString();
      for (let attempt = 0; ; attempt++) {
        const suffix = attempt === 0 ? first : `${first}-${attempt}`;
        if (!names.has(podPrefix + suffix)) return { suffix, index };
      }
    });
  const numbers = [...names].map((name) => Number(name.slice(podPrefix.length)));
  const next = Math.max(-1, ...numbers.filter(Number.isInteger)) + 1;
  return Array.from({ length: count }, (_, index) => ({ suffix: (next + index).toString() }));
}

function namesOf(pods: readonly JobPod[]): readonly string[] {
  return pods.map(({ name }) => name).sort(byNumber);
}

/** `job-1a2b3-2` before `job-1a2b3-10`. */
function byNumber(a: string, b: string): number {
  return a.length - b.length || (a < b ? -1 : 1);
}
