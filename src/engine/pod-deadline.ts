import type { RestartPolicy } from '../kube/spec/desired.ts';
import { restartsAfter } from '../kube/spec/restart-policy.ts';
import type { ObservedContainer, ObservedPod } from '../podman/inspect/observed.ts';
import { lastAppliedContainer, recordedDeadline } from '../podman/last-applied.ts';
import { ownRestartPolicy, type NamedContainer } from './container-facts.ts';

/** The containers of a pod, and its restart policy. */
interface Members {
  readonly own: readonly ObservedContainer[];
  readonly inits: readonly NamedContainer[];
  readonly apps: readonly NamedContainer[];
  readonly restartPolicy: RestartPolicy;
}

/**
 * Whether a pod that has ended was active at its deadline: it was stopped then, or a container was killed, as podman does
 * where there is no watcher. A pod that had succeeded or failed before keeps its phase: a kubelet no longer looks after it.
 */
export function hasExceededDeadline(
  { infra, infraStartedAt, infraExitedAt = 0 }: ObservedPod,
  members: Members,
): boolean {
  const { own } = members;
  const seconds = deadlineOf(own);
  if (seconds === undefined || infraStartedAt === 0 || own.some(isRunning)) return false;
  const deadline = infraStartedAt + seconds;
  const wasStopped = infra !== 'running' && infra !== 'paused' && infraExitedAt >= deadline;
  if (wasStopped) return !hasEndedBefore(deadline, members);
  return own.some((one) => hasFailed(one) && one.exitedAt >= deadline);
}

function hasEndedBefore(deadline: number, { inits, apps, restartPolicy }: Members): boolean {
  const hasEnded = (container: NamedContainer): boolean => {
    const { state, exitedAt = 0, exitCode = 0 } = container.observed ?? {};
    const policy = { restartPolicy, ...ownRestartPolicy(container) };
    return state === 'exited' && exitedAt < deadline && !restartsAfter(policy, exitCode);
  };
  const hasFailedInit = inits.some(
    (init) => init.isSidecar !== true && init.observed?.exitCode !== 0 && hasEnded(init),
  );
  return hasFailedInit || (apps.length > 0 && apps.every(hasEnded));
}

/** `activeDeadlineSeconds` of a pod, from the records of its containers. */
function deadlineOf(own: readonly ObservedContainer[]): number | undefined {
  const applied = own.flatMap(({ labels }) => lastAppliedContainer(labels) ?? []);
  return applied.map(recordedDeadline).find((seconds) => seconds !== undefined);
}

function isRunning({ state }: ObservedContainer): boolean {
  return state === 'running' || state === 'paused' || state === 'stopping';
}

function hasFailed({ state, exitCode }: ObservedContainer): boolean {
  return state === 'exited' && exitCode !== 0;
}
