import type { Diagnostic } from '../../base/diagnostic.ts';
import { defined } from '../../base/defined.ts';
import { count } from '../../base/text.ts';
import type { PodObject } from '../spec/pod-object.ts';
import { toDiagnostic } from '../validation/finding.ts';
import { podsOfJob, type Job } from './job-pods.ts';
import { podOfTemplate } from './pod-of-template.ts';

const INDEX = 'batch.kubernetes.io/job-completion-index';

/** A pod of a Job (getNewPodTemplate and manageJob in pkg/controller/job). No label has the UID of the Job: it has none. */
export function podOfJob(job: Job, name: string): PodObject {
  const { metadata, spec } = job.value;
  const jobName = metadata?.name ?? '';
  const index = name.slice(name.lastIndexOf('-') + 1);
  const isIndexed = spec?.completionMode === 'Indexed';
  const labels = { 'batch.kubernetes.io/job-name': jobName, 'job-name': jobName };
  return podOfTemplate(job, {
    name,
    labels: isIndexed ? { ...labels, [INDEX]: index } : labels,
    ...defined({ activeDeadlineSeconds: deadlineOf(job) }),
    ...(isIndexed
      ? {
          annotations: { [INDEX]: index },
          hostname: `${jobName}-${index}`,
          variable: { name: 'JOB_COMPLETION_INDEX', value: index },
        }
      : {}),
  });
}

/** The deadline of the Job, which begins with that of its pods, as all of them start at once; undefined if theirs is shorter. */
function deadlineOf({ value: { spec } }: Job): number | undefined {
  const own = spec?.activeDeadlineSeconds;
  const ofPod = spec?.template?.spec?.activeDeadlineSeconds;
  // A negative one is reported as a mistake of the Job.
  return own === undefined || own < 0 || (ofPod !== undefined && ofPod <= own) ? undefined : own;
}

/** Warnings about the number of pods: podpose starts all of them at once, or none. */
export function jobDiagnostics(job: Job): readonly Diagnostic[] {
  const { completions, parallelism, suspend } = job.value.spec ?? {};
  const warning = { severity: 'warning', at: 'key' } as const;
  if (suspend === true || parallelism === 0)
    return [
      toDiagnostic(job, {
        ...warning,
        code: 'pending-pods',
        path: ['spec', suspend === true ? 'suspend' : 'parallelism'],
        message: `no pod is created: the Job is suspended`,
      }),
    ];
  const atOnce = parallelism ?? 1;
  if (completions === undefined || completions <= atOnce) return [];
  return [
    toDiagnostic(job, {
      ...warning,
      code: 'ignored',
      path: ['spec', parallelism === undefined ? 'completions' : 'parallelism'],
      message:
        parallelism === undefined
          ? `the default parallelism of 1 is ignored: all ${count(podsOfJob(job), 'pod')} run at once`
          : `ignored: all ${count(podsOfJob(job), 'pod')} run at once`,
    }),
  ];
}
