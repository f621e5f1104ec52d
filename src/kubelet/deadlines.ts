import type { DesiredPod } from '../kube/spec/desired.ts';
import { containerName } from '../podman/names.ts';
import type { ContainersAndPods } from '../podman/inspect/decode.ts';
import type { ObservedContainer } from '../podman/inspect/observed.ts';
import type { Clock } from '../platform/clock.ts';

export interface DeadlineContext {
  readonly clock: Clock;
  /** Milliseconds since 1970. */
  readonly today: () => number;
  readonly observe: () => Promise<ContainersAndPods>;
  readonly stopPod: (pod: DesiredPod) => Promise<void>;
  /** Aborted when the deadlines no longer matter. */
  readonly over: AbortSignal;
}

/** Limit of JavaScript timers, in milliseconds: 24 days. */
export const MAX_SLEEP_MILLISECONDS = 2 ** 31 - 1;

/**
 * Stops each pod at its activeDeadlineSeconds, counted from its start. Resolves when all deadlines
 * have passed, with the pods that were stopped.
 */
export async function keepDeadlines(
  pods: readonly DesiredPod[],
  context: DeadlineContext,
): Promise<readonly DesiredPod[]> {
  const kept = await Promise.all(
    pods.flatMap((pod) =>
      pod.activeDeadlineSeconds === undefined
        ? []
        : [keepDeadline(pod, pod.activeDeadlineSeconds * 1000, context)],
    ),
  );
  return kept.flat();
}

async function keepDeadline(
  pod: DesiredPod,
  milliseconds: number,
  { clock, today, observe, stopPod, over }: DeadlineContext,
): Promise<readonly DesiredPod[]> {
  const begun = startOf(pod, await observe()) ?? today();
  const end = begun + milliseconds;
  while (!over.aborted && today() < end)
    await clock.sleep(Math.min(end - today(), MAX_SLEEP_MILLISECONDS), over);
  if (over.aborted) return [];
  const { pods, containers } = await observe();
  const isUp = ownContainers(pod, containers).some(({ state }) => state === 'running');
  if (isUp) await stopPod(pod);
  // A watcher may have stopped it at the same moment.
  const wasStopped = pods.some(
    ({ name, infra, infraExitedAt = 0 }) =>
      name === pod.name && infra !== 'running' && infraExitedAt * 1000 >= end,
  );
  return isUp || wasStopped ? [pod] : [];
}

/** In milliseconds since 1970: the start of the infra container, as podman's watcher has it, or that of the first container. */
function startOf(pod: DesiredPod, { pods, containers }: ContainersAndPods): number | undefined {
  const { infraStartedAt = 0 } = pods.find(({ name }) => name === pod.name) ?? {};
  if (infraStartedAt > 0) return infraStartedAt * 1000;
  const started = ownContainers(pod, containers)
    .map(({ startedAt }) => startedAt * 1000)
    .filter((time) => time > 0);
  return started.length === 0 ? undefined : Math.min(...started);
}

function ownContainers(
  pod: DesiredPod,
  containers: readonly ObservedContainer[],
): readonly ObservedContainer[] {
  const names = new Set(
    [...pod.initContainers, ...pod.containers].map((container) => containerName(pod, container)),
  );
  return containers.filter(({ name }) => names.has(name));
}
