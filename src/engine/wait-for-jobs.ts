import type { Diagnostic } from '../base/diagnostic.ts';
import type { JobEnd } from '../kube/jobs/job-status.ts';
import { jobOwner } from '../kube/jobs/desired-job.ts';
import type { Plan } from '../plan/plan.ts';
import type { Clock } from '../platform/clock.ts';
import type { ContainersAndPods } from '../podman/inspect/decode.ts';
import { isJob, jobRecords } from '../podman/job-record.ts';

const POLL_MILLISECONDS = 500;

export interface JobWaitContext {
  readonly project: string;
  readonly observe: () => Promise<ContainersAndPods>;
  readonly clock: Pick<Clock, 'sleep'>;
  /** The end of the wait. */
  readonly stop: AbortSignal;
}

export interface JobsWaited {
  /** The Jobs that have failed. */
  readonly failed: readonly Diagnostic[];
  /** The Jobs that have not ended. */
  readonly open: readonly string[];
}

/** Waits until Jobs have ended, or until the signal. A Job that is suspended or removed meanwhile is not waited for. */
export async function waitForJobs(names: readonly string[], context: JobWaitContext): Promise<JobsWaited> {
  for (;;) {
    const { containers } = await context.observe();
    const records = jobRecords(context.project, containers)
      .filter(isJob)
      .filter(({ job }) => names.includes(job.name) && !job.spec.suspend);
    const open = records.filter(({ status }) => status.end === undefined);
    const failed = records.flatMap(({ job, status: { end } }) =>
      end?.type === 'Failed' ? [jobFailed(job.name, end)] : [],
    );
    if (open.length === 0 || context.stop.aborted)
      return { failed, open: open.map(({ job }) => jobOwner(job)) };
    await context.clock.sleep(POLL_MILLISECONDS, context.stop);
  }
}

/** The errors for the Jobs that a plan leaves as they are, and that have failed. */
export function failedInPlan({ changes }: Pick<Plan, 'changes'>): readonly Diagnostic[] {
  return changes.flatMap(({ subject, reason }) =>
    subject.kind === 'job' && reason.kind === 'job-failed'
      ? [failedDiagnostic(subject.owner, reason.end)]
      : [],
  );
}

/** The error for a Job that has failed. */
export function jobFailed(name: string, end: JobEnd): Diagnostic {
  return failedDiagnostic(jobOwner({ name }), end);
}

function failedDiagnostic(
  owner: string,
  { reason, message }: Pick<JobEnd, 'reason' | 'message'>,
): Diagnostic {
  return {
    code: 'job-failed',
    severity: 'error',
    message: `${owner} has failed: ${message} (${reason})`,
    help: `podpose logs ${owner} shows its output, and podpose up --force-recreate runs it again.`,
  };
}
