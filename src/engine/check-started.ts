import type { Plan } from '../plan/plan.ts';
import { startedContainers } from '../plan/started-containers.ts';
import { inspectContainers } from '../podman/inspect/inspect-containers.ts';
import type { ObservedContainer } from '../podman/inspect/observed.ts';
import { lastingContainers } from '../kube/spec/restart-policy.ts';
import { containerName } from '../podman/names.ts';
import { addWatchedFacts } from './watch-facts.ts';
import { findTroubles, type CheckedPod, type TroubledContainer } from './container-troubles.ts';
import type { ContainerWatch } from './container-watch.ts';
import type { Engine } from './engine.ts';

/** How long after the last start the containers are checked. */
const CHECK_AFTER_MILLISECONDS = 300;

export interface StartCheck {
  readonly engine: Pick<Engine, 'platform' | 'podman'>;
  readonly pods: readonly CheckedPod[];
  readonly watch: Pick<ContainerWatch, 'poll' | 'error'>;
  readonly stop: AbortSignal;
}

/**
 * Milliseconds that a container has in addition if its process has not come to rest: on a busy machine it may have had no
 * processor at all since its start.
 */
const LONGEST_SETTLING = 1000;
const SETTLING_POLL = 100;

/**
 * Milliseconds in which podman notices that a process has ended. Those of a podman on another machine do not exist
 * here at all.
 */
const LONGEST_NOTICE = 200;

/**
 * Milliseconds for which a container is observed until it counts as settled: none if its process is at rest, as a server
 * that waits for requests is (proc_pid_stat(5)). A process that computes or reads from a disk may still be starting.
 */
async function settlingTime(
  { platform }: StartCheck['engine'],
  { state, pid }: Pick<ObservedContainer, 'state' | 'pid'>,
): Promise<number> {
  if (state !== 'running' || pid === undefined) return 0;
  try {
    const stat = Buffer.from(await platform.files.read(`/proc/${pid}/stat`, 1024)).toString();
    return /^ [SIT]/.test(stat.slice(stat.lastIndexOf(')') + 1)) ? 0 : LONGEST_SETTLING;
  } catch {
    return LONGEST_NOTICE;
  }
}

/**
 * Checks, some time after the last start, that every container that a plan started is still running or has completed. A
 * container that was restarted since has crashed, even if it runs at the moment. The
 * containers that the plan found to be in trouble are checked, too.
 */
export async function checkStarted(
  plan: Plan,
  { engine, pods, watch, stop }: StartCheck,
): Promise<readonly TroubledContainer[]> {
  const hasStarted = startedContainers(plan).size > 0;
  if (!hasStarted && !plan.changes.some(({ action }) => action === 'check')) return [];
  const { own, isFresh } = await settled(plan, { engine, pods, watch, stop });
  if (watch.error() !== undefined) return [];
  const { containers } = await addWatchedFacts(engine, await inspectContainers(engine.podman, own));
  return findTroubles(engine, pods, containers, isFresh);
}

interface Settled {
  /** The containers that last, of the pods. */
  readonly own: readonly ObservedContainer[];
  /** Whether the plan has started a container, by podman's name. */
  readonly isFresh: (name: string) => boolean;
}

/** Resolves some time after the last start of a plan: a container that fails at once has failed then. */
export async function settled(plan: Plan, { engine, pods, watch, stop }: StartCheck): Promise<Settled> {
  const { clock } = engine.platform;
  const started = startedContainers(plan);
  if (started.size > 0) await clock.sleep(CHECK_AFTER_MILLISECONDS, stop);
  const keys = new Map(
    pods.flatMap((pod) =>
      lastingContainers(pod).map((one) => [containerName(pod, one), `${pod.name}/${one.name}`] as const),
    ),
  );
  const listOwn = async () => (await watch.poll()).filter(({ name }) => keys.has(name));
  const isFresh = (name: string) => started.has(keys.get(name) ?? '');
  let own = await listOwn();
  for (let waited = 0; !stop.aborted; waited += SETTLING_POLL) {
    const fresh = own.filter(({ name }) => isFresh(name));
    const times = await Promise.all(fresh.map((container) => settlingTime(engine, container)));
    if (times.every((time) => waited >= time)) break;
    await clock.sleep(SETTLING_POLL, stop);
    own = await listOwn();
  }
  return { own, isFresh };
}
