import type { PodmanCapabilities } from '../inspect/version.ts';
import type { Command } from './argument.ts';

export interface ContainersStop {
  /** podman's names. */
  readonly containers: readonly string[];
  readonly graceSeconds: number;
  /** Other containers of the pod are made, started or stopped meanwhile, which this must not hold up. */
  readonly besideOthers: boolean;
}

export interface PodRemoval {
  /** How many containers are in it. */
  readonly containers: number;
  readonly pod: string;
  readonly graceSeconds: number;
  /** Something in it is paused, and goes on first: what is paused takes no signal. */
  readonly isPaused?: true;
}

/**
 * Stopping, in one place: one grace period for all that stops together, as on a cluster (pod-lifecycle, Termination of
 * Pods: the requests to stop are processed asynchronously).
 */
export function stopContainersCommand(
  { containers, graceSeconds, besideOthers }: ContainersStop,
  capabilities: PodmanCapabilities,
  podman: string,
): Command {
  const seconds = graceSeconds.toString();
  const inTurn = capabilities.stopLocksPod && graceSeconds > 0 && (besideOthers || containers.length > 1);
  return inTurn
    ? { program: 'sh', args: ['-c', SIGNAL_AND_WAIT, podman, seconds, ...containers] }
    : { program: 'podman', args: [...atOnce(containers.length), 'stop', '--time', seconds, ...containers] };
}

/** podman stops three times as many containers at once as there are processors, and one more. */
const LEAST_WORKERS = 4;

/** Has podman stop so many containers at once. Those that have to wait for a worker get a grace period of their own. */
function atOnce(containers: number): readonly string[] {
  return containers > LEAST_WORKERS ? ['--max-workers', containers.toString()] : [];
}

/**
 * `$0` is podman, `$1` the grace period in seconds; then come the containers. `podman kill` and `podman wait` do not ask
 * for the lock of the pod, which `podman stop` holds for as long as it waits: it is left with what has not ended by then.
 * From podman 5.4 on, one that was sent a signal by podman is not started again by its restart policy.
 */
const SIGNAL_AND_WAIT = [
  'seconds=$1; shift',
  '"$0" inspect --type container --format "{{.Config.StopSignal}} {{.Name}}" "$@" |',
  // One that has ended already cannot be sent a signal, and need not be.
  '{ while read -r signal name; do "$0" kill --signal "$signal" "$name" >/dev/null 2>&1 & done; wait; }',
  'timeout "$seconds" "$0" wait --interval 50ms "$@" >/dev/null 2>&1 || "$0" stop --time 0 "$@"',
]
  .join('; ')
  .replace('|; ', '| ');

/** Stops the containers of a pod, all within one grace period. */
export function stopPodArguments({
  pod,
  graceSeconds,
}: Pick<PodRemoval, 'pod' | 'graceSeconds'>): readonly string[] {
  return ['pod', 'stop', '--time', graceSeconds.toString(), pod];
}

/**
 * `podman pod stop` stops all containers at once in every podman. Up to podman 5.4 `pod rm --force` stops one after the
 * other, each with a grace period of its own, and in 4.3.1 it forgets a container that is being stopped and leaves its
 * process running.
 */
export function removePodCommand(
  { pod, graceSeconds, isPaused, containers }: PodRemoval,
  capabilities: PodmanCapabilities,
  podman: string,
): Command {
  const seconds = graceSeconds.toString();
  // The infra container is one of them.
  const workers = atOnce(containers + 1);
  const script = `${isPaused === true ? RESUME : ''}${stopAndRemove(workers)}`;
  return capabilities.stopLocksPod
    ? { program: 'podman', args: [...workers, 'pod', 'rm', '--force', '--time', seconds, pod] }
    : { program: 'sh', args: ['-c', script, podman, seconds, pod] };
}

/** podman 5.4 waits ten seconds more for what is paused. */
const RESUME = '"$0" pod unpause "$2" >/dev/null; ';

function stopAndRemove(workers: readonly string[]): string {
  const podman = ['"$0"', ...workers].join(' ');
  return `${podman} pod stop --time "$1" "$2" >/dev/null && exec "$0" pod rm --force --time 0 "$2"`;
}
