import { defined } from '../base/defined.ts';
import { lifecycleOf } from '../kube/spec/recorded-lifecycle.ts';
import { restartsAfter } from '../kube/spec/restart-policy.ts';
import { isWatched } from '../kube/spec/watched-container.ts';
import type { LastEnd, WatchedFacts } from '../kube/status/facts.ts';
import { WATCH_DEFAULTS, type EndedRun, type Past } from '../kubelet/watched.ts';
import { askPastEvents } from '../podman/inspect/container-events.ts';
import { observeProject } from '../podman/inspect/observe-containers.ts';
import type { ObservedContainer, ObservedPod } from '../podman/inspect/observed.ts';
import { millisecondsOf } from '../podman/inspect/run-details.ts';
import { isLabelledWatched } from '../podman/labels.ts';
import { isSidecarRecord, lastAppliedContainer, recordedDeadline } from '../podman/last-applied.ts';
import type { Engine } from './engine.ts';
import { isWatchable, mayHaveRestarted, oldestOf } from './watch-look.ts';
import { pastOf } from './watch-past.ts';
import type { ReportedEnd, WatchedStatus } from './watch-report.ts';
import { watcherRecords } from '../podman/watcher-record.ts';
import { askStartingWatcher, askWatcher } from './project-watcher.ts';
import { inPostStart } from './running-hooks.ts';
import { isChangedByOther } from './watch-lock.ts';
import { isUp } from './watch-sighting.ts';

export interface WatchedContainers {
  readonly containers: readonly ObservedContainer[];
  /** The projects that have containers to restart, and whose watcher does not answer. */
  readonly unwatched: readonly string[];
}

/**
 * Adds what the watchers of their projects know to containers. Where no watcher answers, or does not know a container yet,
 * podman's events tell how often it was restarted. A command that changes the project tells which postStart hooks it runs.
 */
export async function addWatchedFacts(
  engine: Pick<Engine, 'platform' | 'podman'>,
  containers: readonly ObservedContainer[],
  pods: readonly ObservedPod[] = [],
): Promise<WatchedContainers> {
  const projects = new Map<string, ObservedContainer[]>();
  for (const container of containers) {
    const project = container.owner?.project;
    if (project !== undefined) projects.set(project, [...(projects.get(project) ?? []), container]);
  }
  const found = await Promise.all(
    [...projects].map(async ([project, own]) => {
      const [some, starting] = await Promise.all([
        factsOfProject(engine, project, own, pods),
        inPostStart(engine.platform, project, own),
      ]);
      return { ...some, starting };
    }),
  );
  const facts = new Map(found.flatMap(({ facts: some }) => [...some]));
  for (const { id, restarts = 0 } of found.flatMap(({ starting }) => starting))
    facts.set(id, { restarts, ...facts.get(id), isInPostStart: true });
  return {
    containers: containers.map((container) => ({
      ...container,
      ...defined({ watched: facts.get(container.id) }),
    })),
    unwatched: found.flatMap(({ project, isUnwatched }) => (isUnwatched ? [project] : [])).sort(),
  };
}

/** Whether a project has containers to restart, and no watcher answers. */
export async function isUnwatched(
  engine: Pick<Engine, 'platform' | 'podman'>,
  project: string,
): Promise<boolean> {
  const observed = await observeProject(engine.podman, project);
  if (!observed.ok) return false;
  const { containers, pods } = observed.value;
  const { unwatched } = await addWatchedFacts(engine, containers, pods);
  return unwatched.includes(project);
}

interface ProjectFacts {
  readonly project: string;
  readonly facts: ReadonlyMap<string, WatchedFacts>;
  readonly isUnwatched: boolean;
}

async function factsOfProject(
  { platform, podman }: Pick<Engine, 'platform' | 'podman'>,
  project: string,
  containers: readonly ObservedContainer[],
  pods: readonly ObservedPod[],
): Promise<ProjectFacts> {
  const watchable = containers.filter(
    ({ owner, labels }) => owner !== undefined && isLabelledWatched(labels),
  );
  if (watchable.length === 0) return { project, facts: new Map(), isUnwatched: false };
  const needsWatcher = pods.some(
    (pod) =>
      isUp(pod) &&
      watchable.some(({ podName }) => podName === pod.name) &&
      containers.some((container) => container.podName === pod.name && isGoingOn(container)),
  );
  const report = await (needsWatcher ? askStartingWatcher : askWatcher)(platform, project);
  // A rule may restart all containers of a pod, also one that alone would need no watcher.
  const watchedPods = new Set(watchable.map(({ podName }) => podName));
  const known = containers.filter(
    (one) => watchable.includes(one) || (one.owner?.role === 'container' && watchedPods.has(one.podName)),
  );
  const byId = new Map(known.map((container) => [container.id, container]));
  const reported = new Map(
    (report?.containers ?? []).map(
      (status) => [status.id, reportedFacts(status, byId.get(status.id))] as const,
    ),
  );
  // A watcher that has just begun knows nothing yet.
  const unknown = known.filter(
    (one) => mayHaveRestarted(one) && !reported.has(one.id) && (report === undefined || isWatchable(one)),
  );
  const since = oldestOf(unknown);
  const events =
    since === undefined
      ? []
      : await askPastEvents(podman, project, since, AbortSignal.timeout(EVENTS_MILLISECONDS));
  const past = pastOf(events, 0, WATCH_DEFAULTS, watcherRecords(containers));
  const rebuilt = new Map(
    known.flatMap(({ id }) => {
      const found = past.get(id);
      return found === undefined ? [] : [[id, pastFacts(found)] as const];
    }),
  );
  // One that changes the project watches it meanwhile, and starts a watcher at its end.
  const isUnwatched =
    report === undefined && needsWatcher && !(await isChangedByOther({ platform }, project));
  return { project, facts: new Map([...rebuilt, ...reported]), isUnwatched };
}

/**
 * Whether there is something to do for an app container that runs, or that has ended, or for a sidecar that runs: as for a
 * watcher, which ends when there is nothing. The sidecars of a pod that is over are to be stopped, and stay so.
 */
function isGoingOn({ owner, state, exitCode, labels }: ObservedContainer): boolean {
  if (isSidecarRecord(labels)) return state === 'running';
  if (owner?.role !== 'container') return false;
  const applied = lastAppliedContainer(labels);
  if (applied === undefined) return true;
  const lifecycle = lifecycleOf(applied.settings);
  const { restartPolicyRules = [] } = lifecycle;
  const { restartPolicy } = applied;
  return state === 'exited'
    ? restartsAfter({ restartPolicy, restartPolicyRules }, exitCode)
    : isWatched({
        ...lifecycle,
        restartPolicy,
        ...defined({ activeDeadlineSeconds: recordedDeadline(applied) }),
      });
}

/** The time limit for podman's events, in milliseconds. Without them, restarts are shown as 0. */
const EVENTS_MILLISECONDS = 3000;

/** What the watcher has seen of an earlier run does not hold for the one that runs now. */
function reportedFacts(status: WatchedStatus, container: ObservedContainer | undefined): WatchedFacts {
  const { restarts, run } = status;
  const lastEnd = status.lastEnd === undefined ? undefined : secondsOf(status.lastEnd);
  if (run !== undefined && container !== undefined && isLaterRun(container, run))
    return {
      restarts,
      ...defined({ lastEnd: status.end === undefined ? lastEnd : secondsOf(status.end) }),
      // The watcher is about to run the hook, unless somebody else has started the container.
      ...(hasPostStart(container) ? { isInPostStart: true } : {}),
    };
  const { end, restartAt, restartedRun, probed, waitSeconds, isInPostStart } = status;
  return {
    restarts,
    ...defined({
      lastEnd,
      end: end === undefined ? undefined : secondsOf(end),
      restartAt: restartAt === undefined ? undefined : restartAt / 1000,
      waitSeconds,
      isRestart: restartedRun === undefined ? undefined : true,
      isInPostStart,
      started: probed?.started,
      ready: probed?.ready,
      probes: probed?.words,
    }),
  };
}

function hasPostStart({ labels }: ObservedContainer): boolean {
  const applied = lastAppliedContainer(labels);
  return applied !== undefined && lifecycleOf(applied.settings).postStart !== undefined;
}

/** Whether a container was started again after a run. `podman ps` has whole seconds. */
function isLaterRun({ state, startedAt }: ObservedContainer, run: string): boolean {
  return state === 'running' && Math.floor(startedAt) > Math.floor(millisecondsOf(run) / 1000);
}

/** What was known of a container, in seconds since 1970. */
export function pastFacts({ restarts, lastEnd, failedStart }: Past): WatchedFacts {
  return {
    restarts,
    ...defined({
      lastEnd: lastEnd === undefined ? undefined : secondsOf(lastEnd),
      end: failedStart === undefined ? undefined : secondsOf(failedStart),
    }),
  };
}

/** An end in seconds since 1970. */
export function secondsOf({
  exitCode,
  reason,
  startedAt,
  finishedAt,
  message,
}: ReportedEnd | EndedRun): LastEnd & {
  readonly message?: string;
} {
  const seconds = (time: number | undefined) => (time === undefined ? undefined : time / 1000);
  return {
    exitCode,
    reason,
    ...defined({ startedAt: seconds(startedAt), finishedAt: seconds(finishedAt), message }),
  };
}
