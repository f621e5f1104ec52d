import {
  isJob,
  jobRecords,
  recordNamespace,
  recordOwner,
  withPause,
  type ObservedJobRecord,
} from '../podman/job-record.ts';
import type { KnownState } from './needs.ts';
import type { RecordPlan } from './build/job-records.ts';
import { podsOfRecord } from './decide/job-records.ts';

export interface PauseInput {
  readonly project: string;
  /** The only pods that are stopped or started. Absent: all. */
  readonly pods?: readonly string[];
  /** The CronJobs whose schedules are stopped or started, if only some pods are: `cronjob/report` */
  readonly cronJobs?: readonly string[];
  /** The namespace that these pods are all pods of. */
  readonly namespace?: string;
  readonly observed: KnownState;
}

/**
 * The steps by which Jobs and CronJobs stop, or go on, with the pods of the project: a watcher creates no pods for those that are
 * stopped. If only some pods are stopped, a Job is with all of its pods, and a CronJob if it is named.
 */
export function planJobPause(input: PauseInput, action: 'stop' | 'start' | 'restart'): RecordPlan {
  const { project, observed } = input;
  const isStopped = action === 'stop';
  const records = jobRecords(project, observed.containers).filter(
    (record) => isOpen(record) && (record.status.isStopped === true) !== isStopped && isMeant(record, input),
  );
  return {
    changes: records.map((record) => ({
      subject: { kind: 'job', owner: recordOwner(record) },
      action: isStopped ? 'stop' : 'restart',
      reason: { kind: 'requested' },
    })),
    steps: records.map((record) => ({
      ...{ id: recordOwner(record), needs: [], cause: recordOwner(record) },
      operation: { kind: 'record-job', project, record: withPause(record, isStopped) },
    })),
  };
}

function isOpen(record: ObservedJobRecord): boolean {
  return record.kind === 'cron-job' || record.status.end === undefined;
}

function isMeant(
  record: ObservedJobRecord,
  { pods, cronJobs = [], namespace, observed }: PauseInput,
): boolean {
  if (namespace !== undefined) return recordNamespace(record) === namespace;
  if (pods === undefined) return true;
  if (cronJobs.includes(recordOwner(record))) return true;
  const own = isJob(record) ? podsOfRecord(record, observed) : [];
  return own.length > 0 && own.every((pod) => pods.includes(pod));
}
