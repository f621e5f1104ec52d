import type { Stopped } from '../podman/operations/definition.ts';
import type { PodmanClient } from '../podman/client/client.ts';
import type { Clock } from '../platform/clock.ts';
import type { RunningProcess } from '../platform/process.ts';

/** Time for a `podman stop` to end after its containers were killed. Then it is killed, too. */
const EXIT_TIMEOUT_MILLISECONDS = 5000;

/**
 * Kills the containers that a podman command is stopping. The command itself is not killed: it ends once the containers
 * have, and records their end. Killing it would leave them running, in state "stopping". All by command, as podman's
 * service may be what hangs.
 * @param ended aborted when the command has ended
 */
export async function killStoppingContainers(
  stopped: Stopped,
  child: Pick<RunningProcess, 'kill'>,
  ended: AbortSignal,
  context: { readonly podman: PodmanClient; readonly clock: Clock },
): Promise<void> {
  const { podman, clock } = context;
  const containers = 'pod' in stopped ? await containersOf(stopped.pod, context) : stopped.containers;
  if (containers.length > 0) await podman.query({ args: ['kill', ...containers] });
  await clock.sleep(EXIT_TIMEOUT_MILLISECONDS, ended);
  if (!ended.aborted) child.kill('SIGKILL');
}

/** Not `podman pod kill`: the command that stops the pod holds the lock of the pod. */
async function containersOf(
  pod: string,
  { podman }: { readonly podman: PodmanClient },
): Promise<readonly string[]> {
  const found = await podman.query({
    args: ['ps', '--all', '--filter', `pod=${pod}`, '--format', '{{.Names}} {{.State}}'],
  });
  return found.stdout.split('\n').flatMap((line) => (IS_UP.test(line) ? [line.split(' ', 1)[0] ?? ''] : []));
}

/** podman 4.3 prints `Up 3 seconds` for `running`, and cannot filter by `stopping`. */
const IS_UP = / (?:up|running|stopping|paused)\b/i;
