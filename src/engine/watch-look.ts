import { failure, success, type Result } from '../base/result.ts';
import type { Past, Sighting } from '../kubelet/watched.ts';
import { succeeded } from '../platform/process.ts';
import { askList } from '../podman/client/ask-list.ts';
import type { PodmanClient } from '../podman/client/client.ts';
import { listContainers } from '../podman/client/queries.ts';
import { explainPodmanFailure } from '../podman/errors.ts';
import { askPastEvents } from '../podman/inspect/container-events.ts';
import { decodeContainersAndPods, type ContainersAndPods } from '../podman/inspect/decode.ts';
import { decoded } from '../podman/inspect/observe.ts';
import type { ObservedContainer } from '../podman/inspect/observed.ts';
import { askRunDetails, type RunDetails } from '../podman/inspect/run-details.ts';
import { LABEL } from '../podman/labels.ts';
import { isSidecarRecord } from '../podman/last-applied.ts';
import { containerName } from '../podman/names.ts';
import { watcherRecords, type WatcherRecord } from '../podman/watcher-record.ts';
import {
  ENDING,
  isUp,
  podsWithFailedInit,
  sandboxOf,
  sightingOf,
  type SeenDetails,
  type SightingContext,
} from './watch-sighting.ts';

/** What a look at a project found. */
export interface ProjectLook {
  readonly sightings: readonly Sighting[];
  /** What podman has listed. */
  readonly listed: ContainersAndPods;
  /** What identifies the networks of the pods that are up. */
  readonly sandboxes: readonly string[];
  /** Known containers that have changed without an event. */
  readonly unannounced: readonly string[];
  /** Containers of whose end podman does not show all yet: it has not recorded the end, or an event of a kill may be late. */
  readonly ending: readonly string[];
  /** Details of the containers, for the next look. */
  readonly details: ReadonlyMap<string, SeenDetails>;
}

export interface LookContext extends SightingContext {
  readonly podman: PodmanClient;
  /** From the look before. */
  readonly details: ReadonlyMap<string, SeenDetails>;
  /** Whether a container is to be watched. */
  readonly isWatched: (container: ObservedContainer) => boolean;
  /** Milliseconds since 1970. */
  readonly today: number;
  /** Containers with events since the look before: they are inspected again. */
  readonly touched: ReadonlySet<string>;
  /**
   * What is known of containers from before the watch.
   * @param since the creation of the oldest container that may have been restarted, in seconds since 1970; absent for none
   */
  readonly past: (
    since: number | undefined,
    records: ReadonlyMap<string, WatcherRecord>,
  ) => Promise<(id: string) => Past | undefined>;
}

/** Looks at the containers of a project: one list, and the details of those that have changed. */
export async function lookAtProject(project: string, context: LookContext): Promise<Result<ProjectLook>> {
  const { podman, details, touched } = context;
  const listed = await listProject(podman, project);
  if (!listed.ok) return listed;
  const { containers } = listed.value;
  const own = containers.filter((container) => isWatchable(container) && context.isWatched(container));
  const hasChanged = (container: ObservedContainer) => details.get(container.id)?.listed !== rowOf(container);
  const asked = await askRunDetails(
    podman,
    own.filter((one) => touched.has(one.id) || hasChanged(one)).map(({ id }) => id),
  );
  if (!asked.ok) return asked;
  const killed = await killedAmong(podman, project, asked.value);
  const rows = new Map(own.map((container) => [container.id, rowOf(container)]));
  const seen = new Map(
    own.flatMap(({ id }) => {
      const found = asked.value.find((run) => run.id === id);
      const known =
        found === undefined
          ? details.get(id)
          : { ...found, listed: rows.get(id) ?? '', wasKilled: killed.has(id) };
      return known === undefined ? [] : [[id, known] as const];
    }),
  );
  const past = await context.past(oldestOf(own.filter(mayHaveRestarted)), watcherRecords(containers));
  const pods = new Map(listed.value.pods.map((pod) => [pod.name, pod]));
  const failed = podsWithFailedInit(listed.value);
  return success({
    sightings: own.flatMap(
      (container) => sightingOf(container, { seen, pods, failed, all: containers, past }, context) ?? [],
    ),
    listed: listed.value,
    sandboxes: listed.value.pods.filter(isUp).map(sandboxOf),
    unannounced: own
      .filter((one) => details.has(one.id) && hasChanged(one) && !touched.has(one.id))
      .map(({ id }) => id),
    ending: [...seen.values()].filter((one) => isEnding(one, context.today)).map(({ id }) => id),
    details: seen,
  });
}

/** How long before its end a container may have been killed, in seconds. */
const KILL_SECONDS = 5;

/** The time limit for podman's events, in milliseconds. Without them, a killed container counts as stopped. */
const EVENTS_MILLISECONDS = 5000;

/** How long an event of a kill may be late, in milliseconds: the journal takes its time on a busy machine. */
const LATE_MILLISECONDS = 3000;

function isEnding({ status, isStoppedByUser, wasKilled, finishedAt }: SeenDetails, today: number): boolean {
  if (status === ENDING) return true;
  return status === 'exited' && isStoppedByUser && !wasKilled && today - finishedAt < LATE_MILLISECONDS;
}

/** podman's inspect does not tell a kill by a user from a stop; its events do. */
async function killedAmong(
  podman: PodmanClient,
  project: string,
  runs: readonly RunDetails[],
): Promise<ReadonlySet<string>> {
  const ended = runs.filter(({ status, isStoppedByUser }) => status === 'exited' && isStoppedByUser);
  if (ended.length === 0) return new Set();
  const since = Math.min(...ended.map(({ finishedAt }) => finishedAt)) / 1000 - KILL_SECONDS;
  const events = await askPastEvents(podman, project, since, AbortSignal.timeout(EVENTS_MILLISECONDS));
  const killed = new Set<string>();
  for (const { id, status } of events) {
    if (status === 'kill') killed.add(id);
    if (status === 'stop' || status === 'start') killed.delete(id);
  }
  return killed;
}

export async function listProject(podman: PodmanClient, project: string): Promise<Result<ContainersAndPods>> {
  const answer = await askList(podman, listContainers(`${LABEL.project}=${project}`));
  if (!succeeded(answer)) return failure([explainPodmanFailure(answer.stderr.split('\n'), "'podman ps'")]);
  return decoded(() => decodeContainersAndPods(answer.stdout));
}

/** Init containers that are no sidecars belong to the start of their pod. A replacement is not watched until it has its final name. */
export function isWatchable({ name, owner, labels }: ObservedContainer): boolean {
  return (
    (owner?.role === 'container' || isSidecarRecord(labels)) &&
    owner?.name !== undefined &&
    name === containerName({ name: owner.pod }, { name: owner.name })
  );
}

/** What changes with each start and end. */
function rowOf({ state, startedAt, exitedAt, exitCode }: ObservedContainer): string {
  return [state, startedAt, exitedAt, exitCode].join();
}

/**
 * A container that was started so long after its creation may have ended with the machine: podman has not recorded that
 * end.
 */
const FIRST_START_SECONDS = 60;

/** Whether podman's events may tell of an end. To read them costs time and memory: a journal can be of gigabytes. */
export function mayHaveRestarted({ state, startedAt, createdAt, exitedAt }: ObservedContainer): boolean {
  return state === 'exited' || exitedAt > 0 || startedAt - createdAt > FIRST_START_SECONDS;
}

/** The creation of the oldest container, in seconds since 1970; undefined for none. */
export function oldestOf(containers: readonly ObservedContainer[]): number | undefined {
  return containers.length === 0 ? undefined : Math.min(...containers.map(({ createdAt }) => createdAt));
}
