import { defined } from '../base/defined.ts';
import type { WatchedFacts } from '../kube/status/facts.ts';
import { backOffSeconds, type BackOff } from '../kubelet/container-lifecycle.ts';
import { WATCH_DEFAULTS, type Past, type WatchSettings } from '../kubelet/watched.ts';
import { scaleOf } from '../kubelet/watched-restarts.ts';
import { askPastEvents } from '../podman/inspect/container-events.ts';
import type { ObservedContainer, ObservedPod } from '../podman/inspect/observed.ts';
import { WATCHER_RECORD_LABEL } from '../podman/labels.ts';
import { isSidecarRecord } from '../podman/last-applied.ts';
import { decodeWatcherRecord } from '../podman/watcher-record.ts';
import type { Engine } from './engine.ts';
import { pastFacts, secondsOf } from './watch-facts.ts';
import { isChangedByOther } from './watch-lock.ts';
import { oldestOf } from './watch-look.ts';
import { pastOf } from './watch-past.ts';
import { watchSettings } from './watch-settings.ts';
import { isUp } from './watch-sighting.ts';

/*
 * Init containers that run to their end are not watched: whoever starts the pod retries them, mostly `up`. A retry replaces
 * the container, with a record of the runs before. `podpose start`, and the action RestartAllContainers of a rule, start
 * the same container again.
 */

/** A container that was started so many seconds after its creation was started again: `up` starts it at once. */
const FIRST_START_SECONDS = 3;

/** The time limit for podman's events, in milliseconds. Without them, such starts do not count. */
const EVENTS_MILLISECONDS = 3000;

/**
 * Adds the restarts of init containers, and the back-off of one that has failed while the podpose runs that retries it. What
 * the policy of their pods says does not count here.
 * @param ofInitialized whether to count the restarts by `start` in pods whose init containers have completed, too, which costs
 *   a query for events: a table does not show them
 */
export async function addInitFacts(
  engine: Pick<Engine, 'platform' | 'podman'>,
  containers: readonly ObservedContainer[],
  pods: readonly ObservedPod[],
  ofInitialized: boolean,
): Promise<readonly ObservedContainer[]> {
  const inits = containers.filter(({ owner, labels }) => owner?.role === 'init' && !isSidecarRecord(labels));
  if (inits.length === 0) return containers;
  const up = new Set(pods.filter(isUp).map(({ name }) => name));
  const failed = inits.filter(
    ({ state, exitCode, podName = '' }) => state === 'exited' && exitCode !== 0 && up.has(podName),
  );
  const counted = ofInitialized ? inits : inits.filter((one) => !isPast(one, containers));
  const settings = watchSettings(engine.platform.env) ?? WATCH_DEFAULTS;
  const [again, busy] = await Promise.all([
    startedAgain(engine, counted, settings),
    projectsInWork(engine, failed),
  ]);
  const facts = new Map(
    inits.flatMap((one) => {
      const past = again.get(one.id);
      const known = restartsOf(one, past === undefined ? undefined : pastFacts(past));
      const isRetried = failed.includes(one) && busy.has(one.owner?.project ?? '');
      const waitSeconds = waitOf(one, past, scaleOf(settings));
      const waits = isRetried ? { waitSeconds, restartAt: one.exitedAt + waitSeconds } : {};
      return known === undefined && !isRetried
        ? []
        : [[one.id, { restarts: 0, ...known, ...waits } satisfies WatchedFacts] as const];
    }),
  );
  return containers.map((one) => ({ ...one, ...defined({ watched: facts.get(one.id) ?? one.watched }) }));
}

/** Whether an app container has started after an init container. */
function isPast({ podName, startedAt }: ObservedContainer, all: readonly ObservedContainer[]): boolean {
  return all.some(
    (other) => other.owner?.role === 'container' && other.podName === podName && other.startedAt >= startedAt,
  );
}

/** @param again what podman's events tell of it */
function restartsOf(
  { labels }: ObservedContainer,
  again: WatchedFacts | undefined,
): WatchedFacts | undefined {
  const record = decodeWatcherRecord(labels[WATCHER_RECORD_LABEL] ?? '');
  if (record === undefined) return again;
  const lastEnd = record.lastEnd === undefined ? undefined : secondsOf(record.lastEnd);
  return {
    restarts: record.restarts + (again?.restarts ?? 0),
    ...defined({ lastEnd: again?.lastEnd ?? lastEnd }),
  };
}

/** How long one that has failed waits for its retry, in seconds. */
function waitOf(
  { exitCode, exitedAt, labels }: ObservedContainer,
  past: Past | undefined,
  scale: number,
): number {
  const recorded = decodeWatcherRecord(labels[WATCHER_RECORD_LABEL] ?? '')?.backOff;
  const ofRecord: BackOff | undefined = recorded && {
    ...recorded,
    restartedAt: recorded.restartedAt / scale,
  };
  const end = { exitCode, finishedAt: (exitedAt * 1000) / scale };
  return backOffSeconds(end, past?.backOff ?? ofRecord) * scale;
}

/** What podman's events tell of the containers that were started again, by podman's ID. */
async function startedAgain(
  { podman }: Pick<Engine, 'podman'>,
  inits: readonly ObservedContainer[],
  settings: WatchSettings,
): Promise<ReadonlyMap<string, Past>> {
  const own = inits.filter(({ startedAt, createdAt }) => startedAt - createdAt > FIRST_START_SECONDS);
  const projects = [...new Set(own.flatMap(({ owner }) => owner?.project ?? []))];
  const found = await Promise.all(
    projects.map(async (project) => {
      const ofProject = own.filter(({ owner }) => owner?.project === project);
      const since = oldestOf(ofProject) ?? 0;
      const events = await askPastEvents(podman, project, since, AbortSignal.timeout(EVENTS_MILLISECONDS));
      const past = pastOf(events, 0, settings);
      return ofProject.flatMap(({ id }) => {
        const known = past.get(id);
        return known === undefined ? [] : [[id, known] as const];
      });
    }),
  );
  return new Map(found.flat());
}

/** The projects that another podpose changes now. */
async function projectsInWork(
  engine: Pick<Engine, 'platform'>,
  failed: readonly ObservedContainer[],
): Promise<ReadonlySet<string>> {
  const projects = [...new Set(failed.flatMap(({ owner }) => owner?.project ?? []))];
  const inWork = await Promise.all(projects.map((project) => isChangedByOther(engine, project)));
  return new Set(projects.filter((_, index) => inWork[index] === true));
}
