import type { ContainerLifecycle } from '../kube/spec/probe.ts';
import { isSidecar, ruleFor, type RestartPolicy } from '../kube/spec/restart-policy.ts';

/**
 * The back-off of one container, init containers included. All times are milliseconds of one clock. It can be rebuilt
 * from the ends and starts of the container: `restarted` for each in turn.
 */
export interface BackOff {
  /** The time to wait after the next end, in seconds. */
  readonly seconds: number;
  /** When the container was last restarted. */
  readonly restartedAt: number;
}

/** How a container ended. A failed start is an end, too, with exit code 128. */
export interface ContainerEnd {
  readonly exitCode: number;
  readonly finishedAt: number;
  /** Set if a failed startup or liveness probe has killed it: the restart rules are not considered. */
  readonly killedByProbe?: {
    /** The end of the run before, if there was one. */
    readonly previousFinishedAt?: number;
  };
}

/** What to do with a container that has ended. */
export type RestartDecision =
  /** It stays as it has ended. */
  | { readonly kind: 'none' }
  | {
      readonly kind: 'restart';
      /** The time of the restart; not after `finishedAt` for a restart at once. */
      readonly at: number;
      /** The length of the back-off in seconds; 0 for a restart at once. */
      readonly waitSeconds: number;
    }
  /** All containers of the pod stop, and start again from the first init container, without a back-off. */
  | { readonly kind: 'restart-all' };

/** What decides on the restarts of a container. */
export interface RestartSubject extends Pick<ContainerLifecycle, 'ownRestartPolicy' | 'restartPolicyRules'> {
  readonly role: 'init' | 'container';
  readonly restartPolicy: RestartPolicy;
}

const FIRST_SECONDS = 10;
/** MaxContainerBackOff in pkg/kubelet/apis/config. */
const LONGEST_SECONDS = 300;
/** A container that has run longer starts with a new back-off (hasExpired in client-go/util/flowcontrol/backoff.go). */
const STABLE_SECONDS = 2 * LONGEST_SECONDS;

/**
 * Decides on a container that has ended (ContainerShouldRestart in pkg/api/v1/pod/util.go, doBackOff in
 * kuberuntime_manager.go). A container that a probe has killed restarts at once if the end of the run before is longer
 * ago than the back-off: the kubelet decides before it kills, when only that end is known.
 */
export function restartAfter(
  container: RestartSubject,
  podPolicy: RestartPolicy,
  end: ContainerEnd,
  backOff: BackOff | undefined,
): RestartDecision {
  const { exitCode, killedByProbe } = end;
  const rule =
    killedByProbe === undefined ? ruleFor(container.restartPolicyRules ?? [], exitCode) : undefined;
  if (rule?.action === 'RestartAllContainers') return { kind: 'restart-all' };
  if (!isRestarted(container, podPolicy, end, rule !== undefined)) return { kind: 'none' };
  const waitSeconds = backOffSeconds(end, backOff);
  return { kind: 'restart', at: end.finishedAt + waitSeconds * 1000, waitSeconds };
}

/** The back-off after a restart that followed an end. */
export function restarted(
  backOff: BackOff | undefined,
  end: ContainerEnd,
  restartedAt: number,
): BackOff | undefined {
  const hasWaited = backOffSeconds(end, backOff) > 0;
  const since = hasWaited ? end.finishedAt : decisiveEnd(end);
  if (since === undefined) return backOff;
  const before = unexpired(backOff, since);
  const seconds = before === undefined ? FIRST_SECONDS : Math.min(2 * before.seconds, LONGEST_SECONDS);
  return { seconds, restartedAt };
}

/** How long a container that is restarted waits after an end, in seconds. */
export function backOffSeconds(end: ContainerEnd, backOff: BackOff | undefined): number {
  const { finishedAt, killedByProbe } = end;
  const since = decisiveEnd(end);
  if (since === undefined) return 0;
  const seconds = unexpired(backOff, since)?.seconds ?? 0;
  return killedByProbe !== undefined && finishedAt - since >= seconds * 1000 ? 0 : seconds;
}

/** The message of a container with the reason CrashLoopBackOff, as in `kubectl get pod -o yaml`. */
export function backOffMessage(seconds: number, container: string, pod: string): string {
  return `back-off ${durationText(seconds)} restarting failed container=${container} pod=${pod}`;
}

/** `1m20s`, as Go prints a duration. */
function durationText(seconds: number): string {
  const minutes = Math.floor(seconds / 60);
  return `${minutes === 0 ? '' : `${minutes}m`}${seconds % 60}s`;
}

/** The end that decides whether to wait. */
function decisiveEnd({ finishedAt, killedByProbe }: ContainerEnd): number | undefined {
  return killedByProbe === undefined ? finishedAt : killedByProbe.previousFinishedAt;
}

function unexpired(backOff: BackOff | undefined, finishedAt: number): BackOff | undefined {
  const ranFor = finishedAt - (backOff?.restartedAt ?? 0);
  return ranFor > STABLE_SECONDS * 1000 ? undefined : backOff;
}

function isRestarted(
  container: RestartSubject,
  podPolicy: RestartPolicy,
  { exitCode, killedByProbe }: ContainerEnd,
  isByRule: boolean,
): boolean {
  // A container that a probe has killed may end with 0, and is restarted nevertheless (computePodActions).
  const hasFailed = exitCode !== 0 || killedByProbe !== undefined;
  // The next init container follows one that has succeeded, whatever its rules say (computeInitContainerActions).
  if (container.role === 'init' && !isSidecar(container) && !hasFailed) return false;
  const policy = policyOf(container, podPolicy);
  return isByRule || policy === 'Always' || (policy === 'OnFailure' && hasFailed);
}

/** Of an init container that is no sidecar, `restartPolicy` is podman's. */
function policyOf(container: RestartSubject, podPolicy: RestartPolicy): RestartPolicy {
  if (container.role === 'container' || isSidecar(container)) return container.restartPolicy;
  return container.ownRestartPolicy ?? podPolicy;
}
