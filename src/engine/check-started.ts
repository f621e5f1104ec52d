import type { Plan } from '../plan/plan.ts';
import { startedContainers } from '../plan/started-containers.ts';
import { inspectContainers } from '../podman/inspect/inspect-containers.ts';
import type { DesiredPod } from '../kube/spec/desired.ts';
import { containerName } from '../podman/names.ts';
import { findTroubles, type TroubledContainer } from './container-troubles.ts';
import type { ContainerWatch } from './container-watch.ts';
import type { Engine } from './engine.ts';

/** How long after the last start the containers are checked. */
export const CHECK_AFTER_MILLISECONDS = 300;

export interface StartCheck {
  readonly engine: Pick<Engine, 'platform' | 'podman'>;
  readonly pods: readonly DesiredPod[];
  readonly watch: Pick<ContainerWatch, 'poll' | 'error'>;
  readonly stop: AbortSignal;
}

/**
 * Checks, some time after the last start, that every container that a plan started is still running or has completed. A
 * container that was restarted since has crashed, even if it runs at the moment.
 */
export async function checkStarted(
  plan: Plan,
  { engine, pods, watch, stop }: StartCheck,
): Promise<readonly TroubledContainer[]> {
  const started = startedContainers(plan);
  if (started.size === 0) return [];
  await engine.platform.clock.sleep(CHECK_AFTER_MILLISECONDS, stop);
  const keys = new Map(
    pods.flatMap((pod) =>
      pod.containers.map((one) => [containerName(pod, one), `${pod.name}/${one.name}`] as const),
    ),
  );
  const listed = await watch.poll();
  const own = listed.filter(({ name }) => keys.has(name));
  if (watch.error() !== undefined) return [];
  const containers = await inspectContainers(engine.podman, own);
  return findTroubles(engine, pods, containers, (name) => started.has(keys.get(name) ?? ''));
}
