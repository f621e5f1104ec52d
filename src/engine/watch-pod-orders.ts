import { DEADLINE_EXCEEDED } from '../kube/status/pod-status.ts';
import type { Member, RecordOrder, WatchedContainer, WatchSettings } from '../kubelet/watched.ts';
import type { PodmanClient } from '../podman/client/client.ts';
import { nameOf, stopWatchedPod, stopWatchedSidecars } from './watch-actions.ts';
import { orderTools, type OrderContext } from './watch-orders.ts';
import { writeWatcherRecord } from './watch-record.ts';

/** Restarts all containers of a pod. Returns why that has failed. The lock of the project is held. */
export type RestartPod = (
  pod: string,
  podman: PodmanClient,
  stop: AbortSignal,
) => Promise<string | undefined>;

export interface PodOrderContext extends OrderContext {
  readonly project: string;
  readonly settings: WatchSettings;
  readonly members: () => readonly Member[];
  /** Milliseconds since 1970. */
  readonly today: () => number;
  /** Milliseconds to add to a time of podman for the monotonic clock. */
  readonly offset: () => number;
  /** Whether records are written: not while a plan is applied, which may change them. */
  readonly records: boolean;
  readonly restartPod: RestartPod | undefined;
}

/** Carries out what the watcher orders for whole pods, and its records. As `WatchOrders`. */
export interface PodOrders {
  /** Stops a pod whose deadline has passed, unless that is under way. */
  readonly stopPod: (pod: string) => Promise<void>;
  /** Stops the sidecars of a pod that is over, within one grace period, unless that is under way. */
  readonly stopSidecars: (pod: string) => Promise<void>;
  /** Restarts all containers of a pod for the exit code of one of them. */
  readonly restartPod: (pod: string) => Promise<void>;
  readonly record: (order: RecordOrder) => Promise<void>;
}

const BUSY_MILLISECONDS = 500;
/** The time until what has not stopped is stopped again. */
const STOP_AGAIN_MILLISECONDS = 2000;

export function podOrders(context: PodOrderContext): PodOrders {
  const { clock, lock, ending, members, push, lookSoon, lookAgain, report } = context;
  const { actionContext, notice } = orderTools(context);
  const stoppingPods = new Set<string>();
  const stoppingSidecars = new Set<string>();
  return { stopPod, stopSidecars, restartPod, record };

  function stopPod(pod: string): Promise<void> {
    const isMeant = ({ isPastDeadline }: Member) => isPastDeadline === true;
    return stopOnce(stoppingPods, pod, isMeant, (containers, first) => {
      notice('deadline-exceeded', { ...first, container: '' }, DEADLINE_EXCEEDED.message);
      return stopWatchedPod(pod, containers, actionContext(first));
    });
  }

  function stopSidecars(pod: string): Promise<void> {
    const isMeant = ({ isPodOver, run }: Member) => isPodOver && run.kind === 'running';
    // Another podpose may start the pod again during the grace period. What is left is ordered again.
    const mayStop = async (name: string) => {
      const release = await lock.take();
      const isStillMeant =
        release !== undefined &&
        (await lookAgain()) &&
        containersOf(pod, isMeant).some((one) => nameOf(one) === name);
      release?.();
      return isStillMeant;
    };
    return stopOnce(stoppingSidecars, pod, isMeant, (sidecars, first) =>
      stopWatchedSidecars(pod, sidecars, { ...actionContext(first), mayStop }),
    );
  }

  /**
   * Stops containers of a pod, unless that is under way. Another podpose may have started the pod again by the time this
   * process gets the lock.
   */
  async function stopOnce(
    underWay: Set<string>,
    pod: string,
    isMeant: (member: Member) => boolean,
    stop: (containers: readonly WatchedContainer[], first: WatchedContainer) => Promise<string | undefined>,
  ): Promise<void> {
    if (underWay.has(pod)) return;
    underWay.add(pod);
    const release = await lock.take();
    if (release !== undefined) {
      const containers = (await lookAgain()) ? containersOf(pod, isMeant) : [];
      const [first] = containers;
      const stopping = first === undefined ? undefined : stop(containers, first);
      // Other podposes can go on during the grace period.
      release();
      const error = await stopping;
      if (error !== undefined) report(error);
      lookSoon();
      for (const { id } of containers) lookSoon(id);
    }
    await clock.sleep(release === undefined ? BUSY_MILLISECONDS : STOP_AGAIN_MILLISECONDS, ending);
    underWay.delete(pod);
    push({ kind: 'time' });
  }

  /** In the order of the manifest. */
  function containersOf(pod: string, isMeant: (member: Member) => boolean): readonly WatchedContainer[] {
    return members()
      .filter((member) => member.container.pod === pod && isMeant(member))
      .sort((a, b) => a.position - b.position)
      .map(({ container }) => container);
  }

  async function restartPod(pod: string): Promise<void> {
    const release = context.restartPod === undefined ? undefined : await lock.take();
    if (release === undefined) {
      await clock.sleep(BUSY_MILLISECONDS, ending);
      push({ kind: 'pod-restart-postponed', pod });
      return;
    }
    const hasLooked = await lookAgain();
    const source = hasLooked ? sourceOf(pod) : undefined;
    let error: string | undefined;
    if (source !== undefined) {
      notice('restarting-all', source, '');
      error = await context.restartPod?.(pod, context.podman(), ending);
      if (error !== undefined) report(error);
      await lookAgain();
    }
    release();
    // Without an answer of podman, nothing is known, and what has failed is tried again, as by a kubelet.
    const isDone = hasLooked && error === undefined;
    if (!isDone) await clock.sleep(context.settings.firstBackOffSeconds * 1000, ending);
    push({ kind: isDone ? 'pod-restarted' : 'pod-restart-postponed', pod });
    lookSoon();
  }

  /** The container whose end restarts the pod; undefined if somebody has started it. */
  function sourceOf(pod: string): WatchedContainer | undefined {
    return members().find(
      ({ container, resetAfter, startKey, run }) =>
        container.pod === pod && resetAfter === startKey && run.kind === 'ended',
    )?.container;
  }

  async function record(order: RecordOrder): Promise<void> {
    const at = context.today();
    const release = context.records ? await lock.take() : undefined;
    if (release === undefined) return;
    const { project, settings, capabilities } = context;
    const error = await writeWatcherRecord(order, {
      ...{ podman: context.podman(), capabilities, stop: ending, project },
      ...{ at, offset: context.offset(), settings },
    });
    release();
    if (error !== undefined) report(error);
  }
}
