import type { Stopped } from '../podman/operations/definition.ts';
import type { PodmanClient } from '../podman/client/client.ts';
import type { Clock } from '../platform/clock.ts';
import type { RunningProcess } from '../platform/process.ts';

/** How long podman is given to see that what it stops was killed. */
const SEEN_MILLISECONDS = 5000;

/**
 * Kills the containers that a podman command waits for, and not that podman: it ends by itself once they have ended,
 * and puts down that they have. A podman that is killed leaves them running, as "stopping".
 * @param over is given when the command has ended
 */
export async function killStoppingContainers(
  stopped: Stopped,
  child: Pick<RunningProcess, 'kill'>,
  over: AbortSignal,
  context: { readonly podman: PodmanClient; readonly clock: Clock },
): Promise<void> {
  const { podman, clock } = context;
  const containers = 'pod' in stopped ? await containersOf(stopped.pod, context) : stopped.containers;
  if (containers.length > 0) await podman.query({ args: ['kill', ...containers] });
  await clock.sleep(SEEN_MILLISECONDS, over);
  if (!over.aborted) child.kill('SIGKILL');
}

/** `podman pod kill` would wait for the command that stops the pod, which holds the pod's lock. */
async function containersOf(
  pod: string,
  { podman }: { readonly podman: PodmanClient },
): Promise<readonly string[]> {
  const found = await podman.query({
    args: ['ps', '--all', '--filter', `pod=${pod}`, '--format', '{{.Names}} {{.State}}'],
  });
  return found.stdout.split('\n').flatMap((line) => (IS_UP.test(line) ? [line.split(' ', 1)[0] ?? ''] : []));
}

/** podman 4.3 says `Up 3 seconds` for `running`, and has no filter for `stopping`. */
const IS_UP = / (?:up|running|stopping|paused)\b/i;
