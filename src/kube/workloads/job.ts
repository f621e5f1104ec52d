import type { Diagnostic } from '../../base/diagnostic.ts';
import type { FieldPath } from '../../base/path.ts';
import type { CheckedObject, Incomplete } from '../../manifest/checked-document.ts';
import type { Job as JobValue } from '../../manifest/schema/generated/kubernetes.ts';
import { JOB_NAME, POD_INDEX, POD_NUMBER } from '../jobs/pod-template.ts';
import type { PodObject } from '../spec/pod-object.ts';
import { toDiagnostic } from '../validation/finding.ts';
import type { Job } from './job-pods.ts';
import { podOfTemplate } from './pod-of-template.ts';

const INDEX = 'batch.kubernetes.io/job-completion-index';

/** What makes a pod of a Job: its place in the Job, or a word that stands for it. */
interface JobPodIdentity {
  readonly jobName: string;
  readonly hash: string;
  readonly number: string;
  readonly index: string;
}

/**
 * The pod of a Job that is checked, with the one that is converted: the template of all of its pods.
 * @param isOfCronJob the name of the Job is a word in the template
 */
export function jobTemplatePod(job: Job, hash: string, isOfCronJob: boolean): PodObject {
  const jobName = job.value.metadata?.name ?? '';
  return {
    ...podOfJob(job, { jobName, hash, number: '0', index: '0' }),
    template: podOfJob(job, {
      ...{ jobName: isOfCronJob ? JOB_NAME : jobName, hash },
      ...{ number: POD_NUMBER, index: POD_INDEX },
    }),
  };
}

/** A pod of a Job (getNewPodTemplate and manageJob in pkg/controller/job). No label has the UID of the Job: it has none. */
function podOfJob(job: Job, { jobName, hash, number, index }: JobPodIdentity): PodObject {
  const isIndexed = job.value.spec?.completionMode === 'Indexed';
  const labels = { 'batch.kubernetes.io/job-name': jobName, 'job-name': jobName };
  return podOfTemplate(job, {
    name: `${jobName}-${hash}-${number}`,
    labels: isIndexed ? { ...labels, [INDEX]: index } : labels,
    ...(isIndexed
      ? {
          annotations: { [INDEX]: index },
          hostname: `${jobName}-${index}`,
          variable: { name: 'JOB_COMPLETION_INDEX', value: index },
        }
      : {}),
  });
}

/** In characters: the minutes since 1970, as the controller of CronJobs appends them. */
const RUN = '-29700000';

/** A Job as a CronJob creates it, with the places of the CronJob. */
export function jobOfCronJob(cronJob: CheckedObject<'CronJob'>): Job {
  const { metadata, spec } = cronJob.value;
  const { metadata: given, spec: jobSpec } = spec?.jobTemplate ?? {};
  const value: Incomplete<JobValue> = {
    ...{ apiVersion: 'batch/v1', kind: 'Job' },
    metadata: {
      ...(metadata?.namespace === undefined ? {} : { namespace: metadata.namespace }),
      ...(given?.labels === undefined ? {} : { labels: given.labels }),
      name: `${metadata?.name ?? ''}${RUN}`,
    },
    ...(jobSpec === undefined ? {} : { spec: jobSpec }),
  };
  const pathOf = (path: FieldPath): FieldPath =>
    path[0] === 'spec' ? ['spec', 'jobTemplate', ...path] : path;
  const { file, locate, locateKey, edit, isPruned, hasPruned } = cronJob;
  return {
    ...{ kind: 'Job', file, value },
    // The schema has checked it with the CronJob.
    complete: cronJob.complete === undefined ? undefined : (value as JobValue),
    locate: (path) => locate(pathOf(path)),
    locateKey: (path) => locateKey(pathOf(path)),
    edit: {
      ...edit,
      insert: (path, name, field, neighbour) => edit.insert(pathOf(path), name, field, neighbour),
      move: (from, target) => edit.move(pathOf(from), pathOf(target)),
    },
    isPruned: (path) => isPruned(pathOf(path)),
    hasPruned: (path) => hasPruned(pathOf(path)),
  };
}

/** A warning about a Job without pods. */
export function jobDiagnostics(job: Job): readonly Diagnostic[] {
  const { parallelism, suspend } = job.value.spec ?? {};
  if (suspend !== true && parallelism !== 0) return [];
  return [
    toDiagnostic(job, {
      ...{ code: 'pending-pods', severity: 'warning', at: 'key' },
      path: ['spec', suspend === true ? 'suspend' : 'parallelism'],
      message: `no pod is created: the Job is suspended`,
    }),
  ];
}
