import { abortController, anyOf, firstOf } from '../base/abort.ts';
import { success } from '../base/result.ts';
import type {
  Member,
  Past,
  ProbeOrder,
  Watcher,
  WatchEvent,
  WatchNotice,
  WatchSettings,
} from '../kubelet/watched.ts';
import { probeStatus } from '../kubelet/container-probes.ts';
import { mayRestart } from '../kube/spec/restart-policy.ts';
import { nextRestart, subjectOf } from '../kubelet/watched-restarts.ts';
import { advanceWatcher, NEW_WATCHER } from '../kubelet/watcher.ts';
import type { PodmanClient } from '../podman/client/client.ts';
import { patientClient } from '../podman/client/patient-client.ts';
import type { PodmanCapabilities } from '../podman/inspect/version.ts';
import type { WatcherRecord } from '../podman/watcher-record.ts';
import { endpointsLock } from './endpoints-lock.ts';
import { askCapabilities, type Engine } from './engine.ts';
import type { EngineResult } from './failure.ts';
import { HELD_LOCK, watchLock } from './watch-lock.ts';
import { lookAtProject, type ProjectLook } from './watch-look.ts';
import { watchOrders, type OrderContext, type WatchOrders } from './watch-orders.ts';
import { askPast } from './watch-past.ts';
import { podOrders, type PodOrders, type RestartPod } from './watch-pod-orders.ts';
import { execFor, hookRunner } from './hook-runner.ts';
import { podReach } from './pod-reach.ts';
import { watchProber } from './watch-prober.ts';
import { eventStream } from './watch-stream.ts';
import { hasOpenJobs } from './job-decisions.ts';
import { watchJobs, type JobWatch, type RunJobAction } from './watch-jobs.ts';
import { hasServices, watchServices, type ServiceWatch } from './watch-services.ts';
import { statusesOf, type WatchedStatus, type WatchReport } from './watch-report.ts';

export interface WatchOptions {
  readonly project: string;
  readonly settings: WatchSettings;
  readonly onNotice: (notice: WatchNotice) => void;
  /** Reports that podman fails, once until it works again. */
  readonly onTrouble: (message: string) => void;
  /** Ends the watch. Containers are not affected. */
  readonly stop: AbortSignal;
  /** What the watcher before has reported at its end. */
  readonly before?: WatchReport;
  readonly restartPod?: RestartPod;
  /** Carries out what is due for Jobs and CronJobs; without it, they are left alone. */
  readonly runJob?: RunJobAction;
  /** Reports what is done for a Job or CronJob. */
  readonly onJob?: (message: string) => void;
  /**
   * Watches only these containers, by podman's names, until the signal. For a podpose that holds the lock of the project.
   */
  readonly only?: ReadonlySet<string>;
}

export interface Watch {
  /** Resolves when nothing is left to watch, or at the signal, and no start is under way. */
  readonly ended: Promise<EngineResult<'nothing-left' | 'stopped'>>;
  /** Undefined before the first look. */
  readonly statuses: () => readonly WatchedStatus[] | undefined;
  /** Looks at once. */
  readonly look: () => void;
}

const LOOK_MILLISECONDS = 10_000;
/** The shortest time between two looks: events come in groups. */
const LOOK_GAP_MILLISECONDS = 100;
/** The time until the next look while podman fails. */
const TRY_AGAIN_MILLISECONDS = 1000;
/** The time between two looks while podman's events do not arrive. */
const LOOK_WITHOUT_EVENTS_MILLISECONDS = 1000;
/** How many looks in a row must find nothing to watch: the pods may be about to be replaced. */
const LOOKS_WITHOUT_WORK = 2;
const LOOK_WITHOUT_WORK_MILLISECONDS = 1000;
/** podman answers within milliseconds, or something is wrong. */
const SLOW_MILLISECONDS = 2000;
/** How long commands run instead of requests after a service has not answered. Each try costs the time limit of a request. */
const WITHOUT_SERVICE_MILLISECONDS = 30_000;

/**
 * Watches the containers of a project, and restarts them with the back-off of Kubernetes. podman's events tell when to
 * look; a look every 10 s finds what they missed. Each start holds the lock of the project, so that it does not interfere
 * with a podpose that changes the project. Nothing depends on the watcher but restarts: if it dies, containers continue.
 */
export function watchProject(engine: Engine, options: WatchOptions): Watch {
  const { clock, today } = engine.platform;
  const { project, settings, stop, before, only } = options;
  const over = abortController();
  const ending = anyOf(stop, over.signal);
  let podman = patient(engine.podman);
  let watcher: Watcher = NEW_WATCHER;
  let look: ProjectLook | undefined;
  let looksWithoutWork = 0;
  let lastTrouble: string | undefined;
  let lookAt = clock.now();
  let lastLookAt = -Infinity;
  /** The beginning of the last look that has ended, and of the last one that podman has answered. */
  let [lookedAt, seenAt] = [-Infinity, -Infinity];
  /** When a service that has not answered is tried again. */
  let serviceAt = Infinity;
  let wake = abortController();
  const touched = new Set<string>();
  const queue: WatchEvent[] = [];
  /** Started since the last look: until a look shows that, they are not started again. */
  const returned: string[] = [];
  const underWay = new Set<Promise<void>>();
  const lock = only === undefined ? watchLock(engine, project, ending) : HELD_LOCK;
  const reach = podReach(engine.platform, podman.program);
  const exec = execFor(engine.platform, podman);
  const probeOnce = watchProber(engine.platform, reach, exec, ending);
  const runHook = hookRunner(engine.platform, reach, exec, () => podman);
  const offset = () => clock.now() - today();
  const wakeUp = () => {
    wake.abort();
  };
  const lookSoon = (id?: string) => {
    if (id !== undefined) touched.add(id);
    lookAt = Math.min(lookAt, Math.max(clock.now(), lastLookAt + LOOK_GAP_MILLISECONDS));
    wakeUp();
  };
  const events = eventStream({
    ...{ project, clock, ending, renew },
    podman: () => podman,
    onEvent: lookSoon,
    onReopened: () => {
      lookSoon();
    },
  });
  let services: ServiceWatch | undefined;
  let jobs: JobWatch | undefined;
  const lookLater = () => {
    lookAt = Math.min(lookAt, clock.now() + TRY_AGAIN_MILLISECONDS);
    wakeUp();
  };
  const push = (event: WatchEvent) => {
    queue.push(event);
    wakeUp();
  };

  return {
    ended: run().finally(async () => {
      over.abort();
      reach.close();
      await Promise.all(underWay);
    }),
    statuses: () => (look === undefined ? undefined : statusesOf(watcher, offset(), settings)),
    look: () => {
      services?.forget();
      lookSoon();
    },
  };

  async function run(): Promise<EngineResult<'nothing-left' | 'stopped'>> {
    const asked = await askCapabilities(engine);
    if (!asked.ok) return asked;
    const orders = ordersFor(asked.value);
    // While a plan is applied, its own steps set the rules of Services.
    if (only === undefined) {
      jobs = options.runJob && followJobs(options.runJob);
      services = watchServices({
        ...{ project, capabilities: asked.value, stop: ending, report, again: lookLater },
        lock: endpointsLock(engine.platform, project),
        podman: () => podman,
      });
    }
    void events.run();
    while (!ending.aborted) {
      wake = abortController();
      const hasLooked = clock.now() >= lookAt && (await lookNow());
      const nextAt = step(orders);
      if (hasLooked) countWork();
      if (looksWithoutWork >= LOOKS_WITHOUT_WORK) return success('nothing-left');
      await sleepUntil(Math.min(nextAt, lookAt));
    }
    return success('stopped');
  }

  function ordersFor(capabilities: PodmanCapabilities): WatchOrders & PodOrders {
    const context: OrderContext = {
      ...{ clock, lock, ending, capabilities, settings, runHook, push, lookSoon, lookAgain, report },
      podman: () => podman,
      memberOf: (id) => watcher.members.get(id),
      onStarted: (id) => {
        returned.push(id);
        events.expect(id);
      },
      onNotice: options.onNotice,
    };
    const ofPods = podOrders({
      ...{ ...context, project, today, offset, records: only === undefined },
      ...{ members: () => [...watcher.members.values()], restartPod: options.restartPod },
    });
    return { ...watchOrders(context), ...ofPods };
  }

  /** Applies the events that have come, and starts what is due. Returns when to continue. */
  function step(orders: WatchOrders & PodOrders): number {
    let nextAt = Infinity;
    for (const event of [...queue.splice(0), { kind: 'time' } as const]) {
      const next = advanceWatcher(watcher, event, clock.now(), settings);
      ({ watcher, nextAt } = next);
      next.notices.forEach(options.onNotice);
      for (const container of next.starts) keep(orders.start(container));
      for (const order of next.kills) keep(orders.kill(order));
      for (const container of next.stops) keep(orders.stopSidecar(container));
      for (const pod of next.podStops) keep(orders.stopPod(pod));
      for (const pod of next.podRestarts) keep(orders.restartPod(pod));
      for (const order of next.records) keep(orders.record(order));
      for (const order of next.probes) void probe(order);
    }
    if (look !== undefined && services !== undefined) keep(services.follow(look.listed, isReady));
    if (jobs !== undefined) keep(jobs.follow());
    return Math.min(nextAt, jobs?.nextAt() ?? Infinity);
  }

  function followJobs(runAction: RunJobAction): JobWatch {
    return watchJobs({
      ...{ engine, runAction, project, settings, lock, stop: ending, lookAgain, lookSoon, report },
      podman: () => podman,
      look: () => look?.listed,
      know: (id) => {
        const { restarts = 0, run } = watcher.members.get(id) ?? {};
        const hasFailedStart = run?.kind === 'ended' && run.reason === 'StartError';
        return { restarts, hasFailedStart };
      },
      onAction: (message) => options.onJob?.(message),
    });
  }

  function isReady(id: string): boolean | undefined {
    const probes = watcher.members.get(id)?.probes;
    return probes === undefined ? undefined : probeStatus(probes).ready;
  }

  function keep(work: Promise<void>): void {
    const kept = work.finally(() => underWay.delete(kept));
    underWay.add(kept);
  }

  async function probe(order: ProbeOrder): Promise<void> {
    const { id } = order.container;
    const result = await probeOnce(order, watcher.members.get(id)?.sandbox ?? '', podman);
    push({ kind: 'probe-returned', id, probe: order.kind, run: order.run, result });
  }

  /** Resolves when a look has ended that begins now: whether podman has answered. */
  async function lookAgain(): Promise<boolean> {
    const now = clock.now();
    while (!ending.aborted && lookedAt <= now) {
      lookSoon();
      await clock.sleep(LOOK_GAP_MILLISECONDS, ending);
    }
    return !ending.aborted && seenAt > now;
  }

  /** Returns whether podman has answered. */
  async function lookNow(): Promise<boolean> {
    if (clock.now() >= serviceAt) {
      serviceAt = Infinity;
      await renew();
    }
    const seen = new Set(touched);
    const started = [...returned];
    touched.clear();
    lastLookAt = clock.now();
    lookAt = lastLookAt + (events.arrive() ? LOOK_MILLISECONDS : LOOK_WITHOUT_EVENTS_MILLISECONDS);
    const found = await lookAtProject(project, {
      podman,
      isWatched: ({ name }) => only?.has(name) !== false,
      offset: offset(),
      details: look?.details ?? new Map<string, never>(),
      touched: seen,
      past: rebuild,
      probed: (id, run) => {
        const known = before?.containers.find((one) => one.id === id)?.probed;
        return known?.run === run ? known : undefined;
      },
      isRestart: (id, run) => before?.containers.find((one) => one.id === id)?.restartedRun === run,
    });
    lookedAt = lastLookAt;
    if (!found.ok) {
      for (const id of seen) touched.add(id);
      report(found.error[0]?.message ?? '');
      // The service may be lost: the next look uses it again.
      await renew();
      lookAt = clock.now() + TRY_AGAIN_MILLISECONDS;
      return false;
    }
    lastTrouble = undefined;
    seenAt = lastLookAt;
    look = found.value;
    look.unannounced.forEach(events.expect);
    reach.podsAreUp(look.sandboxes);
    returned.splice(0, started.length);
    queue.push({ kind: 'looked', sightings: look.sightings });
    for (const id of started) queue.push({ kind: 'start-returned', id });
    // A service that does not answer was abandoned.
    if (clock.now() - lastLookAt > SLOW_MILLISECONDS)
      serviceAt = Math.min(serviceAt, clock.now() + WITHOUT_SERVICE_MILLISECONDS);
    return true;
  }

  /** Counts the looks that found nothing to watch. */
  function countWork(): void {
    const hasWork =
      [...watcher.members.values()].some((member) => isWork(member, settings)) ||
      (look !== undefined && (hasServices(project, look.listed) || hasOpenJobs(project, look.listed)));
    looksWithoutWork = hasWork || only !== undefined ? 0 : looksWithoutWork + 1;
    if (!hasWork && only === undefined)
      lookAt = Math.min(lookAt, clock.now() + LOOK_WITHOUT_WORK_MILLISECONDS);
  }

  /** What podman's events tell, for the first look. */
  async function rebuild(
    since: number | undefined,
    records: ReadonlyMap<string, WatcherRecord>,
  ): Promise<(id: string) => Past | undefined> {
    if (look !== undefined) return () => undefined;
    const past = await askPast(podman, { project, since, records, clock, stop: ending, offset, settings });
    return (id) => past.get(id);
  }

  /** A query that podman never answers would be the last one. */
  function patient(client: PodmanClient): PodmanClient {
    return patientClient(client, {
      sleep: clock.sleep,
      onWaiting: () => {
        report('podman has not answered for 5 s');
      },
    });
  }

  async function renew(): Promise<void> {
    podman = patient(await podman.renew());
  }

  function report(message: string): void {
    if (message !== lastTrouble) options.onTrouble(message);
    lastTrouble = message;
  }

  async function sleepUntil(at: number): Promise<void> {
    const { signal, release } = firstOf(wake.signal, ending);
    const now = clock.now();
    if (at > now) await clock.sleep(Math.min(at - now, LOOK_MILLISECONDS), signal);
    release();
  }
}

/** Whether there will be something to do for a container. */
function isWork(member: Member, settings: WatchSettings): boolean {
  const { run, podIsUp, container, isStoppedOnPurpose, isPodOver, probes } = member;
  if (member.isResetting === true) return true;
  if (!podIsUp || (!mayRestart(subjectOf(container)) && probes === undefined)) return false;
  if (run.kind === 'ended' && isPodOver) return false;
  return run.kind !== 'ended' || isStoppedOnPurpose || nextRestart(member, settings) !== undefined;
}
