import { defined } from '../base/defined.ts';
import { argumentBytes } from '../base/argument-limits.ts';
import { isObject, type JsonObject } from '../base/json-members.ts';
import { parseJson } from '../base/parse-json.ts';
import { stableJson } from '../base/stable-json.ts';
import type { CronStatus } from '../kube/jobs/cron-controller.ts';
import { cronJobOwner, jobOwner, type DesiredCronJob, type DesiredJob } from '../kube/jobs/desired-job.ts';
import type { JobStatus } from '../kube/jobs/job-status.ts';
import type { DesiredPod } from '../kube/spec/desired.ts';
import { objectName } from '../kube/spec/qualified-name.ts';
import type { ObservedContainer } from './inspect/observed.ts';
import { JOB_LABEL, JOB_ROLE, JOB_STATUS_LABEL, JOB_TEMPLATE_LABEL, LABEL } from './labels.ts';
import { cronJobRecordName, jobRecordName } from './names.ts';

/** What the labels of a record container have of a Job or CronJob: all that a watcher needs to create its pods, but its secrets. */
export type JobRecord = (
  | { readonly kind: 'job'; readonly job: DesiredJob; readonly status: JobStatus }
  | { readonly kind: 'cron-job'; readonly cronJob: DesiredCronJob; readonly status: CronStatus }
) & {
  readonly options?: RunOptions;
  /** Its spec in the manifest; absent if it is too long. It is never compared. */
  readonly manifest?: JsonObject;
};

/** The options of `up` that its pods are created with. */
export interface RunOptions {
  readonly network?: string;
  readonly infraImage?: string;
}

/** A record of a project, as podman has it. */
export type ObservedJobRecord = JobRecord & {
  /** podman's name of the container. */
  readonly container: string;
  /** Milliseconds since 1970. */
  readonly recordedAt: number;
};

export type ObservedJob = Extract<ObservedJobRecord, { readonly kind: 'job' }>;
export type ObservedCronJob = Extract<ObservedJobRecord, { readonly kind: 'cron-job' }>;

/** `job/load`, `cronjob/report` */
export function recordOwner(record: JobRecord): string {
  return record.kind === 'job' ? jobOwner(record.job) : cronJobOwner(record.cronJob);
}

/** The name of the Job or CronJob, with its namespace unless that is the default one. */
export function recordedName(record: JobRecord): string {
  return record.kind === 'job' ? record.job.name : record.cronJob.name;
}

export function recordNamespace(record: JobRecord): string {
  return objectName(recordedName(record)).namespace;
}

/** The record with its pause: by `podpose stop` until a start, or the next up. */
export function withPause(
  { container: _, recordedAt, ...record }: ObservedJobRecord,
  isStopped: boolean,
): JobRecord {
  if (record.kind === 'job') {
    const { isStopped: _before, ...status } = record.status;
    return { ...record, status: isStopped ? { ...status, isStopped } : status };
  }
  const { isStopped: _before, ...rest } = record.status;
  const status = { createdAt: recordedAt, ...rest };
  return { ...record, status: isStopped ? { ...status, isStopped } : status };
}

/** podman's name of the record container. */
export function recordName(record: JobRecord): string {
  return record.kind === 'job' ? jobRecordName(record.job.name) : cronJobRecordName(record.cronJob.name);
}

/** podman's name of a record that takes the place of another one. */
export function newRecordName(record: string): string {
  return `${record}_new`;
}

/** The fingerprint of its secret values together; undefined for none. */
export function recordSecrets(record: JobRecord): string | undefined {
  return record.kind === 'job' ? record.job.secrets : record.cronJob.job.secrets;
}

/** podman lists all labels in its answers. In bytes. */
const LONGEST_MANIFEST = 32_768;

/** The spec of the manifest as a member of the record. */
export function manifestMember(spec: unknown): Pick<JobRecord, 'manifest'> {
  const text = stableJson(spec ?? null);
  const manifest = argumentBytes(text) <= LONGEST_MANIFEST ? parseJson(text) : undefined;
  return isObject(manifest) ? { manifest } : {};
}

/** In characters: each label is one argument, and a character has four bytes at most. */
const LONGEST_PART = 30_000;

/** The labels of the record container. */
export function encodeJobRecord(project: string, record: JobRecord): Readonly<Record<string, string>> {
  const template = stableJson(templateOf(record));
  const parts = template.match(new RegExp(`.{1,${LONGEST_PART}}`, 'gsu')) ?? [];
  return {
    [LABEL.project]: project,
    [LABEL.role]: JOB_ROLE,
    [JOB_LABEL]: stableJson(withoutTemplate(record)),
    [JOB_STATUS_LABEL]: stableJson(record.status),
    ...Object.fromEntries(parts.map((part, index) => [`${JOB_TEMPLATE_LABEL}${index}`, part])),
  };
}

function templateOf(record: JobRecord): DesiredPod {
  return record.kind === 'job' ? record.job.template : record.cronJob.job.template;
}

function withoutTemplate(record: JobRecord): unknown {
  const others = defined({ options: record.options, manifest: record.manifest });
  if (record.kind === 'job') {
    const { template: _, ...job } = record.job;
    return { kind: record.kind, job, ...others };
  }
  const { job, ...cronJob } = record.cronJob;
  const { template: _, ...rest } = job;
  return { kind: record.kind, cronJob: { ...cronJob, job: rest }, ...others };
}

/** The Jobs and CronJobs that a project has records of, by name. */
export function jobRecords(
  project: string,
  containers: readonly ObservedContainer[],
): readonly ObservedJobRecord[] {
  const found = containers
    .flatMap(({ name, labels, createdAt }) => {
      if (labels[LABEL.role] !== JOB_ROLE || labels[LABEL.project] !== project) return [];
      const record = decodeJobRecord(labels);
      // An image may have such labels, too.
      if (record === undefined) return [];
      const container = recordName(record);
      const isNew = name === newRecordName(container);
      return isNew || name === container
        ? [{ isNew, observed: { ...record, container, recordedAt: createdAt * 1000 } }]
        : [];
    })
    .sort((a, b) => Number(a.isNew) - Number(b.isNew));
  const newest = new Map(found.map(({ observed }) => [observed.container, observed]));
  return [...newest.values()].sort((a, b) => (a.container < b.container ? -1 : 1));
}

/** The projects that have records, sorted. */
export function projectsWithJobs(containers: readonly ObservedContainer[]): readonly string[] {
  const found = containers.flatMap(({ labels }) =>
    labels[LABEL.role] === JOB_ROLE ? (labels[LABEL.project] ?? []) : [],
  );
  return [...new Set(found)].sort();
}

export function isJob(record: ObservedJobRecord): record is ObservedJob {
  return record.kind === 'job';
}

export function isCronJob(record: ObservedJobRecord): record is ObservedCronJob {
  return record.kind === 'cron-job';
}

/** Undefined if the labels are missing or edited. */
function decodeJobRecord(labels: Readonly<Record<string, string>>): JobRecord | undefined {
  const parts: string[] = [];
  for (let index = 0; ; index++) {
    const part = labels[`${JOB_TEMPLATE_LABEL}${index}`];
    if (part === undefined) break;
    parts.push(part);
  }
  const [record, status, template] = [
    parseJson(labels[JOB_LABEL] ?? ''),
    parseJson(labels[JOB_STATUS_LABEL] ?? ''),
    parseJson(parts.join('')),
  ];
  if (!isObject(record) || !isObject(status) || !isObject(template)) return undefined;
  // Written by encodeJobRecord.
  const { options, manifest } = record;
  const others = defined({
    options: isObject(options) ? options : undefined,
    manifest: isObject(manifest) ? manifest : undefined,
  });
  if (record['kind'] === 'job' && isObject(record['job']))
    return { kind: 'job', job: { ...record['job'], template }, status, ...others } as unknown as JobRecord;
  const cronJob = record['cronJob'];
  if (record['kind'] !== 'cron-job' || !isObject(cronJob) || !isObject(cronJob['job'])) return undefined;
  const full = { ...cronJob, job: { ...cronJob['job'], template } };
  return { kind: 'cron-job', cronJob: full, status, ...others } as unknown as JobRecord;
}
