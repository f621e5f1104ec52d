import { defined } from '../base/defined.ts';
import { memberOf } from '../base/json-members.ts';
import { stableJson } from '../base/stable-json.ts';
import { advanceCron, type CronRun } from '../kube/jobs/cron-controller.ts';
import { jobPodPrefix, type DesiredJob } from '../kube/jobs/desired-job.ts';
import { advanceJob, type JobStep, type NewPod } from '../kube/jobs/job-controller.ts';
import { NEW_JOB, type JobPod, type JobStatus } from '../kube/jobs/job-status.ts';
import type { NextTime } from '../kube/jobs/schedule.ts';
import { podsOfRecord } from '../plan/decide/job-records.ts';
import type { ContainersAndPods } from '../podman/inspect/decode.ts';
import { jobPodsOf, placeOfPod, type ContainerKnowledge } from '../podman/inspect/job-pods.ts';
import {
  isCronJob,
  isJob,
  jobRecords,
  manifestMember,
  recordName,
  type JobRecord,
  type ObservedCronJob,
  type ObservedJob,
  type ObservedJobRecord,
} from '../podman/job-record.ts';

/** What a watcher does for a Job or CronJob. */
export type JobAction =
  | { readonly kind: 'record'; readonly record: JobRecord }
  | { readonly kind: 'create-pods'; readonly record: ObservedJob; readonly pods: readonly NewPod[] }
  | { readonly kind: 'remove-pods'; readonly pods: readonly string[] }
  | {
      readonly kind: 'create-job';
      readonly record: ObservedCronJob;
      readonly job: string;
      readonly at: number;
    }
  /** The record of a Job with its pods. */
  | { readonly kind: 'remove-job'; readonly record: ObservedJob; readonly pods: readonly string[] };

export interface JobDecisions {
  readonly actions: readonly JobAction[];
  /** When something changes by itself, in milliseconds since 1970; Infinity for never. */
  readonly nextAt: number;
}

export interface JobContext {
  readonly project: string;
  /** Milliseconds since 1970. */
  readonly now: number;
  readonly know: (id: string) => ContainerKnowledge | undefined;
  readonly nextTime: (cronJob: ObservedCronJob) => NextTime;
  readonly firstBackOffSeconds: number;
  /** podman's names of pods that this process is creating. */
  readonly creating: ReadonlySet<string>;
}

/** What is to be done for the Jobs and CronJobs of a project now. */
export function decideJobs(look: ContainersAndPods, context: JobContext): JobDecisions {
  const records = jobRecords(context.project, look.containers);
  const decided = [
    ...records.filter(isJob).map((record) => decideJob(record, look, context)),
    ...records.filter(isCronJob).map((record) => decideCronJob(record, records, look, context)),
  ];
  const removed = new Set(
    decided.flatMap(({ actions }) =>
      actions.flatMap((action) => (action.kind === 'remove-job' ? [action.record.container] : [])),
    ),
  );
  // What is removed needs nothing else.
  const isGone = (action: JobAction): boolean =>
    (action.kind === 'create-pods' && removed.has(action.record.container)) ||
    (action.kind === 'record' && removed.has(recordName(action.record)));
  return {
    actions: decided.flatMap(({ actions }) => actions).filter((action) => !isGone(action)),
    nextAt: Math.min(Infinity, ...decided.map(({ nextAt }) => nextAt)),
  };
}

/** The status of a Job whose start nothing has recorded yet. */
function startedStatus({ job, status, recordedAt }: ObservedJob): JobStatus {
  return job.spec.suspend || status.startedAt !== undefined ? status : { ...status, startedAt: recordedAt };
}

function decideJob(record: ObservedJob, look: ContainersAndPods, context: JobContext): JobDecisions {
  const { job } = record;
  const status = startedStatus(record);
  const pods = jobPodsOf(job, look.pods, look.containers, context.know).map((pod) =>
    context.creating.has(pod.name) ? beingCreated(pod) : pod,
  );
  const step = advanceJob({
    ...{ spec: job.spec, status, pods, podPrefix: jobPodPrefix(job), now: context.now },
    firstBackOffSeconds: context.firstBackOffSeconds,
  });
  if (step.isExpired) return { actions: [removal(record, look)], nextAt: Infinity };
  const hasChanged = stableJson(step.status) !== stableJson(status);
  const creates = [...step.creates, ...unfinishedPods(job, step, pods)];
  return {
    actions: [
      ...(hasChanged
        ? [{ kind: 'record', record: { ...recordOf(record), status: step.status } } as const]
        : []),
      ...(step.removes.length > 0 ? [{ kind: 'remove-pods', pods: step.removes } as const] : []),
      ...(creates.length > 0 ? [{ kind: 'create-pods', record, pods: creates } as const] : []),
    ],
    nextAt: step.nextAt,
  };
}

/** An init container that has failed is tried again. */
function beingCreated({ isIncomplete: _, ...pod }: JobPod): JobPod {
  return { ...pod, state: 'active' };
}

/** The pods whose creation was interrupted, and goes on: a watcher was killed, or the project was stopped meanwhile. */
function unfinishedPods(
  job: DesiredJob,
  { status, removes }: JobStep,
  pods: readonly JobPod[],
): readonly NewPod[] {
  if (status.end !== undefined || status.isStopped === true || job.spec.suspend) return [];
  return pods
    .filter(({ name, isIncomplete }) => isIncomplete === true && !removes.includes(name))
    .map(({ name }) => {
      const { suffix, index } = placeOfPod(job, name);
      return { suffix, ...defined({ index }) };
    });
}

function decideCronJob(
  record: ObservedCronJob,
  records: readonly ObservedJobRecord[],
  look: ContainersAndPods,
  context: JobContext,
): JobDecisions {
  const { name, spec } = record.cronJob;
  const own = records.filter(isJob).filter(({ job }) => job.cronJob === name);
  const status = { createdAt: record.recordedAt, ...record.status };
  const step = advanceCron({
    ...{ name, spec, status, runs: own.map(runOf), now: context.now },
    next: context.nextTime(record),
  });
  const hasChanged = stableJson(step.status) !== stableJson(status);
  return {
    actions: [
      ...(hasChanged
        ? [{ kind: 'record', record: { ...recordOf(record), status: step.status } } as const]
        : []),
      ...own.filter(({ job }) => step.removes.includes(job.name)).map((one) => removal(one, look)),
      ...(step.create === undefined
        ? []
        : [{ kind: 'create-job', record, job: step.create, at: context.now } as const]),
    ],
    nextAt: step.nextAt,
  };
}

function runOf({ job, status, recordedAt }: ObservedJob): CronRun {
  const { startedAt = recordedAt, end } = status;
  return { name: job.name, createdAt: startedAt, ...(end === undefined ? {} : { end }) };
}

function removal(record: ObservedJob, look: ContainersAndPods): JobAction {
  return { kind: 'remove-job', record, pods: podsOfRecord(record, look) };
}

function recordOf<R extends ObservedJob | ObservedCronJob>({
  container: _container,
  recordedAt: _at,
  ...record
}: R): Omit<R, 'container' | 'recordedAt'> {
  return record;
}

/** A Job that a CronJob has just created. */
export function newJobRecord(job: DesiredJob, { options, manifest }: JobRecord): JobRecord {
  const spec = memberOf(manifest, 'jobTemplate', 'spec');
  return { kind: 'job', job, status: NEW_JOB, ...defined({ options }), ...manifestMember(spec) };
}

/** Whether a watcher has something to wait for: a Job that has not ended and was not stopped, or a CronJob. */
export function hasOpenJobs(project: string, look: ContainersAndPods): boolean {
  return jobRecords(project, look.containers).some((record) => {
    if (record.status.isStopped === true) return false;
    if (record.kind === 'cron-job') return !record.cronJob.spec.suspend;
    const { job, status } = record;
    const isActive = jobPodsOf(job, look.pods, look.containers).some(({ state }) => state === 'active');
    // The pods that are active at the end of a Job are removed.
    if (status.end !== undefined) return isActive || job.spec.ttlSecondsAfterFinished !== undefined;
    return isActive || !job.spec.suspend;
  });
}
