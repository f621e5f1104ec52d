import type { Diagnostic } from '../base/diagnostic.ts';
import { success } from '../base/result.ts';
import { objectName } from '../kube/spec/qualified-name.ts';
import type { WatchSettings } from '../kubelet/watched.ts';
import { observePods } from '../podman/inspect/observe.ts';
import type { ContainersAndPods } from '../podman/inspect/decode.ts';
import { viewJobs, type CronJobView } from './job-facts.ts';
import type { Engine } from './engine.ts';
import { failed, usageError, type EngineResult } from './failure.ts';
import type { ProjectLock } from './project-lock.ts';
import { runJobAction } from './run-jobs.ts';
import { findProject, type TargetOptions } from './target.ts';
import { waitForJobs } from './wait-for-jobs.ts';

export interface RunRequest {
  readonly target: TargetOptions;
  /** `cronjob/report` */
  readonly owner: string;
  readonly watching: WatchSettings;
  readonly stop: AbortSignal;
}

/** A Job that was created. */
export interface CreatedRun {
  readonly project: string;
  /** With its namespace, unless that is the default one. */
  readonly job: string;
}

/** Creates a Job from the template of a CronJob, whatever its schedule is. The watcher creates the pods. */
export async function createRun(
  engine: Engine,
  { target, owner, watching, stop }: RunRequest,
  lock: ProjectLock,
): Promise<EngineResult<CreatedRun>> {
  const listed = await observePods(engine.podman);
  if (!listed.ok) return failed('failed', listed.error);
  const found = findCronJob(engine, target, owner, listed.value);
  if (!found.ok) return found;
  const { project } = found.value;
  const taken = await lock.wait(project);
  if (!taken.ok) return taken;
  const observed = await observePods(engine.podman);
  if (!observed.ok) return failed('failed', observed.error);
  const again = findCronJob(engine, target, owner, observed.value);
  if (!again.ok) return again;
  const { record } = again.value;
  const job = nextRun(record.cronJob.name, observed.value, project);
  const at = engine.platform.today();
  const error = await runJobAction(
    { kind: 'create-job', record, job, at },
    { engine, project, stop, watching },
  );
  return error === undefined ? success({ project, job }) : failed('failed', [notCreated(job, error)]);
}

/** Waits for the end of the Job. */
export async function waitForRun(
  engine: Engine,
  { project, job }: CreatedRun,
  stop: AbortSignal,
): Promise<EngineResult<undefined>> {
  const { clock } = engine.platform;
  const observe = async () => {
    const seen = await observePods(engine.podman);
    return seen.ok ? seen.value : { pods: [], containers: [] };
  };
  const waited = await waitForJobs([job], { project, observe, clock, stop });
  if (waited.failed.length > 0) return failed('failed', waited.failed);
  if (waited.open.length === 0) return success(undefined);
  return stop.reason === 'timeout' ? failed('timeout', [notEnded(job)]) : failed('interrupted', []);
}

/** In the project of the command line; without one, in the only project that has it. */
function findCronJob(
  { platform }: Engine,
  target: TargetOptions,
  owner: string,
  { containers }: ContainersAndPods,
): EngineResult<CronJobView> {
  const isGiven =
    target.project !== undefined ||
    target.files.length + target.operands.length + (target.kustomizations ?? []).length > 0;
  const named = isGiven ? findProject(platform, { ...target, namespace: undefined }) : undefined;
  if (named?.ok === false) return failed('usage', named.error);
  const { namespace } = target;
  const found = viewJobs(containers, { project: named?.value.project, namespace }).cronJobs.filter(
    (one) => one.owner === owner || `cronjob/${one.name}` === owner,
  );
  const [first, second] = found.length > 1 ? found.filter((one) => one.owner === owner) : found;
  if (first !== undefined && second === undefined) return success(first);
  return failed('usage', [
    usageError(
      'no-such-pod',
      found.length === 0
        ? `no ${owner}${named === undefined ? '' : ` in project '${named.value.project}'`}`
        : `several CronJobs are called ${owner}`,
      found.length === 0
        ? "'podpose get cronjobs' lists the CronJobs of the project; 'podpose up' creates them."
        : 'Name one with -p, and -n.',
    ),
  ]);
}

/** The first free name: `report-run-1`, then `report-run-2`. */
function nextRun(cronJob: string, { containers }: ContainersAndPods, project: string): string {
  const taken = new Set(viewJobs(containers, { project }).jobs.map(({ record }) => record.job.name));
  for (let number = 1; ; number++) {
    const name = `${cronJob}-run-${number}`;
    if (!taken.has(name)) return name;
  }
}

function notCreated(job: string, error: string): Diagnostic {
  return {
    code: 'job-not-created',
    severity: 'error',
    message: `job/${objectName(job).name} was not created: ${error}`,
  };
}

function notEnded(job: string): Diagnostic {
  return {
    code: 'wait-timeout',
    severity: 'error',
    message: `job/${objectName(job).name} has not ended within the time limit`,
  };
}
