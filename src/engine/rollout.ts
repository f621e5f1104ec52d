import { once } from 'node:events';
import { abortController, anyOf } from '../base/abort.ts';
import type { Diagnostic } from '../base/diagnostic.ts';
import { success } from '../base/result.ts';
import type { DesiredPod } from '../kube/spec/desired.ts';
import { keepDeadlines } from '../kubelet/deadlines.ts';
import { verifiesWhatItStarts } from '../plan/verifies-start.ts';
import { messageSource, readMessage } from '../podman/inspect/termination-message.ts';
import { containerName } from '../podman/names.ts';
import { containerWatch, type ContainerWatch } from './container-watch.ts';
import type { Engine } from './engine.ts';
import { failed, type EngineResult } from './failure.ts';
import { logTools, type OnLogLines } from './follow-logs.ts';
import { followRollout } from './follow-rollout.ts';
import type { PlannedProject } from './plan-project.ts';
import type { FailedContainer, RolloutStatus } from './rollout-status.ts';
import { stopPod, stopPods } from './stop-pods.ts';
import type { StopControl } from './stop-control.ts';
import { waitForRollout } from './wait-for-rollout.ts';

/** Where the output of containers goes. */
export interface LogOutput {
  readonly print: OnLogLines;
  /** Ends a last line that has no end of its own. */
  readonly end: () => Promise<void>;
}

export interface RolloutOptions {
  readonly control: StopControl;
  /** When the plan was begun, in milliseconds since 1970. */
  readonly begun: number;
  /** Gives how the rollout has gone at once, or when everything runs that should and has completed what should. */
  readonly wait: boolean;
}

/** The pods of the project after their plan was applied. */
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

/** How the pods are after a plan was applied. What the plan itself has seen running is not looked at again. */
export async function rolloutStatus(
  engine: Engine,
  planned: PlannedProject,
  { control, wait }: RolloutOptions,
): Promise<EngineResult<undefined>> {
  if (!wait && verifiesWhatItStarts(planned.plan)) return success(undefined);
  const rollout = rolloutOf(engine, planned, control);
  const { pods, watch } = rollout;
  const { clock } = engine.platform;
  if (!wait) return resultOf(rollout, await waitForRollout(pods, watch.look, clock, AbortSignal.abort()));
  const deadlines = startDeadlines(rollout);
  const status = await waitForRollout(pods, watch.look, clock, anyOf(control.stop, watch.failed));
  return resultOf(rollout, status, await deadlines.end());
}

/** Stays with the pods and shows what their containers print, until they have ended. A request to stop stops the pods. */
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
    look: watch.look,
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
  await stopPods(engine, pods, control);
  // What the containers said last is shown, too, unless whoever reads has stopped reading.
  finish.abort();
  await Promise.race([following, aborted(control.kill)]);
  return stoppedBy(control);
}

/** podman's names of the containers that were made: all that they have printed is shown. */
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
  /** Looks after them no longer. Gives the pods that had to be stopped. */
  readonly end: () => Promise<readonly DesiredPod[]>;
}

function startDeadlines({ engine, pods, control, watch }: Rollout): Deadlines {
  const { clock, today } = engine.platform;
  const over = abortController();
  const kept = keepDeadlines(pods, {
    clock,
    today,
    look: watch.look,
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

/** @param late the pods that were stopped at their deadlines */
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
  if (status.kind === 'running' && control.stop.aborted) return stoppedBy(control);
  const unseen = watch.error();
  return unseen === undefined ? success(undefined) : failed('failed', [...unseen, NOT_SEEN]);
}

function deadlineExceeded({ name, activeDeadlineSeconds = 0 }: DesiredPod): Diagnostic {
  return {
    code: 'deadline-exceeded',
    severity: 'error',
    message: `pod ${name} was stopped: it has run for its activeDeadlineSeconds, ${activeDeadlineSeconds}`,
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
    message: `container ${container} of pod ${pod} ${endOf(pods, pod, exitCode)}${message}`,
    help: `podpose logs ${pod} -c ${container} shows what it printed.`,
  };
}

/** What has been started may run, and may have ended at once. */
const NOT_SEEN: Diagnostic = {
  code: 'containers-not-seen',
  severity: 'error',
  message:
    'everything has been started, but podman does not list the containers, and so it is not known whether they run',
  help: '`podpose ps` looks again.',
};

/** What podman says of a container that it has ended after a time. */
const TIMED_OUT = -1;

function endOf(pods: readonly DesiredPod[], pod: string, exitCode: number): string {
  const { activeDeadlineSeconds } = pods.find(({ name }) => name === pod) ?? {};
  return exitCode === TIMED_OUT && activeDeadlineSeconds !== undefined
    ? `was ended: it has run for the activeDeadlineSeconds of its pod, ${activeDeadlineSeconds}`
    : `has ended with exit code ${exitCode}`;
}

/** The first line of its termination message, to stand behind how it ended; empty where it has left none. */
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
