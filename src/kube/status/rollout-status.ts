import type { DesiredContainer, DesiredPod } from '../spec/desired.ts';

/** Rollout status of pods, as `kubectl rollout status` reports it. */
export type RolloutStatus =
  /** Some containers are not running yet, or have not completed yet. */
  | { readonly kind: 'progressing'; readonly containers: number }
  /** All containers are running or have completed. */
  | { readonly kind: 'complete'; readonly running: number }
  | { readonly kind: 'failed'; readonly containers: readonly FailedContainer[] };

export interface FailedContainer {
  readonly pod: string;
  readonly container: string;
  readonly exitCode: number;
}

/** What is known of one container. */
export interface RunningState {
  /** The runtime's word: `running`, `exited`. */
  readonly state: string;
  readonly exitCode: number;
}

/**
 * Whether pods are where their manifests want them. A container that ended and is not started again has
 * failed when its exit code is not 0, and under the policy Always it should not have ended at all.
 * @param find what is known of a container; undefined where it is not there
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
