import { once } from 'node:events';
import { abortController, anyOf } from '../base/abort.ts';
import type { Diagnostic } from '../base/diagnostic.ts';
import { success } from '../base/result.ts';
import type { DesiredPod } from '../kube/spec/desired.ts';
import { keepDeadlines } from '../kubelet/deadlines.ts';
import { messageSource, readMessage } from '../podman/inspect/termination-message.ts';
import { containerName } from '../podman/names.ts';
import { checkStarted } from './check-started.ts';
import type { TroubledContainer } from './container-troubles.ts';
import { containerWatch, type ContainerWatch } from './container-watch.ts';
import type { Engine } from './engine.ts';
import { failed, type EngineResult } from './failure.ts';
import { logTools, type OnLogLines } from './follow-logs.ts';
import { followRollout } from './follow-rollout.ts';
import type { PlannedProject } from './plan-project.ts';
import type { FailedContainer, RolloutStatus } from './rollout-status.ts';
import { stopPod, stopPods } from './stop-pods.ts';
import type { StopControl } from './stop-control.ts';
import { troubleDiagnostics } from './trouble-diagnostics.ts';
import { waitForRollout } from './wait-for-rollout.ts';

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
  /** Wait until all containers are running and init containers have completed. Otherwise return at once. */
  readonly wait: boolean;
}

/** Pods of a project after their plan was applied. */
interface Rollout {
  readonly engine: Engine;
  readonly pods: readonly DesiredPod[];
  readonly control: StopControl;
  readonly watch: ContainerWatch;
}

function rolloutOf(engine: Engine, { project, loaded }: PlannedProject, control: StopControl): Rollout {
  const pods = loaded.pods.map(({ pod }) => pod);
  return { engine, pods, control, watch: containerWatch(engine, project, control.stop) };
}

/** Checks the containers that a plan has started, or waits for them. */
export async function rolloutStatus(
  engine: Engine,
  planned: PlannedProject,
  { control, wait }: RolloutOptions,
): Promise<EngineResult<undefined>> {
  const rollout = rolloutOf(engine, planned, control);
  const { pods, watch } = rollout;
  const { clock } = engine.platform;
  if (!wait)
    return checkResult(rollout, await checkStarted(planned.plan, { ...rollout, stop: control.stop }));
  const deadlines = startDeadlines(rollout);
  const status = await waitForRollout(pods, watch.poll, clock, anyOf(control.stop, watch.failed));
  return resultOf(rollout, status, await deadlines.end());
}

/** Follows the logs of the pods until their containers have ended. A stop signal stops the pods. */
export async function stayAttached(
  engine: Engine,
  planned: PlannedProject,
  { control, begun }: RolloutOptions,
  output: LogOutput,
): Promise<EngineResult<undefined>> {
  const rollout = rolloutOf(engine, planned, control);
  const { pods, watch } = rollout;
  engine.host.emit({ kind: 'following-logs' });
  const finish = abortController();
  const following = followRollout(pods, newContainers(planned), {
    tools: logTools(engine),
    begun,
    poll: watch.poll,
    onLines: output.print,
    report: (diagnostics) => {
      engine.host.emit({ kind: 'diagnostics', diagnostics });
    },
    finish: finish.signal,
    stop: control.kill,
  }).then(async (status) => {
    await output.end();
    return status;
  });
  const deadlines = startDeadlines(rollout);
  await Promise.race([following, aborted(control.stop)]);
  if (!control.stop.aborted) return resultOf(rollout, await following, await deadlines.end());
  await deadlines.end();
  await stopPods(engine, planned.project, pods, control);
  // Prints the last output of the containers, unless the reader is blocked.
  finish.abort();
  await Promise.race([following, aborted(control.kill)]);
  return stoppedBy(control);
}

/** podman's names of created containers: their logs are shown from the start. */
function newContainers({ plan }: PlannedProject): ReadonlySet<string> {
  return new Set(
    plan.changes.flatMap(({ subject, action }) =>
      subject.kind === 'container' && (action === 'create' || action === 'replace')
        ? [containerName({ name: subject.pod }, subject)]
        : [],
    ),
  );
}

interface Deadlines {
  /** Ends the watch. Returns the pods that exceeded their deadline. */
  readonly end: () => Promise<readonly DesiredPod[]>;
}

function startDeadlines({ engine, pods, control, watch }: Rollout): Deadlines {
  const { clock, today } = engine.platform;
  const over = abortController();
  const kept = keepDeadlines(pods, {
    clock,
    today,
    poll: watch.poll,
    stopPod: async (pod) => {
      await stopPod(engine, pod, control);
    },
    over: anyOf(over.signal, control.stop),
  });
  return {
    end: () => {
      over.abort();
      return kept;
    },
  };
}

async function aborted(signal: AbortSignal): Promise<void> {
  if (!signal.aborted) await once(signal, 'abort');
}

function stoppedBy({ stop }: StopControl): EngineResult<undefined> {
  return failed(stop.reason === 'timeout' ? 'timeout' : 'interrupted', []);
}

async function checkResult(
  { engine, control, watch }: Rollout,
  troubles: readonly TroubledContainer[],
): Promise<EngineResult<undefined>> {
  if (control.stop.aborted) return stoppedBy(control);
  if (troubles.length > 0) return failed('failed', await troubleDiagnostics(engine, troubles, control.stop));
  const unseen = watch.error();
  return unseen === undefined ? success(undefined) : failed('failed', [...unseen, NOT_SEEN]);
}

/** @param late pods that were stopped at their deadline */
async function resultOf(
  { engine, pods, control, watch }: Rollout,
  status: RolloutStatus,
  late: readonly DesiredPod[] = [],
): Promise<EngineResult<undefined>> {
  if (late.length > 0) return failed('failed', late.map(deadlineExceeded));
  if (status.kind === 'failed') {
    const messages = await Promise.all(status.containers.map((one) => messageOf(engine, pods, one)));
    return failed(
      'failed',
      status.containers.map((one, index) => containerFailed(pods, one, messages[index] ?? '')),
    );
  }
  if (status.kind === 'progressing' && control.stop.aborted) return stoppedBy(control);
  const unseen = watch.error();
  return unseen === undefined ? success(undefined) : failed('failed', [...unseen, NOT_SEEN]);
}

function deadlineExceeded({ name, activeDeadlineSeconds = 0 }: DesiredPod): Diagnostic {
  return {
    code: 'deadline-exceeded',
    severity: 'error',
    message: `pod/${name} was stopped: activeDeadlineSeconds (${activeDeadlineSeconds}) exceeded`,
  };
}

function containerFailed(
  pods: readonly DesiredPod[],
  { pod, container, exitCode }: FailedContainer,
  message: string,
): Diagnostic {
  return {
    code: 'container-failed',
    severity: 'error',
    message: `pod/${pod} container/${container} ${endOf(pods, pod, exitCode)}${message}`,
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

/** Exit code that podman reports for a container it ended at its deadline. */
const TIMED_OUT = -1;

function endOf(pods: readonly DesiredPod[], pod: string, exitCode: number): string {
  const { activeDeadlineSeconds } = pods.find(({ name }) => name === pod) ?? {};
  return exitCode === TIMED_OUT && activeDeadlineSeconds !== undefined
    ? `was stopped: activeDeadlineSeconds (${activeDeadlineSeconds}) of its pod exceeded`
    : `failed with exit code ${exitCode}`;
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
