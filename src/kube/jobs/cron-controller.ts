import { defined } from '../../base/defined.ts';

/*
 * What the controller of CronJobs does (syncCronJob and cleanupFinishedJobs in
 * pkg/controller/cronjob/cronjob_controllerv2.go, utils.go), as a function of what there is and of the time. Times are
 * milliseconds since 1970.
 */

/** What a CronJob asks for besides the template of its Jobs. It is JSON-compatible: a label records it. */
export interface CronSpec {
  readonly schedule: string;
  /** Absent for that of this machine. */
  readonly timeZone?: string;
  readonly concurrencyPolicy: 'Allow' | 'Forbid' | 'Replace';
  readonly suspend: boolean;
  readonly startingDeadlineSeconds?: number;
  readonly successfulJobsHistoryLimit: number;
  readonly failedJobsHistoryLimit: number;
}

export interface CronStatus {
  /** The first time of the schedule that counts is after it. */
  readonly createdAt?: number;
  /** The time of the schedule of the last run. */
  readonly lastScheduledAt?: number;
  /** When its last Job has succeeded. */
  readonly lastSuccessfulAt?: number;
  /** By `podpose stop`: no Job is created until a start, or the next up. */
  readonly isStopped?: true;
}

/** A Job that the CronJob has created. */
export interface CronRun {
  readonly name: string;
  readonly createdAt: number;
  readonly end?: { readonly type: 'Complete' | 'Failed'; readonly at: number };
}

export interface CronInput {
  readonly name: string;
  readonly spec: CronSpec;
  readonly status: CronStatus;
  readonly runs: readonly CronRun[];
  readonly now: number;
  /** The next time of the schedule after a time; Infinity if there is none within years. */
  readonly next: (after: number) => number;
}

export interface CronStep {
  readonly status: CronStatus;
  /** The name of the Job to create. */
  readonly create?: string;
  /** The names of Jobs to remove with their pods. */
  readonly removes: readonly string[];
  readonly nextAt: number;
  /** The run waits for the one before (concurrencyPolicy Forbid). */
  readonly isForbidden?: true;
}

/** What is to be done for a CronJob now. */
export function advanceCron(input: CronInput): CronStep {
  const { name, spec, now, runs } = input;
  const status = withSuccess({ createdAt: now, ...input.status }, runs);
  const removes = surplusRuns(spec, runs);
  if (spec.suspend || status.isStopped === true) return { status, removes, nextAt: Infinity };
  const nextAt = input.next(now);
  const due = lastDue({ ...input, status });
  const step = { status, removes, nextAt };
  if (due === undefined) return step;
  const job = jobNameAt(name, due);
  if (runs.some((run) => run.name === job)) return { ...step, status: { ...status, lastScheduledAt: due } };
  const active = runs
    .filter((run) => run.end === undefined && isScheduled(name, run.name))
    .map((run) => run.name);
  // The run is made up for when the one before has ended, unless its deadline has passed.
  if (spec.concurrencyPolicy === 'Forbid' && active.length > 0) return { ...step, isForbidden: true };
  return {
    ...step,
    status: { ...status, lastScheduledAt: due },
    create: job,
    removes: spec.concurrencyPolicy === 'Replace' ? [...removes, ...active] : removes,
  };
}

/** The name of the Job of a run: the minutes since 1970 (getJobName). */
export function jobNameAt(cronJob: string, time: number): string {
  return `${cronJob}-${Math.floor(time / 60_000)}`;
}

/**
 * Whether a Job of a CronJob was created at its schedule. One that was created by hand is controlled by the CronJob, too, but
 * never in status.active, which concurrencyPolicy goes by: syncCronJob only reports it ('Saw a job that the controller did not
 * create or forgot'). It counts for the history, and for the last successful time.
 */
export function isScheduled(cronJob: string, job: string): boolean {
  return job.startsWith(`${cronJob}-`) && /^\d+$/.test(job.slice(cronJob.length + 1));
}

/** Many times may have passed while nothing watched: this is more than years of minutes. */
const MOST_MISSED = 5_000_000;

/**
 * The last time of the schedule that has passed since the last run, or since the CronJob was created; undefined for none
 * (mostRecentScheduleTime). With a deadline, what is older than it does not count.
 */
function lastDue({ spec, status, now, next }: CronInput): number | undefined {
  const { createdAt = now, lastScheduledAt } = status;
  const { startingDeadlineSeconds: deadline } = spec;
  const earliest = Math.max(
    lastScheduledAt ?? createdAt,
    deadline === undefined ? -Infinity : now - deadline * 1000,
  );
  let from = earliest;
  // Halving the time that is left finds the last of many times.
  for (let at = (earliest + now) / 2; now - at > 60_000; at = (at + now) / 2) {
    const found = next(at);
    if (found > now) break;
    from = found - 1;
  }
  let due: number | undefined;
  for (let time = next(from), count = 0; time <= now && count < MOST_MISSED; time = next(time), count++)
    due = time;
  return due;
}

function withSuccess(status: CronStatus, runs: readonly CronRun[]): CronStatus {
  const ends = runs.flatMap(({ end }) => (end?.type === 'Complete' ? [end.at] : []));
  const last = Math.max(status.lastSuccessfulAt ?? -Infinity, ...ends);
  return { ...status, ...defined({ lastSuccessfulAt: Number.isFinite(last) ? last : undefined }) };
}

/** The oldest finished runs above the limits of the history. */
function surplusRuns(
  { successfulJobsHistoryLimit, failedJobsHistoryLimit }: CronSpec,
  runs: readonly CronRun[],
): readonly string[] {
  const over = (type: 'Complete' | 'Failed', limit: number) =>
    runs
      .filter(({ end }) => end?.type === type)
      .sort((a, b) => b.createdAt - a.createdAt || (a.name < b.name ? 1 : -1))
      .slice(limit)
      .map(({ name }) => name);
  return [...over('Complete', successfulJobsHistoryLimit), ...over('Failed', failedJobsHistoryLimit)].sort();
}
