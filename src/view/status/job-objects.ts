import { defined } from '../../base/defined.ts';
import type { CronJobView, JobView } from '../../engine/job-facts.ts';
import type { PodView } from '../../engine/pod-facts.ts';
import { jobPodPrefix } from '../../kube/jobs/desired-job.ts';
import { tallyOf } from '../../kube/jobs/job-ends.ts';
import type { EndedPod } from '../../kube/jobs/job-status.ts';
import { objectName } from '../../kube/spec/qualified-name.ts';
import { apiVersionOf } from '../../manifest/kinds.ts';
import type { WorkloadView } from './kind-tables.ts';
import { nameMembers, ownerUid } from './object-metadata.ts';
import { timestamp } from './timestamp.ts';

/** A Job with the spec of its manifest. Undefined if that is not recorded. */
export function jobItem({ job, owner, pods }: WorkloadView): object | undefined {
  const spec = job?.record.manifest;
  if (job === undefined || spec === undefined) return undefined;
  const { cronJob } = job.record.job;
  return {
    apiVersion: apiVersionOf('Job'),
    kind: 'Job',
    metadata: {
      ...nameMembers(job),
      uid: ownerUid(job.project, owner),
      ...(cronJob === undefined ? {} : { ownerReferences: [cronJobReference(job, cronJob)] }),
    },
    spec,
    status: jobStatus(job, pods),
  };
}

function cronJobReference({ project }: JobView, cronJob: string): object {
  const uid = ownerUid(project, `cronjob/${cronJob}`);
  return {
    ...{ apiVersion: apiVersionOf('CronJob'), controller: true, kind: 'CronJob' },
    ...{ name: objectName(cronJob).name, uid },
  };
}

function jobStatus({ record: { job, status } }: JobView, pods: readonly PodView[]): object {
  const { startedAt, end } = status;
  const own = pods.filter(({ observed }) => observed.name.startsWith(jobPodPrefix(job)));
  const active = end === undefined ? own.filter((pod) => outcomeOf(pod) === undefined) : [];
  // A pod that has ended since the watcher last looked counts, too.
  const ended = Object.fromEntries(
    own.flatMap((pod): readonly (readonly [string, EndedPod])[] => {
      const outcome = outcomeOf(pod);
      return outcome === undefined ? [] : [[pod.observed.name, { outcome, at: 0, ...indexOf(pod, job) }]];
    }),
  );
  const tally = tallyOf({ spec: job.spec, status: { ...status, ended: { ...ended, ...status.ended } } });
  const indexes = job.spec.isIndexed ? ranges(tally.succeededIndexes) : '';
  return defined({
    startTime: timeOf(startedAt),
    active: unlessZero(active.length),
    ready: active.filter((pod) => pod.status.ready === pod.status.total).length,
    succeeded: unlessZero(tally.succeeded),
    failed: unlessZero(tally.failed),
    completedIndexes: indexes === '' ? undefined : indexes,
    completionTime: end?.type === 'Complete' ? timeOf(end.at) : undefined,
    conditions:
      end === undefined
        ? undefined
        : [
            {
              ...{ type: end.type, status: 'True', reason: end.reason, message: end.message },
              lastTransitionTime: timeOf(end.at),
            },
          ],
  });
}

function outcomeOf({ status: { phase } }: PodView): EndedPod['outcome'] | undefined {
  return phase === 'Succeeded' ? 'succeeded' : phase === 'Failed' ? 'failed' : undefined;
}

function indexOf(
  { observed: { name } }: PodView,
  job: Parameters<typeof jobPodPrefix>[0] & { readonly spec: { readonly isIndexed: boolean } },
): { readonly index?: number } {
  return job.spec.isIndexed ? { index: Number.parseInt(name.slice(jobPodPrefix(job).length), 10) } : {};
}

/** `0-2,5` */
function ranges(indexes: ReadonlySet<number>): string {
  const found: [number, number][] = [];
  for (const index of [...indexes].sort((a, b) => a - b)) {
    const last = found.at(-1);
    if (last?.[1] === index - 1) last[1] = index;
    else found.push([index, index]);
  }
  // Two indexes in a row have a comma, as those of the controller.
  return found
    .map(([first, last]) =>
      first === last ? `${first}` : last === first + 1 ? `${first},${last}` : `${first}-${last}`,
    )
    .join(',');
}

/** A CronJob with the spec of its manifest. Undefined if that is not recorded. */
export function cronJobItem(view: CronJobView): object | undefined {
  const { record, active, owner, project } = view;
  const { manifest: spec, status } = record;
  if (spec === undefined) return undefined;
  return {
    apiVersion: apiVersionOf('CronJob'),
    kind: 'CronJob',
    metadata: {
      ...nameMembers(view),
      uid: ownerUid(project, owner),
      creationTimestamp: timeOf(status.createdAt ?? record.recordedAt),
    },
    spec,
    status: defined({
      active:
        active.length === 0
          ? undefined
          : active.map((name) => ({
              ...{ apiVersion: apiVersionOf('Job'), kind: 'Job', name, namespace: view.namespace },
            })),
      lastScheduleTime: timeOf(status.lastScheduledAt),
      lastSuccessfulTime: timeOf(status.lastSuccessfulAt),
    }),
  };
}

/** @param time milliseconds since 1970 */
function timeOf(time: number | undefined): string | undefined {
  return time === undefined ? undefined : timestamp(time / 1000);
}

function unlessZero(count: number): number | undefined {
  return count === 0 ? undefined : count;
}
