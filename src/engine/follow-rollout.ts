import { abortController, anyOf } from '../base/abort.ts';
import type { DesiredPod } from '../kube/spec/desired.ts';
import { isSidecar, lastingContainers, sidecarsOf } from '../kube/spec/restart-policy.ts';
import { askContainerLogs, type ContainerLog } from '../podman/logs/container-log.ts';
import type { LogStart } from '../podman/logs/record.ts';
import { containerName, replacementName } from '../podman/names.ts';
import type { ObservedContainer } from '../podman/inspect/observed.ts';
import { observedRolloutStatus, type RolloutStatus } from './rollout-status.ts';
import type { EndedContainer } from './engine.ts';
import { followLog, type LogContext, type LogSource } from './follow-logs.ts';

export interface FollowContext extends LogContext {
  /** Milliseconds since 1970. Earlier output of existing containers is not shown. */
  readonly begun: number;
  readonly poll: () => Promise<readonly ObservedContainer[]>;
  /** Called when a container has ended: the first time if it is restarted, and when it has ended for good. */
  readonly onEnd: (end: EndedContainer) => void;
}

/**
 * Follows the logs of pods until all containers have ended for good, or until a signal. Returns the rollout status.
 * @param fresh podman's names of new containers: their logs are shown from the start
 */
export async function followRollout(
  pods: readonly DesiredPod[],
  fresh: ReadonlySet<string>,
  context: FollowContext,
): Promise<RolloutStatus> {
  const { podman } = context.tools;
  const sources = pods.map(logSourcesOf).flat();
  const names = sources.map(({ name }) => name);
  const logs = (await askContainerLogs(podman, names)) ?? [];
  const over = abortController();
  const follow = async (source: LogSource, ofSource: FollowContext) => {
    const log = logs.find(({ name }) => name === source.name);
    const start = fresh.has(source.name) ? {} : { since: BigInt(context.begun) * 1_000_000n };
    if (log !== undefined) await followContainer(source, log, start, ofSource);
  };
  const isOfSidecar = ({ isSidecar }: RolloutSource) => isSidecar;
  // The end of a sidecar ends nothing.
  const ofSidecars = { ...context, onEnd: () => undefined, finish: anyOf(context.finish, over.signal) };
  const sidecars = sources.filter(isOfSidecar).map((source) => follow(source, ofSidecars));
  await Promise.all(
    sources.filter((source) => !isOfSidecar(source)).map((source) => follow(source, context)),
  );
  // The watcher stops the sidecars now.
  const isWatched = context.willRestart !== undefined;
  const patience = isWatched ? sidecarSeconds(pods) * 1000 : 0;
  await Promise.race([Promise.all(sidecars), context.tools.sleep(patience, context.stop)]);
  over.abort();
  await Promise.all(sidecars);
  return observedRolloutStatus(pods, await context.poll());
}

interface RolloutSource extends LogSource {
  readonly isSidecar: boolean;
}

/** The containers of a pod whose logs are followed. Init containers have printed theirs when they ran. */
export function logSourcesOf(pod: DesiredPod): readonly RolloutSource[] {
  return lastingContainers(pod).map((container) => ({
    pod: pod.name,
    container: container.name,
    name: containerName(pod, container),
    isSidecar: isSidecar(container),
  }));
}

/** The time in which the sidecars of a pod that is over are stopped: its grace period, and what the watcher needs. */
function sidecarSeconds(pods: readonly DesiredPod[]): number {
  const times = pods
    .flatMap(sidecarsOf)
    .map(({ terminationGracePeriodSeconds: seconds }) => seconds + STOP_SECONDS);
  return Math.max(0, ...times);
}

/** Until the end of a pod is seen, and from its grace period to the end of the last sidecar. */
const STOP_SECONDS = 10;

/** Follows the log of one container, and reports its ends. If another podpose replaces it, follows the new one. */
async function followContainer(
  source: LogSource,
  log: ContainerLog,
  start: LogStart,
  context: FollowContext,
): Promise<void> {
  const { onEnd, finish, stop } = context;
  const isOver = () => finish.aborted || stop.aborted;
  const report = (exitCode: number, isRestarted: boolean) => {
    const { pod, container } = source;
    if (!isOver()) onEnd({ pod, container, exitCode, isRestarted });
  };
  let wasRestarted = false;
  const onRestart = (exitCode: number) => {
    if (!wasRestarted) report(exitCode, true);
    wasRestarted = true;
  };
  let followed = log;
  let from = start;
  for (;;) {
    await followLog(source, followed, from, { ...context, onRestart });
    if (isOver()) return;
    const next = await afterEnd(source, followed.id, context);
    if (isOver()) return;
    if (next?.isRunning === false) report(next.exitCode, false);
    if (next === undefined || next.id === followed.id) return;
    followed = next;
    from = {};
  }
}

const REPLACEMENT_POLL_MILLISECONDS = 300;
/** How often to look for a container that follows one that was removed: its pod may be recreated. */
const REPLACEMENT_POLLS = 10;

/**
 * The container after its end, or the one by which another podpose has replaced it. Undefined if it was removed.
 */
async function afterEnd(
  { pod, container, name }: LogSource,
  id: string,
  { tools: { podman, sleep }, stop, finish }: FollowContext,
): Promise<ContainerLog | undefined> {
  const ask = async (one: string) => (await askContainerLogs(podman, [one]))?.[0];
  for (let polls = 0; polls < REPLACEMENT_POLLS;) {
    const end = await ask(id);
    const isBeingReplaced =
      end?.isRunning === false &&
      (await ask(replacementName({ name: pod }, { name: container }))) !== undefined;
    if (end !== undefined && !isBeingReplaced) return end;
    const next = end === undefined ? await ask(name) : undefined;
    if (next?.isRunning === true || stop.aborted || finish.aborted) return next;
    if (end === undefined) polls++;
    await sleep(REPLACEMENT_POLL_MILLISECONDS, stop);
  }
  return undefined;
}
