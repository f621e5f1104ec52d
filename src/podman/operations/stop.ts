import type { PodmanCapabilities } from '../inspect/version.ts';
import { podmanCommand, type RunnableCommand } from '../client/client.ts';
import { askStopSignal } from '../client/queries.ts';
import { podmanWith, type Command } from './argument.ts';
import { killChange, stopChange, waitChange } from './requests/container.ts';
import { removePodChange, stopPodChange, unpausePodChange } from './requests/pod.ts';
import { withRequests } from './requests/requests.ts';

export interface ContainersStop {
  /** podman's names. */
  readonly containers: readonly string[];
  readonly graceSeconds: number;
  /** Whether other containers of the pod are created, started or stopped at the same time, and must not be blocked. */
  readonly besideOthers: boolean;
}

export interface PodStop {
  /** The number of containers in the pod. */
  readonly containers: number;
  readonly pod: string;
  readonly graceSeconds: number;
  /** Whether a container of the pod is paused. It is unpaused first, as a paused container handles no signal. */
  readonly isPaused?: true;
}

export interface PodRemoval extends PodStop {
  /**
   * Whether something else than podpose created the pod. A pod of `podman kube play` stops with its last container; while
   * podman's service stops such a pod itself, it can block forever, with the lock of the pod (5.4.2).
   */
  readonly isAdopted?: true;
}

/**
 * The commands that stop containers. All containers that stop together share one grace period, as on a cluster
 * (pod-lifecycle, Termination of Pods: the requests to stop are processed asynchronously).
 */
export function stopContainersCommand(
  { containers, graceSeconds, besideOthers }: ContainersStop,
  capabilities: PodmanCapabilities,
  podman: string,
): Command {
  const seconds = graceSeconds.toString();
  const inTurn = capabilities.stopLocksPod && graceSeconds > 0 && (besideOthers || containers.length > 1);
  if (!inTurn)
    return withRequests(
      podmanWith([...atOnce(containers.length), 'stop', '--time', seconds, ...containers]),
      capabilities,
      () => [containers.map((name) => stopChange(name, graceSeconds))],
    );
  const signals = containers.map((name) => ({ before: '', ask: askStopSignal(name), after: '' }));
  return withRequests(
    { program: 'sh', args: ['-c', SIGNAL_AND_WAIT, podman, seconds, ...containers] },
    capabilities,
    (valueOf) => [
      containers.map((name, index) => killChange(name, valueOf(signals[index] ?? ''))),
      containers.map((name) => waitChange(name, graceSeconds, podman)),
      containers.map((name) => stopChange(name, 0)),
    ],
    signals,
  );
}

/** By default, podman stops three containers per CPU, plus one, at the same time. */
const LEAST_WORKERS = 4;

/** Sets the number of parallel stops. A container that waits for a worker would get its own grace period afterwards. */
function atOnce(containers: number): readonly string[] {
  return containers > LEAST_WORKERS ? ['--max-workers', containers.toString()] : [];
}

/**
 * `$0` is podman, `$1` the grace period in seconds; the other arguments are containers. `podman kill` and `podman wait`
 * do not take the lock of the pod; `podman stop` holds it while it waits, so that it only stops what has not exited by
 * then. From podman 5.4 on, the restart policy does not apply after a signal by podman.
 */
export const SIGNAL_AND_WAIT = [
  'seconds=$1; shift',
  '"$0" inspect --type container --format "{{.Config.StopSignal}} {{.Name}}" "$@" |',
  // A container that has exited cannot receive a signal, and does not need it.
  '{ while read -r signal name; do "$0" kill --signal "$signal" "$name" >/dev/null 2>&1 & done; wait; }',
  'timeout "$seconds" "$0" wait --interval 50ms "$@" >/dev/null 2>&1 || "$0" stop --time 0 "$@"',
]
  .join('; ')
  .replace('|; ', '| ');

/**
 * `$0` is podman, `$1` the grace period in seconds, `$2` a container. After a signal by podman, its restart policy would
 * not apply, and the watcher would leave it stopped. The first process of a container ignores signals that it does not
 * handle.
 */
export const END_FROM_OUTSIDE = [
  'set -- "$1" "$2" $("$0" inspect --type container --format "{{.State.Pid}} {{.Config.StopSignal}}" "$2")',
  '[ "${3:-0}" -gt 0 ] || exit 0',
  '"$0" unshare sh -c \'kill -s "$1" "$2"\' sh "${4#SIG}" "$3" 2>/dev/null ||',
  // It has just ended, or podman is on another machine.
  '{ "$0" stop --time "$1" "$2" >/dev/null; exit; }',
  'timeout "$1" "$0" wait --interval 50ms "$2" >/dev/null 2>&1 && exit 0',
  '"$0" unshare sh -c \'kill -s KILL "$1" 2>/dev/null\' sh "$3"',
  'timeout 5 "$0" wait --interval 50ms "$2" >/dev/null',
]
  .join('; ')
  .replace('||; ', '|| ');

/** Stops one container within its grace period. */
export function stopContainerCommand(
  name: string,
  graceSeconds: number,
  { requests }: Pick<PodmanCapabilities, 'requests'>,
): RunnableCommand {
  const change = stopChange(name, graceSeconds);
  return requests ? { ...change.command, stages: [[change]] } : change.command;
}

function stopPodArguments({ pod, graceSeconds }: Pick<PodStop, 'pod' | 'graceSeconds'>): readonly string[] {
  return ['pod', 'stop', '--time', graceSeconds.toString(), pod];
}

/** Stops the containers of a pod within one grace period. */
export function stopPodCommand(
  { pod, graceSeconds }: Pick<PodRemoval, 'pod' | 'graceSeconds'>,
  { requests }: Pick<PodmanCapabilities, 'requests'>,
): RunnableCommand {
  const command = podmanCommand(...stopPodArguments({ pod, graceSeconds }));
  const isRequested = requests && graceSeconds > 0;
  return isRequested ? { ...command, stages: [[stopPodChange(pod, graceSeconds)]] } : command;
}

/** The step that stops a pod and keeps it with its containers, also a paused pod. */
export function stopPodStepCommand(stop: PodStop, capabilities: PodmanCapabilities, podman: string): Command {
  const { pod, graceSeconds, isPaused, containers } = stop;
  const seconds = graceSeconds.toString();
  // Including the infra container.
  const workers = atOnce(containers + 1);
  if (isPaused === true)
    return {
      program: 'sh',
      args: [
        '-c',
        `${RESUME}exec ${['"$0"', ...workers].join(' ')} pod stop --time "$1" "$2"`,
        podman,
        seconds,
        pod,
      ],
    };
  const command = podmanWith([...workers, ...stopPodArguments({ pod, graceSeconds })]);
  return graceSeconds === 0
    ? command
    : withRequests(command, capabilities, () => [[stopPodChange(pod, graceSeconds)]]);
}

/**
 * `podman pod stop` stops all containers in parallel in every version. Before podman 5.5, `pod rm --force` stops them
 * one by one, each with its own grace period; in 4.3.1, it forgets a container that is being stopped and leaves its
 * process running.
 */
export function removePodCommand(
  removal: PodRemoval,
  capabilities: PodmanCapabilities,
  podman: string,
): Command {
  const { pod, graceSeconds, isPaused, isAdopted, containers } = removal;
  const seconds = graceSeconds.toString();
  // Including the infra container.
  const workers = atOnce(containers + 1);
  const script = `${isPaused === true ? RESUME : ''}${isAdopted === true ? LIMITED_STOP : stopAndRemove(workers)}`;
  const byRequest = { ...capabilities, requests: capabilities.requests && isAdopted !== true };
  if (capabilities.stopLocksPod)
    return withRequests(
      podmanWith([...workers, 'pod', 'rm', '--force', '--time', seconds, pod]),
      byRequest,
      () => [[removePodChange(pod, graceSeconds)]],
    );
  return withRequests({ program: 'sh', args: ['-c', script, podman, seconds, pod] }, byRequest, () => [
    ...(isPaused === true ? [[unpausePodChange(pod)]] : []),
    // Without a grace period, the removal alone kills the containers at once.
    ...(graceSeconds === 0 ? [] : [[stopPodChange(pod, graceSeconds)]]),
    [removePodChange(pod, 0)],
  ]);
}

/** podman 5.4 waits ten seconds longer for a paused container. */
const RESUME = '"$0" pod unpause "$2" >/dev/null; ';

/** If podman blocks itself, it is ended 15 s after the grace period. The kernel then releases its locks. */
const LIMITED_STOP =
  'timeout -k 5 "$(($1 + 15))" "$0" pod stop --time "$1" "$2" >/dev/null; exec "$0" pod rm --force --time 0 "$2"';

function stopAndRemove(workers: readonly string[]): string {
  const podman = ['"$0"', ...workers].join(' ');
  return `${podman} pod stop --time "$1" "$2" >/dev/null && exec "$0" pod rm --force --time 0 "$2"`;
}
