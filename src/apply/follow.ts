import type { DesiredPod } from '../pod/desired.ts';
import { containerName } from '../podman/names.ts';
import type { ObservedContainer } from '../podman/observed.ts';
import type { ProcessRunner, RunningProcess } from '../podman/process.ts';
import { progressOf, type Progress } from './await-end.ts';
import type { Clock } from './execute.ts';
import { readLogs, type LogSource, type OnLogLine } from './follow-logs.ts';

export interface FollowContext {
  readonly run: ProcessRunner;
  readonly podman: string;
  readonly clock: Clock;
  /** Milliseconds since 1970. */
  readonly today: () => number;
  readonly look: () => Promise<readonly ObservedContainer[]>;
  readonly onLine: OnLogLine;
  readonly stop: AbortSignal;
}

/** How long a container that has ended may take to be running again before it counts as ended. */
const RESTART_MILLISECONDS = 300;

/**
 * Shows the output of the containers of some pods until all of them have ended for good, or until it is
 * told to stop. Gives how far they have come.
 * @param fresh podman's names of the containers that were started just now: all that they print is shown,
 *   of the others only what is new
 */
export async function follow(
  pods: readonly DesiredPod[],
  fresh: ReadonlySet<string>,
  context: FollowContext,
): Promise<Progress> {
  const sources = pods.flatMap((pod) =>
    pod.containers.map((container): LogSource => ({
      pod: pod.name,
      container: container.name,
      name: containerName(pod, container),
    })),
  );
  const running = new Set<RunningProcess>();
  const followOne = async (source: LogSource): Promise<void> => {
    let since = fresh.has(source.name) ? undefined : timestamp(context.today());
    for (;;) {
      const logs = readLogs(
        context.run,
        context.podman,
        source,
        { follow: true, timestamps: false, ...(since === undefined ? {} : { since }) },
        context.onLine,
      );
      running.add(logs);
      await logs.end;
      running.delete(logs);
      since = timestamp(context.today());
      if (context.stop.aborted) return;
      // podman's log ends with the container, also where its restart policy starts it again.
      await context.clock.sleep(RESTART_MILLISECONDS, context.stop);
      const found = (await context.look()).find(({ name }) => name === source.name);
      if (found?.state !== 'running') return;
    }
  };
  const endAll = () => {
    for (const logs of running) logs.kill('SIGTERM');
  };
  context.stop.addEventListener('abort', endAll, { once: true });
  await Promise.all(sources.map(followOne));
  context.stop.removeEventListener('abort', endAll);
  return progressOf(pods, await context.look());
}

function timestamp(milliseconds: number): string {
  return new Date(milliseconds).toISOString();
}
