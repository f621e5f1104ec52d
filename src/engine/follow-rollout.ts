import type { DesiredPod } from '../kube/spec/desired.ts';
import { askContainerLogs, type ContainerLog } from '../podman/logs/container-log.ts';
import type { LogStart } from '../podman/logs/record.ts';
import { containerName } from '../podman/names.ts';
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
  const sources = pods.flatMap((pod) =>
    pod.containers.map((container) => ({
      pod: pod.name,
      container: container.name,
      name: containerName(pod, container),
    })),
  );
  const names = sources.map(({ name }) => name);
  const logs = (await askContainerLogs(podman, names)) ?? [];
  await Promise.all(
    sources.map(async (source) => {
      const log = logs.find(({ name }) => name === source.name);
      const start = fresh.has(source.name) ? {} : { since: BigInt(context.begun) * 1_000_000n };
      if (log !== undefined) await followContainer(source, log, start, context);
    }),
  );
  return observedRolloutStatus(pods, await context.poll());
}

/** Follows the log of one container, and reports its ends. */
async function followContainer(
  source: LogSource,
  log: ContainerLog,
  start: LogStart,
  context: FollowContext,
): Promise<void> {
  const { onEnd, finish, stop, tools } = context;
  const report = (exitCode: number, isRestarted: boolean) => {
    const { pod, container } = source;
    if (!finish.aborted && !stop.aborted) onEnd({ pod, container, exitCode, isRestarted });
  };
  let wasRestarted = false;
  const onRestart = (exitCode: number) => {
    if (!wasRestarted) report(exitCode, true);
    wasRestarted = true;
  };
  await followLog(source, log, start, { ...context, onRestart });
  if (finish.aborted || stop.aborted) return;
  const [end] = (await askContainerLogs(tools.podman, [log.id])) ?? [];
  if (end?.isRunning === false) report(end.exitCode, false);
}
