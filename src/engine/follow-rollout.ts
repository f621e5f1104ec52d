import type { DesiredPod } from '../kube/spec/desired.ts';
import { askContainerLogs } from '../podman/logs/container-log.ts';
import { containerName } from '../podman/names.ts';
import type { ObservedContainer } from '../podman/inspect/observed.ts';
import { observedRolloutStatus, type RolloutStatus } from './rollout-status.ts';
import { followLog, type LogContext } from './follow-logs.ts';

export interface FollowContext extends LogContext {
  /** Milliseconds since 1970. Earlier output of existing containers is not shown. */
  readonly begun: number;
  readonly poll: () => Promise<readonly ObservedContainer[]>;
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
      if (log !== undefined) await followLog(source, log, start, context);
    }),
  );
  return observedRolloutStatus(pods, await context.poll());
}
