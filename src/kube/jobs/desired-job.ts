import type { SourcedPod } from '../pod-set.ts';
import type { DesiredPod } from '../spec/desired.ts';
import type { CronSpec } from './cron-controller.ts';
import type { JobSpec } from './job-spec.ts';

/** A Job with the template of its pods. It is JSON-compatible: a label records it. */
export interface DesiredJob {
  /** With its namespace, unless that is the default one (`qualified-name.ts`). */
  readonly name: string;
  /** Of the template, and of what cannot change in a Job. */
  readonly hash: string;
  readonly spec: JobSpec;
  /** A pod with `POD_NUMBER` and `POD_INDEX` in the places of its number and index. */
  readonly template: DesiredPod;
  /** The fingerprint of all secret values of the template together; absent for none. */
  readonly secrets?: string;
  /** The CronJob that has created it. */
  readonly cronJob?: string;
}

/** A CronJob with the template of its Jobs, whose name is `JOB_NAME`. */
export interface DesiredCronJob {
  /** As that of a Job. */
  readonly name: string;
  readonly spec: CronSpec;
  readonly job: Omit<DesiredJob, 'name' | 'cronJob'>;
}

/** A Job of the files with its source locations. */
export interface SourcedJob {
  readonly job: DesiredJob;
  /** Its spec in the manifest. */
  readonly spec: unknown;
  /** With the locations of its template. */
  readonly template: SourcedPod;
  /** A pod of it. */
  readonly podOf: (suffix: string, index: number | undefined) => SourcedPod;
}

export interface SourcedCronJob {
  readonly cronJob: DesiredCronJob;
  /** Its spec in the manifest. */
  readonly spec: unknown;
  readonly template: SourcedPod;
}

/** `job/load` */
export function jobOwner({ name }: Pick<DesiredJob, 'name'>): string {
  return `job/${name}`;
}

/** `cronjob/report` */
export function cronJobOwner({ name }: Pick<DesiredCronJob, 'name'>): string {
  return `cronjob/${name}`;
}

/** The beginning of the names of its pods. */
export function jobPodPrefix({ name, hash }: Pick<DesiredJob, 'name' | 'hash'>): string {
  return `${name}-${hash}-`;
}
