import type { Diagnostic } from '../base/diagnostic.ts';
import { podFromTemplate } from '../kube/jobs/pod-template.ts';
import { lastingContainers } from '../kube/spec/restart-policy.ts';
import type { DesiredPod } from '../kube/spec/desired.ts';
import type { ContainersAndPods } from '../podman/inspect/decode.ts';
import { placeOfPod } from '../podman/inspect/job-pods.ts';
import { isJob, jobRecords, type ObservedJob } from '../podman/job-record.ts';
import { containerName } from '../podman/names.ts';
import { podsOfRecord } from '../plan/decide/job-records.ts';
import { followRollout, type FollowContext } from './follow-rollout.ts';
import type { PlannedProject } from './plan-project.ts';
import { jobFailed } from './wait-for-jobs.ts';

export interface JobsFollowed {
  /** Resolves when all Jobs have ended: with those that have failed. With a CronJob, only at the end of the following. */
  readonly ended: Promise<readonly Diagnostic[]>;
  /** The pods that were seen. */
  readonly pods: () => readonly DesiredPod[];
}

const POLL_MILLISECONDS = 500;

/** Follows the logs of the pods of Jobs, also of those that the watcher creates. */
export function followJobs(
  { project, loaded: { jobs = [], cronJobs = [] } }: PlannedProject,
  observe: () => Promise<ContainersAndPods>,
  context: FollowContext,
): JobsFollowed {
  const seen = new Map<string, DesiredPod>();
  return { ended: follow(), pods: () => [...seen.values()] };

  async function follow(): Promise<readonly Diagnostic[]> {
    const following: Promise<unknown>[] = [];
    for (;;) {
      if (jobs.length + cronJobs.length === 0) return [];
      const look = await observe();
      const records = jobRecords(project, look.containers).filter(isJob);
      const own = records.filter(isOwn);
      for (const { pod, isNew } of own.flatMap((record) => podsOf(record, look))) {
        seen.set(pod.name, pod);
        const names = lastingContainers(pod).map((container) => containerName(pod, container));
        following.push(followRollout([pod], new Set(isNew ? names : []), context));
      }
      const asked = own.filter(({ job }) => job.cronJob === undefined);
      const isOver =
        cronJobs.length === 0 &&
        asked.every(({ job, status }) => status.end !== undefined || job.spec.suspend);
      if (isOver || context.stop.aborted || context.finish.aborted) {
        await Promise.all(following);
        return asked.flatMap(({ job, status: { end } }) =>
          end?.type === 'Failed' ? [jobFailed(job.name, end)] : [],
        );
      }
      await context.tools.sleep(POLL_MILLISECONDS, context.stop);
    }
  }

  function isOwn({ job }: ObservedJob): boolean {
    return (
      jobs.some((one) => one.job.name === job.name) ||
      cronJobs.some(({ cronJob }) => cronJob.name === job.cronJob)
    );
  }

  /** The pods that were not seen before. Those that had ended before are left out. */
  function podsOf(record: ObservedJob, look: ContainersAndPods) {
    const { job, status } = record;
    return podsOfRecord(record, look)
      .filter((name) => !seen.has(name) && hasStarted(name, look))
      .flatMap((name) => {
        const { createdAt = 0 } = look.pods.find((pod) => pod.name === name) ?? {};
        // podman counts seconds.
        const isNew = (createdAt + 1) * 1000 >= context.begun;
        if (!isNew && status.ended[name] !== undefined) return [];
        return [{ pod: podFromTemplate(job, placeOfPod(job, name), WITHOUT_VALUES), isNew }];
      });
  }
}

/** The logs of a pod are followed when its app containers exist. */
function hasStarted(pod: string, { containers }: ContainersAndPods): boolean {
  return containers.some(({ podName, owner }) => podName === pod && owner?.role === 'container');
}

/** Secret values do not matter here. */
const WITHOUT_VALUES = { keep: () => '', reveal: () => undefined };
