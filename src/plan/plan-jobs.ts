import type { Diagnostic } from '../base/diagnostic.ts';
import { stableJson, type Json } from '../base/stable-json.ts';
import { advanceJob } from '../kube/jobs/job-controller.ts';
import { jobPodPrefix, type SourcedCronJob, type SourcedJob } from '../kube/jobs/desired-job.ts';
import { NEW_JOB } from '../kube/jobs/job-status.ts';
import type { SourcedPod } from '../kube/pod-set.ts';
import { jobPodsOf, placeOfPod } from '../podman/inspect/job-pods.ts';
import {
  isCronJob,
  isJob,
  jobRecords,
  recordedName,
  recordOwner,
  recordSecrets,
  type JobRecord,
  type ObservedJob,
  type ObservedJobRecord,
  type RunOptions,
} from '../podman/job-record.ts';
import { decodeOwner } from '../podman/labels.ts';
import { jobSecretName } from '../podman/operations/job.ts';
import type { Change, Reason } from './change.ts';
import { differences } from './compare/difference.ts';
import type { KnownState, Need } from './needs.ts';
import { lastIds, type Step } from './step.ts';

export interface JobsInput {
  readonly project: string;
  readonly jobs: readonly SourcedJob[];
  readonly cronJobs: readonly SourcedCronJob[];
  readonly observed: KnownState;
  readonly forceRecreate: boolean;
  readonly removeOrphans: boolean;
  /** Whether an object of this name may be an orphan. */
  readonly isIn: (name: string) => boolean;
  /** Whether a watcher creates the pods that come later. Otherwise, all are created at once. */
  readonly isWatched: boolean;
  /** Recorded for the pods that a watcher creates. */
  readonly runOptions: RunOptions;
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

/** What becomes of the record of a Job or CronJob. */
export type RecordDecision =
  | { readonly kind: 'keep'; readonly owner: string }
  | {
      readonly kind: 'create' | 'replace' | 'update';
      readonly owner: string;
      readonly record: JobRecord;
      readonly reason: Reason;
      /** The podman secrets of the record before. */
      readonly oldSecrets: readonly string[];
    }
  | {
      readonly kind: 'remove';
      readonly owner: string;
      readonly record: ObservedJobRecord;
      readonly reason: Reason;
    };

/** Decides which pods of Jobs exist after `up`, and what is recorded for the watcher. */
export function planJobs(input: JobsInput): JobPlan {
  const { project, jobs, cronJobs, observed } = input;
  const records = jobRecords(project, observed.containers);
  const ofJobs = jobs.map((sourced) => planJob(sourced, records, input));
  const ofCronJobs = cronJobs.map(({ cronJob }) => {
    const before = records.filter(isCronJob).find((one) => one.cronJob.name === cronJob.name);
    const { isStopped: _, ...known } = before?.status ?? {};
    const status = before === undefined ? {} : { createdAt: before.recordedAt, ...known };
    return recordDecision({ kind: 'cron-job', cronJob, status }, before, input);
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
  const decision = recordDecision({ kind: 'job', job, status }, before, input);
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

function recordDecision(
  given: JobRecord,
  before: ObservedJobRecord | undefined,
  { project, forceRecreate, runOptions: options }: JobsInput,
): RecordDecision {
  const record: JobRecord = Object.keys(options).length === 0 ? given : { ...given, options };
  const owner = recordOwner(record);
  if (before === undefined)
    return { kind: 'create', owner, record, reason: { kind: 'absent' }, oldSecrets: [] };
  const oldSecrets = [jobSecretName(project, before)].flatMap((name) =>
    name === undefined || name === jobSecretName(project, record) ? [] : [name],
  );
  if (forceRecreate && record.kind === 'job')
    return { kind: 'replace', owner, record, reason: { kind: 'force-recreate' }, oldSecrets };
  if (isReplaced(record, before))
    return {
      kind: 'replace',
      owner,
      record,
      reason: { kind: 'template-changed', differences: [] },
      oldSecrets,
    };
  const isSame = stableJson(recorded(record)) === stableJson(recorded(before));
  if (isSame && before.status.isStopped === true)
    return { kind: 'update', owner, record, reason: { kind: 'not-running', state: 'stopped' }, oldSecrets };
  if (isSame) return { kind: 'keep', owner };
  const changed = differences(shown(before), shown(record), ['spec']);
  const reason: Reason =
    changed.length === 0
      ? { kind: 'template-changed', differences: [] }
      : { kind: 'settings-differ', differences: changed };
  return { kind: 'update', owner, record, reason, oldSecrets };
}

function isReplaced(record: JobRecord, before: ObservedJobRecord): boolean {
  return record.kind === 'job' && before.kind === 'job' && record.job.hash !== before.job.hash;
}

function recorded(record: JobRecord): unknown {
  const { options = {} } = record;
  return { options, asked: record.kind === 'job' ? record.job : record.cronJob };
}

function shown(record: JobRecord): Json {
  const { spec } = record.kind === 'job' ? record.job : record.cronJob;
  return { ...spec } as unknown as Json;
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

export interface RecordPlan {
  readonly changes: readonly Change[];
  readonly steps: readonly Step[];
}

/** The steps for the records. The pods of a Job come after its record, which a watcher would create them from. */
export function recordSteps(
  project: string,
  decisions: readonly RecordDecision[],
  secrets: readonly string[],
  needs: readonly string[],
): RecordPlan {
  const plans = decisions.map((decision) => stepsOf(project, decision, secrets, needs));
  return {
    changes: plans.flatMap(({ changes }) => changes),
    steps: plans.flatMap(({ steps }) => steps),
  };
}

function stepsOf(
  project: string,
  decision: RecordDecision,
  secrets: readonly string[],
  needs: readonly string[],
): RecordPlan {
  const { owner } = decision;
  if (decision.kind === 'keep') return { changes: [], steps: [] };
  const { kind, record, reason } = decision;
  const changes: readonly Change[] = [{ subject: { kind: 'job', owner }, action: kind, reason }];
  if (decision.kind === 'remove')
    return { changes, steps: removeRecord(project, decision.record, secrets, needs) };
  const old = decision.oldSecrets.filter((one) => secrets.includes(one));
  const creation = recordCreation(project, record, secrets, needs);
  return { changes, steps: [...creation, ...secretRemoval(owner, old, [owner])] };
}

/** Records a Job or CronJob, after its secret values. The ID of the last step is the owner: `job/load`. */
export function recordCreation(
  project: string,
  record: JobRecord,
  secrets: readonly string[],
  needs: readonly string[],
): readonly Step[] {
  const owner = recordOwner(record);
  const name = jobSecretName(project, record);
  const fingerprint = recordSecrets(record);
  const secret: readonly Step[] =
    name === undefined || fingerprint === undefined || secrets.includes(name)
      ? []
      : [
          {
            ...{ id: `secret/${owner}`, needs, cause: owner },
            operation: { kind: 'create-job-secret', project, owner, fingerprint },
          },
        ];
  const recording: Step = {
    ...{ id: owner, needs: lastIds(secret, needs), cause: owner },
    operation: { kind: 'record-job', project, record },
  };
  return [...secret, recording];
}

function secretRemoval(owner: string, secrets: readonly string[], needs: readonly string[]): readonly Step[] {
  if (secrets.length === 0) return [];
  return [
    { id: `remove-secrets/${owner}`, needs, cause: owner, operation: { kind: 'remove-secrets', secrets } },
  ];
}

/** Removes a record with its secret values. */
export function removeRecord(
  project: string,
  record: ObservedJobRecord,
  secrets: readonly string[],
  needs: readonly string[],
): readonly Step[] {
  const owner = recordOwner(record);
  const id = `remove/${owner}`;
  const name = jobSecretName(project, record);
  return [
    { id, needs, cause: owner, operation: { kind: 'remove-job-record', owner, container: record.container } },
    ...secretRemoval(owner, name !== undefined && secrets.includes(name) ? [name] : [], [id]),
  ];
}

/**
 * Removes the records of Jobs and CronJobs.
 * @param isWanted whether a record is to be removed
 */
export function planRecordRemoval(
  project: string,
  { containers, secrets = [] }: KnownState,
  isWanted: (record: ObservedJobRecord) => boolean,
  reason: Reason,
  needs: readonly string[],
): RecordPlan {
  const records = jobRecords(project, containers).filter(isWanted);
  return {
    changes: records.map((record) => ({
      ...{ subject: { kind: 'job', owner: recordOwner(record) }, action: 'remove', reason },
    })),
    steps: records.flatMap((record) => removeRecord(project, record, secrets, needs)),
  };
}

/** The Job of a record with its pods. */
export function podsOfRecord({ job }: ObservedJob, { pods }: Pick<KnownState, 'pods'>): readonly string[] {
  return pods.filter(({ labels }) => decodeOwner(labels) === `job/${job.name}`).map(({ name }) => name);
}
