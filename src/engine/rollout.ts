import { anyOf } from '../base/abort.ts';
import type { Diagnostic } from '../base/diagnostic.ts';
import { success } from '../base/result.ts';
import type { DesiredPod } from '../kube/spec/desired.ts';
import { isOfJob } from '../podman/labels.ts';
import { containerName } from '../podman/names.ts';
import { containerSubject } from '../podman/operations/subjects.ts';
import { messageSource, readMessage } from '../podman/inspect/termination-message.ts';
import { inspectContainers } from '../podman/inspect/inspect-containers.ts';
import type { ObservedContainer } from '../podman/inspect/observed.ts';
import { startedContainers } from '../plan/started-containers.ts';
import { checkStarted, settled } from './check-started.ts';
import { findTroubles, type TroubledContainer } from './container-troubles.ts';
import { containerWatch, type ContainerWatch } from './container-watch.ts';
import type { Engine } from './engine.ts';
import { withoutKilled, type KilledByHook } from './failed-hooks.ts';
import { failed, type EngineResult } from './failure.ts';
import type { OnLogLines } from './follow-logs.ts';
import type { PlannedProject } from './plan-project.ts';
import { deadlineExceeded, latePods } from './late-pods.ts';
import { startDeadlines } from './rollout-deadlines.ts';
import type { FailedContainer, RolloutStatus } from './rollout-status.ts';
import type { StopControl } from './stop-control.ts';
import { timeLimit } from './time-limit.ts';
import { troubleDiagnostics, waitDiagnostics } from './trouble-diagnostics.ts';
import { failedInPlan, waitForJobs } from './wait-for-jobs.ts';
import { waitForEndpoints } from './wait-for-endpoints.ts';
import { staysUnknown, waitForReady } from './wait-for-ready.ts';
import { addWatchedFacts } from './watch-facts.ts';
import type { Readiness, Wait } from './pod-readiness.ts';

/** Output of container logs. */
export interface LogOutput {
  readonly print: OnLogLines;
  /** Terminates an incomplete last line. */
  readonly end: () => Promise<void>;
}

export interface RolloutOptions {
  readonly control: StopControl;
  /** Start of the plan, in milliseconds since 1970. */
  readonly begun: number;
  /** Wait until every pod is Ready or Succeeded. Otherwise only check what was started. */
  readonly wait: boolean;
  /** The time limit of the command, which `control` keeps. */
  readonly timeoutSeconds: number | undefined;
  /** Containers of the plan that the watcher is to restart. */
  readonly killed: readonly KilledByHook[];
}

/** Pods of a project after their plan was applied. */
export interface Rollout {
  readonly engine: Engine;
  readonly project: string;
  readonly pods: readonly DesiredPod[];
  readonly control: StopControl;
  readonly watch: ContainerWatch;
}

export function rolloutOf(
  engine: Engine,
  { project, pods: planned, options }: PlannedProject,
  control: StopControl,
): Rollout {
  // The watcher replaces the pods of Jobs that fail: their Jobs are waited for.
  const own = options.watcher === 'available' ? planned.filter(({ pod }) => !isOfJob(pod)) : planned;
  const pods = own.map(({ pod }) => pod);
  return { engine, project, pods, control, watch: containerWatch(engine, project, control.stop) };
}

/** Checks the containers that a plan has started, or waits for them. */
export async function rolloutStatus(
  engine: Engine,
  planned: PlannedProject,
  { control, wait, timeoutSeconds, killed }: RolloutOptions,
): Promise<EngineResult<undefined>> {
  const rollout = rolloutOf(engine, planned, control);
  if (!wait) {
    const troubles = await checkStarted(planned.plan, { ...rollout, stop: control.stop });
    const late =
      troubles.length === 0 ? [] : await latePods(rollout.project, rollout.pods, rollout.watch.observe);
    const checked =
      late.length > 0
        ? failed('failed', late.map(deadlineExceeded))
        : await checkResult(rollout, troubles, killed);
    const failedJobs = failedInPlan(planned.plan);
    return checked.ok && failedJobs.length > 0 ? failed('failed', failedJobs) : checked;
  }
  const waited = await waitUntilReady(planned, rollout, timeoutSeconds);
  if (!waited.ok && waited.error.kind === 'interrupted') engine.host.emit({ kind: 'waiting-interrupted' });
  return waited;
}

async function waitUntilReady(
  planned: PlannedProject,
  rollout: Rollout,
  timeoutSeconds: number | undefined,
): Promise<EngineResult<undefined>> {
  const { engine, pods, watch, control } = rollout;
  const { clock } = engine.platform;
  if (startedContainers(planned.plan).size > 0)
    await settled(planned.plan, { ...rollout, stop: control.stop });
  const deadlines = startDeadlines(rollout);
  const isWatched = planned.options.watcher === 'available';
  const limit = timeLimit(clock, timeoutSeconds === undefined ? WAIT_SECONDS : undefined);
  const begun = clock.now();
  const readiness = await waitForReady(pods, {
    project: planned.project,
    isWatched,
    observe: async () => {
      const { pods, containers } = await watch.observe();
      return { pods, containers: await inspectWithFacts(engine, containers) };
    },
    clock,
    today: engine.platform.today,
    onWait: (waits) => {
      const seconds = Math.floor((clock.now() - begun) / 1000);
      engine.host.emit({ kind: 'waiting-for-pods', waits, seconds });
    },
    stop: anyOf(control.stop, anyOf(limit.signal, watch.failed)),
  });
  limit.release();
  const late = await deadlines.end();
  if (late.length === 0 && staysUnknown(readiness, isWatched))
    return failed(
      'failed',
      readiness.waits.map((wait) => readinessUnknown(wait, isWatched)),
    );
  const ready = await waitResult(rollout, readiness, late);
  if (!ready.ok || !isWatched) return ready;
  if (planned.loaded.services.length > 0)
    await waitForEndpoints(engine.platform, planned.project, control.stop);
  return waitForEndOfJobs(planned, rollout, timeoutSeconds);
}

async function waitForEndOfJobs(
  { project, loaded: { jobs = [] } }: PlannedProject,
  { engine, control, watch }: Rollout,
  timeoutSeconds: number | undefined,
): Promise<EngineResult<undefined>> {
  const { clock } = engine.platform;
  const names = jobs.map(({ job }) => job.name);
  const limit = timeLimit(clock, timeoutSeconds === undefined ? WAIT_SECONDS : undefined);
  const stop = anyOf(control.stop, anyOf(limit.signal, watch.failed));
  const waited = await waitForJobs(names, { project, observe: watch.observe, clock, stop });
  limit.release();
  if (control.stop.aborted && control.stop.reason !== 'timeout') return stoppedBy(control);
  if (waited.failed.length > 0) return failed('failed', waited.failed);
  if (waited.open.length === 0) return success(undefined);
  return failed(
    'timeout',
    waited.open.map((owner) => ({
      ...{ code: 'wait-timeout', severity: 'error', message: `${owner} has not ended within the time limit` },
    })),
  );
}

function readinessUnknown({ pod, container = '', role }: Wait, isWatched: boolean): Diagnostic {
  return {
    code: 'readiness-unknown',
    severity: 'error',
    message: `${containerSubject(pod, container, role)} runs, but whether it is ready is unknown: nothing runs its probes`,
    help: isWatched
      ? 'It was created without a watcher. podpose up --force-recreate recreates it.'
      : 'Unset PODPOSE_WATCH, and run podpose on the machine of the containers, or omit --wait.',
  };
}

/** Inspects containers, and asks the watcher about them. */
async function inspectWithFacts(
  engine: Engine,
  listed: readonly ObservedContainer[],
): Promise<readonly ObservedContainer[]> {
  const inspected = await inspectContainers(engine.podman, listed);
  return (await addWatchedFacts(engine, inspected)).containers;
}

const TIME_LIMIT: Diagnostic = {
  code: 'wait-timeout',
  severity: 'error',
  message: 'the time limit of --timeout was reached',
};

export function stoppedBy({ stop }: StopControl): EngineResult<undefined> {
  return stop.reason === 'timeout' ? failed('timeout', [TIME_LIMIT]) : failed('interrupted', []);
}

/** @param killed containers of the plan that the watcher is to restart */
export async function checkResult(
  { engine, control, watch }: Pick<Rollout, 'engine' | 'control' | 'watch'>,
  troubles: readonly TroubledContainer[],
  killed: readonly KilledByHook[],
): Promise<EngineResult<undefined>> {
  if (control.stop.aborted) return stoppedBy(control);
  const ofHooks = killed.map(({ diagnostic }) => diagnostic);
  const others = withoutKilled(troubles, killed);
  if (others.length > 0)
    return failed('failed', [...ofHooks, ...(await troubleDiagnostics(engine, others, control.stop))]);
  if (ofHooks.length > 0) return failed('failed', ofHooks);
  const unseen = watch.error();
  return unseen === undefined ? success(undefined) : failed('failed', [...unseen, NOT_SEEN]);
}

/** The time limit of `--wait` without `--timeout`, in seconds. */
const WAIT_SECONDS = 300;

/** @param late pods that were stopped at their deadline */
async function waitResult(
  rollout: Rollout,
  { hasFailed, waits }: Readiness,
  late: readonly DesiredPod[],
): Promise<EngineResult<undefined>> {
  const { engine, project, pods, control, watch } = rollout;
  const stopped = late.length === 0 && hasFailed ? await latePods(project, pods, watch.observe) : late;
  if (stopped.length > 0) return failed('failed', stopped.map(deadlineExceeded));
  if (control.stop.aborted && control.stop.reason !== 'timeout') return stoppedBy(control);
  const unseen = watch.error();
  if (unseen !== undefined) return failed('failed', [...unseen, NOT_SEEN]);
  if (!hasFailed && waits.length === 0) return success(undefined);
  const containers = await inspectWithFacts(engine, await watch.poll());
  const troubles = await findTroubles(engine, pods, containers, () => true);
  const isRunning = ({ pod, container }: TroubledContainer) =>
    containers.some(({ name, state }) => name === containerName(pod, container) && state === 'running');
  // Why a container that runs is not ready is in what was waited for; an earlier end is not the reason.
  const named = troubles.filter((one) =>
    hasFailed
      ? one.trouble.kind === 'failed'
      : waits.some((wait) => isOf(one, wait) && (wait.isLooping === true || !isRunning(one))),
  );
  const others = hasFailed ? [] : waits.filter((wait) => !named.some((one) => isOf(one, wait)));
  return failed(hasFailed ? 'failed' : 'timeout', [
    ...(await troubleDiagnostics(engine, named, control.kill)),
    ...(await waitDiagnostics(engine, others, control.kill)),
  ]);
}

function isOf({ pod, container }: TroubledContainer, wait: Wait): boolean {
  return wait.pod === pod.name && wait.container === container.name;
}

/** @param late pods that were stopped at their deadline by this process */
export async function resultOf(
  { engine, project, pods, control, watch }: Rollout,
  status: RolloutStatus,
  late: readonly DesiredPod[] = [],
): Promise<EngineResult<undefined>> {
  const stopped =
    late.length === 0 && !control.stop.aborted ? await latePods(project, pods, watch.observe) : late;
  if (stopped.length > 0) return failed('failed', stopped.map(deadlineExceeded));
  if (status.kind === 'failed') {
    const messages = await Promise.all(status.containers.map((one) => messageOf(engine, pods, one)));
    return failed(
      'failed',
      status.containers.map((one, index) => containerFailed(one, messages[index] ?? '')),
    );
  }
  if (status.kind === 'progressing' && control.stop.aborted) return stoppedBy(control);
  const unseen = watch.error();
  return unseen === undefined ? success(undefined) : failed('failed', [...unseen, NOT_SEEN]);
}

function containerFailed({ pod, container, exitCode }: FailedContainer, message: string): Diagnostic {
  return {
    code: 'container-failed',
    severity: 'error',
    message: `pod/${pod} container/${container} ${endOf(exitCode)}${message}`,
    help: `podpose logs ${pod}/${container} shows its output.`,
  };
}

/** Started containers may be running, or may have ended at once. */
const NOT_SEEN: Diagnostic = {
  code: 'containers-not-seen',
  severity: 'error',
  message:
    'all containers were started, but podman fails to list them: it is not known whether they are running',
  help: "Check with 'podpose ps'.",
};

function endOf(exitCode: number): string {
  return `${exitCode === 0 ? 'ended' : 'failed'} with exit code ${exitCode}`;
}

/** First line of the termination message, as a suffix `: TEXT`. Empty if there is none. */
async function messageOf(
  { podman }: Engine,
  pods: readonly DesiredPod[],
  { pod: podName, container: name, exitCode }: FailedContainer,
): Promise<string> {
  const pod = pods.find((candidate) => candidate.name === podName);
  const container = pod?.containers.find((candidate) => candidate.name === name);
  if (pod === undefined || container === undefined) return '';
  const message = await readMessage(podman, messageSource(pod, container), exitCode);
  return message === '' ? '' : `: ${message.split('\n', 1)[0] ?? ''}`;
}
