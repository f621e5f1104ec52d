import type { Diagnostic } from '../base/diagnostic.ts';
import { jobPodPrefix, type SourcedCronJob, type SourcedJob } from '../kube/jobs/desired-job.ts';
import { advanceJob } from '../kube/jobs/job-controller.ts';
import { NEW_JOB } from '../kube/jobs/job-status.ts';
import type { SourcedPod } from '../kube/pod-set.ts';
import { jobPodsOf, placeOfPod } from '../podman/inspect/job-pods.ts';
import {
  isCronJob,
  isJob,
  jobRecords,
  manifestMember,
  recordedName,
  recordOwner,
  type JobRecord,
  type ObservedJobRecord,
} from '../podman/job-record.ts';
import { decodeOwner } from '../podman/labels.ts';
import { jobSecretName } from '../podman/operations/job.ts';
import type { Change } from './change.ts';
import { recordDecision, type RecordDecision, type RecordInput } from './decide/job-records.ts';
import type { KnownState, Need } from './needs.ts';

export interface JobsInput extends RecordInput {
  readonly jobs: readonly SourcedJob[];
  readonly cronJobs: readonly SourcedCronJob[];
  readonly observed: KnownState;
  readonly removeOrphans: boolean;
  /** Whether an object of this name may be an orphan. */
  readonly isIn: (name: string) => boolean;
  /** Whether a watcher creates the pods that come later. Otherwise, all are created at once. */
  readonly isWatched: boolean;
}

export interface JobPlan {
  /** The pods that are created now, or exist and have not ended. */
  readonly pods: readonly SourcedPod[];
  /** The names of pods that stay as they are: they have ended, or belong to a Job of a CronJob. */
  readonly kept: ReadonlySet<string>;
  readonly decisions: readonly RecordDecision[];
  readonly needs: ReadonlySet<Need>;
  readonly warnings: readonly Diagnostic[];
  /** The Jobs that are up to date, and have failed. */
  readonly checks: readonly Change[];
}

/** Without Jobs, or where they stay as they are. */
export const NO_JOBS: JobPlan = {
  pods: [],
  kept: new Set(),
  decisions: [],
  needs: new Set(),
  warnings: [],
  checks: [],
};

/** Decides which pods of Jobs exist after `up`, and what is recorded for the watcher. */
export function planJobs(input: JobsInput): JobPlan {
  const { project, jobs, cronJobs, observed } = input;
  const records = jobRecords(project, observed.containers);
  const ofJobs = jobs.map((sourced) => planJob(sourced, records, input));
  const ofCronJobs = cronJobs.map(({ cronJob, spec }) => {
    const before = records.filter(isCronJob).find((one) => one.cronJob.name === cronJob.name);
    const { isStopped: _, ...known } = before?.status ?? {};
    const status = before === undefined ? {} : { createdAt: before.recordedAt, ...known };
    return recordDecision({ kind: 'cron-job', cronJob, status, ...manifestMember(spec) }, before, input);
  });
  const decisions = [...ofJobs.map(({ decision }) => decision), ...ofCronJobs];
  const wanted = new Set(decisions.map(({ owner }) => owner));
  const isRun = (record: ObservedJobRecord) =>
    record.kind === 'job' && cronJobs.some(({ cronJob }) => cronJob.name === record.job.cronJob);
  const orphans = records.filter(
    (record) => !wanted.has(recordOwner(record)) && !isRun(record) && input.isIn(recordedName(record)),
  );
  const runs = new Set(records.filter(isRun).map(recordOwner));
  return {
    pods: ofJobs.flatMap(({ pods }) => pods),
    kept: new Set([
      ...ofJobs.flatMap(({ kept }) => kept),
      ...observed.pods.filter(({ labels }) => runs.has(decodeOwner(labels) ?? '')).map(({ name }) => name),
    ]),
    decisions: [
      ...decisions,
      ...(input.removeOrphans
        ? orphans.map((record): RecordDecision => ({
            ...{ kind: 'remove', owner: recordOwner(record), record, reason: { kind: 'not-in-files' } },
          }))
        : []),
    ],
    needs: needsOf(decisions, records, observed),
    checks: decisions.flatMap((decision) => failedCheck(decision, records)),
    warnings: input.removeOrphans ? [] : orphans.filter(isCronJob).map((record) => orphan(project, record)),
  };
}

function failedCheck(decision: RecordDecision, records: readonly ObservedJobRecord[]): readonly Change[] {
  if (decision.kind !== 'keep') return [];
  const { owner } = decision;
  const end = records.filter(isJob).find((record) => recordOwner(record) === owner)?.status.end;
  return end?.type === 'Failed'
    ? [{ subject: { kind: 'job', owner }, action: 'check', reason: { kind: 'job-failed', end } }]
    : [];
}

interface PlannedJob {
  readonly pods: readonly SourcedPod[];
  readonly kept: readonly string[];
  readonly decision: RecordDecision;
}

function planJob(sourced: SourcedJob, records: readonly ObservedJobRecord[], input: JobsInput): PlannedJob {
  const { job, podOf } = sourced;
  const before = records.filter(isJob).find((one) => one.job.name === job.name);
  const isSame = (before === undefined || before.job.hash === job.hash) && !input.forceRecreate;
  const { isStopped: _, ...status } = (isSame ? before?.status : undefined) ?? NEW_JOB;
  const decision = recordDecision(
    { kind: 'job', job, status, ...manifestMember(sourced.spec) },
    before,
    input,
  );
  const existing = isSame ? jobPodsOf(job, input.observed.pods, input.observed.containers) : [];
  const { parallelism } = job.spec;
  const atOnce = input.isWatched || parallelism === 0 ? parallelism : (job.spec.completions ?? parallelism);
  const podPrefix = jobPodPrefix(job);
  const spec = { ...job.spec, parallelism: atOnce };
  const step = advanceJob({ spec, status, pods: existing, podPrefix });
  const active = existing.filter(
    ({ name, state }) =>
      state === 'active' && !step.removes.includes(name) && step.status.ended[name] === undefined,
  );
  const ended = existing.filter(({ name }) => step.status.ended[name] !== undefined);
  return {
    decision,
    pods: [...active.map(({ name }) => placeOfPod(job, name)), ...step.creates].map(({ suffix, index }) =>
      podOf(suffix, index),
    ),
    kept: ended.map(({ name }) => name),
  };
}

function needsOf(
  decisions: readonly RecordDecision[],
  records: readonly ObservedJobRecord[],
  { secrets }: KnownState,
): ReadonlySet<Need> {
  const mayHave = (record: JobRecord) => jobSecretName('', record) !== undefined;
  const isAsked = decisions.some((one) => one.kind !== 'keep' && mayHave(one.record));
  const hadSome = records.some(mayHave) && decisions.some(({ kind }) => kind !== 'keep');
  return new Set(secrets === undefined && (isAsked || hadSome) ? ['secrets'] : []);
}

function orphan(project: string, record: ObservedJobRecord): Diagnostic {
  return {
    code: 'orphan',
    severity: 'warning',
    message: `${recordOwner(record)} of project '${project}' is not in the given files (orphan)`,
    help: 'It is kept. Use --remove-orphans to remove it.',
  };
}
