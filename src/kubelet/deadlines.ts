import type { DesiredPod } from '../kube/spec/desired.ts';
import { containerName } from '../podman/names.ts';
import type { ContainersAndPods } from '../podman/inspect/decode.ts';
import type { ObservedContainer } from '../podman/inspect/observed.ts';
import type { Clock } from '../platform/clock.ts';

export interface DeadlineClock {
  readonly clock: Clock;
  /** Milliseconds since 1970. */
  readonly today: () => number;
  /** Aborted when the deadlines no longer matter. */
  readonly over: AbortSignal;
}

export interface DeadlineContext extends DeadlineClock {
  readonly observe: () => Promise<ContainersAndPods>;
  readonly stopPod: (pod: DesiredPod) => Promise<void>;
}

/** Limit of JavaScript timers, in milliseconds: 24 days. */
const MAX_SLEEP_MILLISECONDS = 2 ** 31 - 1;

/**
 * Waits for the deadline of a pod, and returns it in milliseconds since 1970; undefined if it no longer matters.
 * @param seconds activeDeadlineSeconds
 * @param startedAt the start of the pod in milliseconds since 1970; undefined while it has none. A pod that was started again
 *   has another one, and a pod that has not started starts now.
 */
export async function untilDeadline(
  seconds: number,
  startedAt: () => Promise<number | undefined>,
  { clock, today, over }: DeadlineClock,
): Promise<number | undefined> {
  while (!over.aborted) {
    const deadline = ((await startedAt()) ?? today()) + seconds * 1000;
    const left = deadline - today();
    if (left <= 0 && !hasEnded(over)) return deadline;
    await clock.sleep(Math.min(left, MAX_SLEEP_MILLISECONDS), over);
  }
  return undefined;
}

/** A function, because the compiler assumes that `signal.aborted` does not change during `await`. */
function hasEnded(signal: AbortSignal): boolean {
  return signal.aborted;
}

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
      pod.activeDeadlineSeconds === undefined ? [] : [keepDeadline(pod, pod.activeDeadlineSeconds, context)],
    ),
  );
  return kept.flat();
}

async function keepDeadline(
  pod: DesiredPod,
  seconds: number,
  context: DeadlineContext,
): Promise<readonly DesiredPod[]> {
  const { observe, stopPod } = context;
  const end = await untilDeadline(seconds, async () => startOf(pod, await observe()), context);
  if (end === undefined) return [];
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
