import { abortController, aborted } from '../base/abort.ts';
import { defined } from '../base/defined.ts';
import { success } from '../base/result.ts';
import { isWatched } from '../kube/spec/watched-container.ts';
import type { DesiredPod } from '../kube/spec/desired.ts';
import { withoutStopped } from '../kube/status/rollout-status.ts';
import { containerName } from '../podman/names.ts';
import type { EndedContainer, Engine } from './engine.ts';
import { failed, usageError, type EngineResult } from './failure.ts';
import { logTools } from './follow-logs.ts';
import { followJobs } from './follow-jobs.ts';
import { followRollout, type FollowContext } from './follow-rollout.ts';
import type { PlannedProject } from './plan-project.ts';
import { podReferences, unknownContainer } from './pod-reference.ts';
import { resultOf, rolloutOf, stoppedBy, type LogOutput, type RolloutOptions } from './rollout.ts';
import { startDeadlines } from './rollout-deadlines.ts';
import { stopPods } from './stop-pods.ts';
import { watchAttached, type AttachedWatch, type AttachedWatching } from './watch-attached.ts';

/** When `up` that follows the logs ends before its containers do. */
export interface EarlyEnd {
  /** `POD/CONTAINER`, or a pod with one container: stop the pods when it ends, and pass its exit code. */
  readonly exitCodeFrom?: string;
  /** Stop the pods when a container has failed. */
  readonly abortOnFailure: boolean;
}

export interface StayOptions extends Pick<RolloutOptions, 'control' | 'begun'> {
  readonly early: EarlyEnd;
  /** Absent if podman restarts the containers, or if nothing does. */
  readonly attachedWatch?: AttachedWatch;
}

/** Whether the manifests have the container of `exitCodeFrom`, and it is one. */
export function checkExitCodeFrom(
  planned: Pick<PlannedProject, 'pods'>,
  { exitCodeFrom }: Pick<EarlyEnd, 'exitCodeFrom'>,
): EngineResult<undefined> {
  if (exitCodeFrom === undefined) return success(undefined);
  const pods = planned.pods.map(({ pod }) => pod);
  if (containerOf(pods, exitCodeFrom) !== undefined) return success(undefined);
  const names = pods.flatMap((pod) => pod.containers.map(({ name }) => `${pod.name}/${name}`));
  return failed('usage', [unknownContainer(undefined, exitCodeFrom, names)]);
}

/** The container as `POD/CONTAINER`; undefined for an unknown one, and for a pod with several. */
function containerOf(pods: readonly DesiredPod[], operand: string): string | undefined {
  const [{ pod, container } = { pod: '' }] = podReferences(operand.split(' '));
  const { containers = [] } = pods.find(({ name }) => name === pod) ?? {};
  const [only, ...others] =
    container === undefined ? containers : containers.filter(({ name }) => name === container);
  return only === undefined || others.length > 0 ? undefined : `${pod}/${only.name}`;
}

/**
 * Follows the logs of the pods until their containers have ended. A stop signal stops the pods. Returns the exit code of
 * `exitCodeFrom`; undefined without it.
 */
export async function stayAttached(
  engine: Engine,
  planned: PlannedProject,
  { control, begun, early, attachedWatch }: StayOptions,
  output: LogOutput,
): Promise<EngineResult<number | undefined>> {
  const rollout = rolloutOf(engine, planned, control);
  const { pods, watch } = rollout;
  // The deadlines of the pods whose logs are followed are kept here, for their report.
  const isStoppedElsewhere = (pod: string) => pods.some(({ name }) => name === pod);
  const watcher =
    attachedWatch &&
    watchAttached(engine, planned.project, control.stop, { ...attachedWatch, isStoppedElsewhere });
  engine.host.emit({ kind: 'following-logs' });
  const finish = abortController();
  const { exitCodeFrom } = early;
  const container = exitCodeFrom === undefined ? undefined : containerOf(pods, exitCodeFrom);
  const watching = earlyEnd({ ...early, ...defined({ exitCodeFrom: container }) });
  const isAlone = pods.flatMap(({ containers }) => containers).length === 1;
  const deadlines = startDeadlines(rollout);
  const followContext: FollowContext = {
    tools: logTools(engine),
    begun,
    poll: watch.poll,
    onLines: output.print,
    onEnd: (end) => {
      // Containers that podpose stops are no news, and are not restarted.
      if (control.stop.aborted) return;
      const isPastDeadline = deadlines.hasStopped(end.pod);
      // Nothing restarts it: its end for good is reported next.
      if (isPastDeadline && end.isRestarted) return;
      // The watcher reports each end before a restart, and when that will be.
      const isReported = end.isRestarted && isReportedBy(watcher, pods, end);
      if (!watching.signal.aborted && !isReported && (!isAlone || end.isRestarted))
        engine.host.emit({
          ...{ kind: 'container-ended', ...end },
          ...(isPastDeadline ? { isPastDeadline } : {}),
        });
      watching.onEnd(end);
    },
    report: (diagnostics) => {
      engine.host.emit({ kind: 'diagnostics', diagnostics });
    },
    finish: finish.signal,
    stop: control.kill,
    ...defined({ willRestart: watcher?.willRestart }),
  };
  const jobs = watcher === undefined ? undefined : followJobs(planned, watch.observe, followContext);
  const following = Promise.all([
    followRollout(pods, newContainers(planned), followContext),
    jobs?.ended ?? [],
  ]).then(async ([status, failedJobs]) => {
    await output.end();
    return { status, failedJobs };
  });
  await Promise.race([following, aborted(control.stop), aborted(watching.signal)]);
  // A container that is being started would start its pod again.
  await Promise.race([watcher?.end(), aborted(control.kill)]);
  if (!control.stop.aborted && !watching.signal.aborted) {
    watcher?.close();
    const { status: end, failedJobs } = await following;
    const { status, hasStopped } =
      watcher === undefined ? { status: end, hasStopped: false } : withoutStopped(pods, end);
    if (hasStopped) engine.host.emit({ kind: 'pods-stopped', project: planned.project, isKilled: false });
    const result = await resultOf(rollout, status, await deadlines.end());
    return result.ok && failedJobs.length > 0 ? failed('failed', failedJobs) : result;
  }
  await deadlines.end();
  await stopPods(engine, planned.project, [...pods, ...(jobs?.pods() ?? [])], control);
  // Prints the last output of the containers, unless the reader is blocked.
  finish.abort();
  await Promise.race([following, aborted(control.kill)]);
  watcher?.close();
  return control.stop.aborted ? stoppedBy(control) : watching.result();
}

function isReportedBy(
  watcher: AttachedWatching | undefined,
  pods: readonly DesiredPod[],
  end: EndedContainer,
): boolean {
  if (watcher === undefined) return false;
  return (watcher.isWatching() && isWatchedIn(pods, end)) || watcher.hasReported(end);
}

function isWatchedIn(pods: readonly DesiredPod[], end: EndedContainer): boolean {
  const pod = pods.find(({ name }) => name === end.pod);
  return pod?.containers.some((one) => one.name === end.container && isWatched(one)) === true;
}

interface EarlyEndWatch {
  readonly onEnd: (end: EndedContainer) => void;
  /** Aborted when the pods are to be stopped. */
  readonly signal: AbortSignal;
  readonly result: () => EngineResult<number | undefined>;
}

function earlyEnd({ exitCodeFrom, abortOnFailure }: EarlyEnd): EarlyEndWatch {
  const over = abortController();
  let cause: EndedContainer | undefined;
  return {
    onEnd: (end) => {
      const isNamed = `${end.pod}/${end.container}` === exitCodeFrom;
      if (over.signal.aborted || !(isNamed || (abortOnFailure && end.exitCode !== 0))) return;
      cause = end;
      over.abort();
    },
    signal: over.signal,
    result: () => {
      if (cause === undefined) return success(undefined);
      const { pod, container, exitCode } = cause;
      if (`${pod}/${container}` === exitCodeFrom) return success(exitCode);
      return failed('failed', [
        usageError(
          'container-failed',
          `pod/${pod} container/${container} failed with exit code ${exitCode}: the pods were stopped (--abort-on-failure)`,
          `podpose logs ${pod}/${container} shows its output.`,
        ),
      ]);
    },
  };
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
