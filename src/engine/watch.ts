import { abortController, anyOf, firstOf } from '../base/abort.ts';
import { success } from '../base/result.ts';
import type { ProbeOrder, Watcher, WatchEvent } from '../kubelet/watched.ts';
import { probeStatus } from '../kubelet/container-probes.ts';
import { isWork } from '../kubelet/watched-restarts.ts';
import { advanceWatcher, NEW_WATCHER } from '../kubelet/watcher.ts';
import type { PodmanClient } from '../podman/client/client.ts';
import { patientClient } from '../podman/client/patient-client.ts';
import type { PodmanCapabilities } from '../podman/inspect/version.ts';
import { endpointsLock } from './endpoints-lock.ts';
import { askCapabilities, type Engine } from './engine.ts';
import type { EngineResult } from './failure.ts';
import { HELD_LOCK, watchLock } from './watch-lock.ts';
import { LOOK_MILLISECONDS, projectLooks } from './project-looks.ts';
import type { LookContext, ProjectLook } from './watch-look.ts';
import type { Watch, WatchOptions } from './watch-options.ts';
import { watchOrders, type OrderContext, type WatchOrders } from './watch-orders.ts';
import { askPast } from './watch-past.ts';
import { podOrders, type PodOrders } from './watch-pod-orders.ts';
import { execFor, hookRunner } from './hook-runner.ts';
import { podReach } from './pod-reach.ts';
import { watchProber } from './watch-prober.ts';
import { eventStream } from './watch-stream.ts';
import { hasOpenJobs } from './job-decisions.ts';
import { watchJobs, type JobWatch, type RunJobAction } from './watch-jobs.ts';
import { watchHosts } from './watch-hosts.ts';
import { hasServices, watchServices, type ServiceWatch } from './watch-services.ts';
import { statusesOf } from './watch-report.ts';

/** A container that was started. */
interface Started {
  readonly id: string;
  /** False if its postStart hook has failed. */
  readonly goesOn: boolean;
}

/** How long looks must find nothing to watch until the watch ends, in milliseconds: the pods may be about to be replaced. */
const IDLE_MILLISECONDS = 1000;

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
  /** Since when looks have found nothing to watch; undefined while there is something. */
  let idleSince: number | undefined;
  let isEnding = false;
  let lastTrouble: string | undefined;
  let wake = abortController();
  const queue: WatchEvent[] = [];
  /** Started since the last look: until a look shows that, they are not started again. */
  const returned: Started[] = [];
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
  const events = eventStream({
    ...{ project, clock, ending, renew },
    podman: () => podman,
    onEvent: (id) => {
      looks.lookSoon(id);
    },
    onReopened: () => {
      looks.lookSoon();
    },
  });
  const looks = projectLooks({
    ...{ project, clock, ending, renew, report, wakeUp, contextOf },
    hasEvents: events.arrive,
  });
  const { lookSoon, lookAgain } = looks;
  let services: ServiceWatch | undefined;
  let jobs: JobWatch | undefined;
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
    statuses: () => (looks.last() === undefined ? undefined : statusesOf(watcher, offset(), settings)),
    areEndpointsPending: () => {
      const listed = looks.last()?.listed;
      return listed === undefined || services?.isPending(listed, isReady) === true;
    },
    look: () => {
      // Who asks has changed something: the last look does not show it.
      if (idleSince !== undefined) idleSince = clock.now();
      services?.forget();
      lookSoon();
    },
    isEnding: () => isEnding,
  };

  async function run(): Promise<EngineResult<'nothing-left' | 'stopped'>> {
    const asked = await askCapabilities(engine);
    if (!asked.ok) return asked;
    const orders = ordersFor(asked.value);
    // While a plan is applied, its own steps set the rules of Services.
    if (only === undefined) {
      jobs = options.runJob && followJobs(options.runJob);
      services = watchServices({
        ...{ project, capabilities: asked.value, stop: ending, report },
        again: () => {
          looks.lookWithin();
        },
        lock: endpointsLock(engine.platform, project),
        hosts: watchHosts({
          ...{ platform: engine.platform, stop: ending },
          onChange: () => {
            looks.lookWithin();
          },
        }),
        podman: () => podman,
      });
    }
    void events.run();
    while (!ending.aborted) {
      wake = abortController();
      const look = await lookIfDue();
      const nextAt = step(orders);
      if (look !== undefined && isIdle(look)) {
        isEnding = true;
        return success('nothing-left');
      }
      await sleepUntil(Math.min(nextAt, looks.dueAt()));
    }
    return success('stopped');
  }

  function ordersFor(capabilities: PodmanCapabilities): WatchOrders & PodOrders {
    const context: OrderContext = {
      ...{ clock, lock, ending, capabilities, settings, runHook, push, lookSoon, lookAgain, report },
      podman: () => podman,
      memberOf: (id) => watcher.members.get(id),
      onStarted: (id, goesOn) => {
        returned.push({ id, goesOn });
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
    const arrived: readonly WatchEvent[] = queue.length === 0 ? [{ kind: 'time' }] : queue.splice(0);
    for (const event of arrived) {
      const next = advanceWatcher(watcher, event, clock.now(), settings);
      ({ watcher, nextAt } = next);
      next.notices.forEach(options.onNotice);
      for (const container of next.starts) keep(orders.start(container));
      for (const order of next.kills) keep(orders.kill(order));
      for (const pod of next.sidecarStops) keep(orders.stopSidecars(pod));
      for (const pod of next.podStops)
        if (options.isStoppedElsewhere?.(pod) !== true) keep(orders.stopPod(pod));
      for (const pod of next.podRestarts) keep(orders.restartPod(pod));
      for (const order of next.records) keep(orders.record(order));
      for (const order of next.probes) void probe(order);
    }
    const listed = looks.last()?.listed;
    if (listed !== undefined && services !== undefined) keep(services.follow(listed, isReady));
    if (jobs !== undefined) keep(jobs.follow());
    return Math.min(nextAt, jobs?.nextAt() ?? Infinity);
  }

  function followJobs(runAction: RunJobAction): JobWatch {
    return watchJobs({
      ...{ engine, runAction, project, settings, lock, stop: ending, lookAgain, lookSoon, report, keep },
      podman: () => podman,
      look: () => looks.last()?.listed,
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

  /** Looks if it is time. What was found becomes an event, with the starts of which it shows the result. */
  async function lookIfDue(): Promise<ProjectLook | undefined> {
    const started = [...returned];
    const look = await looks.lookIfDue();
    if (look === undefined) return undefined;
    lastTrouble = undefined;
    look.unannounced.forEach(events.expect);
    reach.podsAreUp(look.sandboxes);
    returned.splice(0, started.length);
    queue.push({ kind: 'looked', sightings: look.sightings });
    for (const { id, goesOn } of started)
      queue.push({ kind: 'start-returned', id, ...(goesOn ? {} : { wasKilled: true }) });
    return look;
  }

  function contextOf(last: ProjectLook | undefined): Omit<LookContext, 'details' | 'touched'> {
    const statusBefore = (id: string) => before?.containers.find((one) => one.id === id);
    return {
      podman,
      isWatched: (container) => only?.(container) !== false,
      offset: offset(),
      today: today(),
      // What podman's events tell, for the first look.
      past: async (since, records) => {
        if (last !== undefined) return () => undefined;
        const past = await askPast(podman, {
          project,
          since,
          records,
          clock,
          stop: ending,
          offset,
          settings,
        });
        return (id) => past.get(id);
      },
      probed: (id, run) => {
        const known = statusBefore(id)?.probed;
        return known?.run === run ? known : undefined;
      },
      isRestart: (id, run) => statusBefore(id)?.restartedRun === run,
      killedBy: (id, run) => {
        const known = statusBefore(id);
        return known?.run === run ? known.killedBy : undefined;
      },
    };
  }

  /** Whether looks have found nothing to watch for some time. Has another look, if there is nothing for the first time. */
  function isIdle({ listed }: ProjectLook): boolean {
    const hasWork =
      [...watcher.members.values()].some((member) => isWork(member, settings)) ||
      hasServices(project, listed) ||
      hasOpenJobs(project, listed);
    if (hasWork || only !== undefined) {
      idleSince = undefined;
      return false;
    }
    const now = clock.now();
    idleSince ??= now;
    looks.lookWithin(idleSince + IDLE_MILLISECONDS - now);
    return now - idleSince >= IDLE_MILLISECONDS;
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
