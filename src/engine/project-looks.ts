import type { Clock } from '../platform/clock.ts';
import { lookAtProject, type LookContext, type ProjectLook } from './watch-look.ts';

/** The longest time between two looks. */
export const LOOK_MILLISECONDS = 10_000;
/** The shortest time between two looks: events come in groups. */
const LOOK_GAP_MILLISECONDS = 100;
/** The time until the next look while podman fails. */
const TRY_AGAIN_MILLISECONDS = 1000;
/** The time between two looks while podman's events do not arrive. */
const LOOK_WITHOUT_EVENTS_MILLISECONDS = 1000;
/** The time until the next look at a container whose end podman has not recorded yet. It doubles with each such look. */
const SETTLE_MILLISECONDS = 200;
/** podman answers within milliseconds, or something is wrong. */
const SLOW_MILLISECONDS = 2000;
/** How long commands run instead of requests after a service has not answered. Each try costs the time limit of a request. */
const WITHOUT_SERVICE_MILLISECONDS = 30_000;

/** The looks of a watcher at its project: when they are due, and what the last one found. */
export interface ProjectLooks {
  /** When the next look is due, in milliseconds of the monotonic clock. */
  readonly dueAt: () => number;
  /** What the last look found; undefined before the first one. */
  readonly last: () => ProjectLook | undefined;
  /**
   * Looks now, if a look is due. Undefined if none is, or if podman has not answered.
   * @returns what it found, as `last` has it from now on
   */
  readonly lookIfDue: () => Promise<ProjectLook | undefined>;
  /**
   * Has the next look as soon as another may follow the last one.
   * @param id a container with an event: it is inspected again
   */
  readonly lookSoon: (id?: string) => void;
  /** Has the next look within this time, in milliseconds; by default that after a failure of podman. */
  readonly lookWithin: (milliseconds?: number) => void;
  /** Resolves when a look has ended that begins now: whether podman has answered. */
  readonly lookAgain: () => Promise<boolean>;
}

export interface LooksContext {
  readonly project: string;
  readonly clock: Clock;
  readonly ending: AbortSignal;
  /** What each look needs besides what is known from the look before. */
  readonly contextOf: (last: ProjectLook | undefined) => Omit<LookContext, 'details' | 'touched'>;
  /** Whether podman's events arrive. */
  readonly hasEvents: () => boolean;
  /** Uses a podman service again that may have been lost. */
  readonly renew: () => Promise<void>;
  /** Reports an error of podman. */
  readonly report: (message: string) => void;
  /** Has the caller ask `dueAt` again. */
  readonly wakeUp: () => void;
}

export function projectLooks(context: LooksContext): ProjectLooks {
  const { project, clock, ending, contextOf, hasEvents, renew, report, wakeUp } = context;
  const touched = new Set<string>();
  let last: ProjectLook | undefined;
  let dueAt = clock.now();
  let begunAt = -Infinity;
  /** The beginning of the last look that has ended, and of the last one that podman has answered. */
  let [lookedAt, seenAt] = [-Infinity, -Infinity];
  let settleMilliseconds = SETTLE_MILLISECONDS;
  /** When a service that has not answered is tried again. */
  let serviceAt = Infinity;

  return { dueAt: () => dueAt, last: () => last, lookIfDue, lookSoon, lookWithin, lookAgain };

  function lookSoon(id?: string): void {
    if (id !== undefined) touched.add(id);
    dueAt = Math.min(dueAt, Math.max(clock.now(), begunAt + LOOK_GAP_MILLISECONDS));
    wakeUp();
  }

  function lookWithin(milliseconds = TRY_AGAIN_MILLISECONDS): void {
    dueAt = Math.min(dueAt, clock.now() + milliseconds);
    wakeUp();
  }

  async function lookAgain(): Promise<boolean> {
    const now = clock.now();
    while (!ending.aborted && lookedAt <= now) {
      lookSoon();
      await clock.sleep(LOOK_GAP_MILLISECONDS, ending);
    }
    return !ending.aborted && seenAt > now;
  }

  async function lookIfDue(): Promise<ProjectLook | undefined> {
    if (clock.now() < dueAt) return undefined;
    if (clock.now() >= serviceAt) {
      serviceAt = Infinity;
      await renew();
    }
    const seen = new Set(touched);
    touched.clear();
    begunAt = clock.now();
    dueAt = begunAt + (hasEvents() ? LOOK_MILLISECONDS : LOOK_WITHOUT_EVENTS_MILLISECONDS);
    const found = await lookAtProject(project, {
      ...contextOf(last),
      details: last?.details ?? new Map<string, never>(),
      touched: seen,
    });
    lookedAt = begunAt;
    if (!found.ok) {
      for (const id of seen) touched.add(id);
      report(found.error[0]?.message ?? '');
      // The service may be lost: the next look uses it again.
      await renew();
      dueAt = clock.now() + TRY_AGAIN_MILLISECONDS;
      return undefined;
    }
    seenAt = begunAt;
    last = found.value;
    settle(last.ending);
    // A service that does not answer was abandoned.
    if (clock.now() - begunAt > SLOW_MILLISECONDS)
      serviceAt = Math.min(serviceAt, clock.now() + WITHOUT_SERVICE_MILLISECONDS);
    return last;
  }

  /** An event need not follow: the service of podman 6 does not report the end of the cleanup. */
  function settle(ids: readonly string[]): void {
    if (ids.length === 0) settleMilliseconds = SETTLE_MILLISECONDS;
    else {
      for (const id of ids) touched.add(id);
      dueAt = Math.min(dueAt, clock.now() + settleMilliseconds);
      settleMilliseconds = Math.min(LOOK_MILLISECONDS, 2 * settleMilliseconds);
    }
  }
}
