import type { HookRunner } from '../kubelet/hooks.ts';
import type {
  KillOrder,
  Member,
  WatchedContainer,
  WatchEvent,
  WatchNotice,
  WatchSettings,
} from '../kubelet/watched.ts';
import { nextRestart } from '../kubelet/watched-restarts.ts';
import type { Clock } from '../platform/clock.ts';
import type { PodmanClient } from '../podman/client/client.ts';
import type { PodmanCapabilities } from '../podman/inspect/version.ts';
import { hookNotice } from './saved-reports.ts';
import { killWatched, runWatchedPostStart, startWatched, type ActionContext } from './watch-actions.ts';
import type { WatchLock } from './watch-lock.ts';

/** The watch that orders starts and stops. */
export interface OrderContext {
  readonly clock: Clock;
  readonly lock: WatchLock;
  /** Aborted at the end of the watch. */
  readonly ending: AbortSignal;
  readonly capabilities: PodmanCapabilities;
  readonly settings: WatchSettings;
  /** The client that is used now. */
  readonly podman: () => PodmanClient;
  readonly runHook: HookRunner;
  readonly memberOf: (id: string) => Member | undefined;
  readonly push: (event: WatchEvent) => void;
  /** Looks at podman soon, and inspects this container, if there is one. */
  readonly lookSoon: (id?: string) => void;
  /** Looks at podman now. Resolves with whether podman has answered, and false at the end of the watch. */
  readonly lookAgain: () => Promise<boolean>;
  /**
   * A container was started, and its postStart hook has ended.
   * @param goesOn false if the hook has failed: the container was killed
   */
  readonly onStarted: (id: string, goesOn: boolean) => void;
  readonly onNotice: (notice: WatchNotice) => void;
  /** Reports an error of podman. */
  readonly report: (message: string) => void;
}

/** Carries out what the watcher orders. Each order resolves when nothing of it is under way. */
export interface WatchOrders {
  readonly start: (container: WatchedContainer) => Promise<void>;
  readonly kill: (order: KillOrder) => Promise<void>;
}

const BUSY_MILLISECONDS = 500;
/** The time until a container that has not stopped is stopped again. */
const KILL_AGAIN_MILLISECONDS = 2000;

export function watchOrders(context: OrderContext): WatchOrders {
  const { clock, lock, ending, memberOf, push, lookSoon } = context;
  const { actionContext } = orderTools(context);
  return { start, kill };

  async function start(container: WatchedContainer): Promise<void> {
    const { id } = container;
    const release = await lock.take();
    if (release === undefined || !(await isStillDue(id))) {
      release?.();
      await clock.sleep(BUSY_MILLISECONDS, ending);
      lookSoon();
      push({ kind: 'start-postponed', id });
      return;
    }
    push({ kind: 'start-begun', id });
    const error = await startWatched(container, actionContext(container));
    release();
    if (error !== undefined) push({ kind: 'start-returned', id, error });
    else {
      context.onStarted(id, container.lifecycle.postStart === undefined || (await postStart(container)));
    }
    lookSoon(id);
  }

  /**
   * Whether a container still has to be started, now that no other podpose changes the project. A `podpose stop` may have
   * ended since the look that led to the start: podman would start the pod again.
   */
  async function isStillDue(id: string): Promise<boolean> {
    if (!lock.isShared) return true;
    const hasLooked = await context.lookAgain();
    const member = memberOf(id);
    const restart = member === undefined ? undefined : nextRestart(member, context.settings);
    return hasLooked && restart !== undefined && restart.at <= clock.now();
  }

  async function postStart(container: WatchedContainer): Promise<boolean> {
    push({ kind: 'post-start-begun', id: container.id });
    lookSoon(container.id);
    return runWatchedPostStart(container, actionContext(container));
  }

  /** Stops a container, until it has stopped. */
  async function kill({ container, kill: { gracePeriodSeconds } }: KillOrder): Promise<void> {
    const { id, terminationGracePeriodSeconds } = container;
    const startKey = memberOf(id)?.startKey;
    const isDone = () => memberOf(id)?.startKey !== startKey || !isRunning(id);
    while (!ending.aborted && !isDone()) {
      const release = await lock.take();
      if (release !== undefined) {
        const killing = killWatched(
          container,
          gracePeriodSeconds ?? terminationGracePeriodSeconds,
          actionContext(container),
        );
        // Other podposes can go on during the grace period: a container may be stopped twice.
        release();
        await stopped(id, killing);
      }
      await clock.sleep(release === undefined ? BUSY_MILLISECONDS : KILL_AGAIN_MILLISECONDS, ending);
    }
  }

  /** Looks at a container when its stop has returned. */
  async function stopped(id: string, stop: Promise<string | undefined> | undefined): Promise<void> {
    const error = await stop;
    lookSoon(id);
    if (error !== undefined) context.report(error);
  }

  function isRunning(id: string): boolean {
    return memberOf(id)?.run.kind === 'running';
  }
}

/** What orders of containers and of pods share. */
export interface OrderTools {
  readonly actionContext: (container: WatchedContainer) => ActionContext;
  readonly notice: (kind: WatchNotice['kind'], container: WatchedContainer, message: string) => void;
}

export function orderTools(context: OrderContext): OrderTools {
  const notice: OrderTools['notice'] = (kind, { id, pod, container, role }, message) => {
    const restarts = context.memberOf(id)?.restarts ?? 0;
    context.onNotice({ kind, pod, container, role, message, restarts });
  };
  return {
    notice,
    actionContext: (container) => {
      const { capabilities, clock, runHook, ending } = context;
      return {
        ...{ podman: context.podman(), capabilities, clock, runHook, stop: ending, kill: ending },
        onHookFailed: (failure) => {
          context.onNotice({
            ...hookNotice(failure),
            restarts: context.memberOf(container.id)?.restarts ?? 0,
          });
        },
      };
    },
  };
}
