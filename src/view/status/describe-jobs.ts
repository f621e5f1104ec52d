import type { CronJobView, JobView } from '../../engine/job-facts.ts';
import { objectName } from '../../kube/spec/qualified-name.ts';
import { aligned, dateWords, field, list, NONE, type Line } from './describe-lines.ts';
import { jobState } from './kind-tables.ts';

/** A Job that has no pods, in the layout of `kubectl describe job`. */
export function describeJobAlone(view: JobView): string {
  const { name, namespace, project } = view;
  return aligned([
    field('Name', name),
    field('Namespace', namespace),
    field('Project', project),
    ...jobLines(view),
  ]);
}

/** What is recorded of a Job, in the words of `kubectl describe job`. */
export function jobLines(view: JobView): readonly Line[] {
  const { job, status } = view.record;
  const { spec } = job;
  const { end } = status;
  return [
    ...(job.cronJob === undefined ? [] : [field('Controlled By', `CronJob/${objectName(job.cronJob).name}`)]),
    field('Parallelism', `${spec.parallelism}`),
    field('Completions', spec.completions === undefined ? '<unset>' : `${spec.completions}`),
    field('Completion Mode', spec.isIndexed ? 'Indexed' : 'NonIndexed'),
    field('Suspend', `${spec.suspend}`),
    field('Backoff Limit', `${spec.backoffLimit}`),
    ...(status.startedAt === undefined ? [] : [field('Start Time', timeWords(status.startedAt))]),
    ...(end === undefined
      ? []
      : [field(end.type === 'Failed' ? 'Failed At' : 'Completed At', timeWords(end.at))]),
    field('Status', jobState(view)),
    ...(end?.type === 'Failed' ? [field('Reason', `${end.reason}: ${end.message}`)] : []),
  ];
}

/** A CronJob in the layout of `kubectl describe cronjob`. */
export function describeCronJob({ name, namespace, project, record, active }: CronJobView): string {
  const { cronJob, status } = record;
  const { spec } = cronJob;
  const { startingDeadlineSeconds: deadline } = spec;
  const suspended = spec.suspend ? 'True' : 'False';
  return aligned([
    field('Name', name),
    field('Namespace', namespace),
    field('Project', project),
    field('Schedule', spec.schedule),
    field('Time Zone', spec.timeZone ?? NONE),
    field('Concurrency Policy', spec.concurrencyPolicy),
    field('Suspend', status.isStopped === true ? "Stopped by 'podpose stop'" : suspended),
    field('Successful Job History Limit', `${spec.successfulJobsHistoryLimit}`),
    field('Failed Job History Limit', `${spec.failedJobsHistoryLimit}`),
    field('Starting Deadline Seconds', deadline === undefined ? '<unset>' : `${deadline}s`),
    field('Last Schedule Time', timeWords(status.lastScheduledAt)),
    field('Last Successful Time', timeWords(status.lastSuccessfulAt)),
    ...list('Active Jobs', [active.length === 0 ? NONE : active.join(', ')]),
  ]);
}

/** @param at in milliseconds since 1970 */
function timeWords(at: number | undefined): string {
  return at === undefined ? NONE : dateWords(new Date(at).toISOString());
}
