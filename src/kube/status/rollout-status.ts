import type { DesiredContainer, DesiredPod } from '../spec/desired.ts';
import { restartsAfter } from '../spec/restart-policy.ts';

/** The rollout status of a set of pods, as in `kubectl rollout status`. */
export type RolloutStatus =
  /** Some containers have not started or not completed yet. */
  | { readonly kind: 'progressing'; readonly containers: number }
  /** All containers run or have completed. */
  | { readonly kind: 'complete'; readonly running: number }
  | { readonly kind: 'failed'; readonly containers: readonly FailedContainer[] };

export interface FailedContainer {
  readonly pod: string;
  readonly container: string;
  readonly exitCode: number;
}

/** The observed state of a container. */
export interface RunningState {
  /** The state as reported by the runtime: `running`, `exited`. */
  readonly state: string;
  readonly exitCode: number;
}

/**
 * Computes the rollout status. A container that has exited and will not be restarted has failed if its exit code is
 * not 0, or if its restart policy is Always.
 * @param find the observed state of a container; undefined if it does not exist
 */
export function rolloutStatusOf(
  pods: readonly DesiredPod[],
  find: (pod: DesiredPod, container: DesiredContainer) => RunningState | undefined,
): RolloutStatus {
  const failed: FailedContainer[] = [];
  let running = 0;
  let unfinished = 0;
  for (const pod of pods)
    for (const container of pod.containers) {
      const found = find(pod, container);
      if (found?.state === 'running') running++;
      const hasEnded = found !== undefined && ['exited', 'stopped'].includes(found.state);
      const isWanted = hasEnded && container.restartPolicy !== 'Always' && found.exitCode === 0;
      if (hasEnded && !isWanted)
        failed.push({ pod: pod.name, container: container.name, exitCode: found.exitCode });
      else if (!isWanted && (found?.state !== 'running' || container.restartPolicy !== 'Always'))
        unfinished++;
    }
  if (failed.length > 0) return { kind: 'failed', containers: failed };
  return unfinished > 0 ? { kind: 'progressing', containers: unfinished } : { kind: 'complete', running };
}

/**
 * Containers that have ended although their policy restarts them: somebody has stopped them, if there is a watcher, which
 * restarts all others. They have not failed.
 */
export function withoutStopped(
  pods: readonly DesiredPod[],
  status: RolloutStatus,
): { readonly status: RolloutStatus; readonly hasStopped: boolean } {
  if (status.kind !== 'failed') return { status, hasStopped: false };
  const containers = status.containers.filter((one) => !isRestartedByPolicy(pods, one));
  const hasStopped = containers.length < status.containers.length;
  if (containers.length > 0) return { status: { kind: 'failed', containers }, hasStopped };
  return { status: { kind: 'complete', running: 0 }, hasStopped };
}

function isRestartedByPolicy(
  pods: readonly DesiredPod[],
  { pod: podName, container: name, exitCode }: FailedContainer,
): boolean {
  const pod = pods.find((one) => one.name === podName);
  const container = pod?.containers.find((one) => one.name === name);
  return container !== undefined && restartsAfter(container, exitCode);
}
