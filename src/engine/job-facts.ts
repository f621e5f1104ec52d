import { isScheduled } from '../kube/jobs/cron-controller.ts';
import { objectName, type ObjectName } from '../kube/spec/qualified-name.ts';
import type { ObservedContainer } from '../podman/inspect/observed.ts';
import {
  isCronJob,
  isJob,
  jobRecords,
  projectsWithJobs,
  recordNamespace,
  recordOwner,
  type ObservedCronJob,
  type ObservedJob,
} from '../podman/job-record.ts';

/** A Job as podpose has recorded it. */
export interface JobView extends ObjectName {
  readonly project: string;
  /** `job/load` */
  readonly owner: string;
  readonly record: ObservedJob;
}

/** A CronJob as podpose has recorded it. */
export interface CronJobView extends ObjectName {
  readonly project: string;
  /** `cronjob/report` */
  readonly owner: string;
  readonly record: ObservedCronJob;
  /** The names of its Jobs that have not ended, without those created by hand. */
  readonly active: readonly string[];
}

export interface JobScope {
  /** Absent for all projects. */
  readonly project?: string | undefined;
  /** Absent for all namespaces. */
  readonly namespace?: string | undefined;
}

/** The Jobs and CronJobs that podman has records of, by name. */
export function viewJobs(
  containers: readonly ObservedContainer[],
  { project, namespace }: JobScope,
): { readonly jobs: readonly JobView[]; readonly cronJobs: readonly CronJobView[] } {
  const records = projectsWithJobs(containers)
    .filter((one) => project === undefined || one === project)
    .flatMap((one) => jobRecords(one, containers).map((record) => ({ project: one, record })))
    .filter(({ record }) => namespace === undefined || recordNamespace(record) === namespace);
  const jobs = records.flatMap(({ project: own, record }) =>
    isJob(record)
      ? [{ project: own, owner: recordOwner(record), record, ...objectName(record.job.name) }]
      : [],
  );
  return {
    jobs,
    cronJobs: records.flatMap(({ project: own, record }) => {
      if (!isCronJob(record)) return [];
      const { name } = record.cronJob;
      const active = jobs.filter(
        (one) =>
          one.project === own &&
          one.record.job.cronJob === name &&
          one.record.status.end === undefined &&
          isScheduled(name, one.record.job.name),
      );
      return [
        {
          ...{ project: own, owner: recordOwner(record), record, ...objectName(name) },
          active: active.map((one) => one.name),
        },
      ];
    }),
  };
}
