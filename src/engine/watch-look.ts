import { defined } from '../base/defined.ts';
import { failure, success, type Result } from '../base/result.ts';
import { INIT_RESTART_POLICY } from '../kube/spec/defaults.ts';
import type { ContainerRole } from '../kube/spec/desired.ts';
import { type EndedRun, type Past, type Run, type Sighting, START_FAILED } from '../kubelet/watched.ts';
import type { ProbeStatus } from '../kubelet/container-probes.ts';
import { succeeded } from '../platform/process.ts';
import { lifecycleOf } from '../kube/spec/recorded-lifecycle.ts';
import { askList } from '../podman/client/ask-list.ts';
import { mountSteps } from '../plan/build/starts.ts';
import type { PodmanClient } from '../podman/client/client.ts';
import { listContainers } from '../podman/client/queries.ts';
import { explainPodmanFailure } from '../podman/errors.ts';
import { appliedContainers } from '../podman/inspect/container-list.ts';
import { decodeContainersAndPods, type ContainersAndPods } from '../podman/inspect/decode.ts';
import type { ObservedContainer, ObservedPod } from '../podman/inspect/observed.ts';
import { viewPods, type PodView } from './pod-facts.ts';
import { decoded } from '../podman/inspect/observe.ts';
import { askPastEvents } from '../podman/inspect/container-events.ts';
import { askRunDetails, type RunDetails } from '../podman/inspect/run-details.ts';
import { LABEL } from '../podman/labels.ts';
import { isSidecarRecord, lastAppliedContainer, type LastAppliedContainer } from '../podman/last-applied.ts';
import { containerName } from '../podman/names.ts';
import { watcherRecords, type WatcherRecord } from '../podman/watcher-record.ts';

/** What a look at a project found. */
export interface ProjectLook {
  readonly sightings: readonly Sighting[];
  /** What podman has listed. */
  readonly listed: ContainersAndPods;
  /** What identifies the networks of the pods that are up. */
  readonly sandboxes: readonly string[];
  /** Known containers that have changed without an event. */
  readonly unannounced: readonly string[];
  /** Details of the containers, for the next look. */
  readonly details: ReadonlyMap<string, SeenDetails>;
}

interface SeenDetails extends RunDetails {
  /** The container as listed when it was inspected. */
  readonly listed: string;
  /** A user has killed it, and not stopped it: it is restarted, as on a cluster. */
  readonly wasKilled: boolean;
}

export interface LookContext {
  readonly podman: PodmanClient;
  /** Milliseconds to add to a time of podman, which is on the wall clock, for the monotonic clock. */
  readonly offset: number;
  /** From the look before. */
  readonly details: ReadonlyMap<string, SeenDetails>;
  /** Whether a container is to be watched. */
  readonly isWatched: (container: ObservedContainer) => boolean;
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
  /** What the watcher before has found out about the run that has this start. */
  readonly probed: (id: string, run: string) => ProbeStatus | undefined;
  /** Whether the watcher before has started this run. */
  readonly isRestart: (id: string, run: string) => boolean;
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
    details: seen,
  });
}

/** How long before its end a container may have been killed, in seconds. */
const KILL_SECONDS = 5;

/** The time limit for podman's events, in milliseconds. Without them, a killed container counts as stopped. */
const EVENTS_MILLISECONDS = 5000;

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

export function isUp({ infra }: ObservedPod): boolean {
  return infra === 'running' || infra === 'paused';
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

interface Found {
  readonly seen: ReadonlyMap<string, SeenDetails>;
  readonly pods: ReadonlyMap<string, ObservedPod>;
  readonly failed: ReadonlySet<string>;
  readonly all: readonly ObservedContainer[];
  readonly past: (id: string) => Past | undefined;
}

function sandboxOf({ id, infraStartedAt }: ObservedPod): string {
  return `${id} ${infraStartedAt}`;
}

function sightingOf(
  observed: ObservedContainer,
  { seen, pods, failed, all, past }: Found,
  { offset, probed, isRestart }: LookContext,
): Sighting | undefined {
  const { id, owner, podName } = observed;
  const found = seen.get(id);
  const labels = labelsInForce(observed, all);
  const applied = lastAppliedContainer(labels);
  // podman restarts a container of an earlier podpose itself.
  if (found === undefined || owner?.name === undefined || applied === undefined) return undefined;
  const pod = pods.get(podName ?? '');
  const { workingDir } = applied.settings;
  const known: Past = {
    restarts: 0,
    ...past(id),
    ...defined({ probed: probed(id, found.startedText) ?? probedBefore(observed, all) }),
    isRestart: isRestart(id, found.startedText),
  };
  const listed = pod === undefined ? undefined : appliedContainers(pod, all);
  return {
    container: {
      ...{ id, pod: owner.pod, container: owner.name, role: roleOf(observed) },
      restartPolicy: found.isRestartedByPodman ? INIT_RESTART_POLICY : applied.restartPolicy,
      // A watcher leaves a container to podman that was created without one.
      lifecycle: found.isRestartedByPodman ? {} : lifecycleOf(applied.settings),
      terminationGracePeriodSeconds: applied.terminationGracePeriodSeconds,
      beforeStart: mountSteps({ ...observed, labels }, []).map(({ operation }) => operation),
      ...defined({ workingDir: typeof workingDir === 'string' ? workingDir : undefined }),
    },
    run: runOf(found, offset),
    startKey: found.startedText,
    key: `${found.status} ${found.startedText} ${found.finishedAt}`,
    podIsUp: pod !== undefined && isUp(pod),
    position: listed?.findIndex(({ name }) => name === owner.name) ?? -1,
    isPodWhole: listed?.every(({ role, name }) => role === 'init' || exists(name, observed, all)) === true,
    sandbox: pod === undefined ? '' : sandboxOf(pod),
    ...(failed.has(owner.pod) ? { hasFailedInit: true } : {}),
    ...defined({ deadlineAt: deadlineOf(applied, pod, offset) }),
    isStoppedOnPurpose:
      found.status === 'exited' &&
      ((found.isStoppedByUser && !found.wasKilled) || waitsForInit(observed, all)),
    past: known,
  };
}

/** Pods of which an init container has failed for good, and no app container runs. */
function podsWithFailedInit(listed: ContainersAndPods): ReadonlySet<string> {
  const isRunning = ({ state }: ObservedContainer) => state === 'running' || state === 'paused';
  const named = (isMeant: (container: ObservedContainer) => boolean) =>
    new Set(listed.containers.filter(isMeant).flatMap(({ owner }) => owner?.pod ?? []));
  const initialized = named((one) => one.owner?.role === 'container' && isRunning(one));
  const suspects = named((one) => one.owner?.role === 'init' && one.state === 'exited' && one.exitCode !== 0);
  const pods = [...suspects].filter((pod) => !initialized.has(pod));
  if (pods.length === 0) return new Set();
  const views = viewPods({ ...listed, volumes: [], images: [] }, { pods });
  const hasFailed = ({ initContainers }: PodView) =>
    initContainers.some(
      ({ status: { state, willRestart, isSidecar } }) =>
        isSidecar !== true && state.kind === 'terminated' && state.exitCode !== 0 && !willRestart,
    );
  return new Set(views.filter(hasFailed).map(({ observed }) => observed.name));
}

/** Kubernetes counts from the start of the pod. podman itself keeps the deadline of a container that is not restarted. */
function deadlineOf(
  { restartPolicy, settings }: Pick<LastAppliedContainer, 'restartPolicy' | 'settings'>,
  pod: ObservedPod | undefined,
  offset: number,
): number | undefined {
  const seconds = settings['activeDeadlineSeconds'];
  if (typeof seconds !== 'number' || restartPolicy === 'Never' || (pod?.infraStartedAt ?? 0) === 0)
    return undefined;
  return ((pod?.infraStartedAt ?? 0) + seconds) * 1000 + offset;
}

/**
 * Whether an app container belongs to a pod whose init containers run again and have not completed: `up` has stopped it, and
 * has failed. App containers start after all init containers have completed. One that was removed has. Exported for tests.
 */
export function waitsForInit(
  { owner, podName }: ObservedContainer,
  all: readonly ObservedContainer[],
): boolean {
  const inits = all.filter(
    (other) => other.owner?.role === 'init' && other.podName === podName && !isSidecarRecord(other.labels),
  );
  return (
    owner?.role === 'container' && inits.some(({ state, exitCode }) => state !== 'exited' || exitCode !== 0)
  );
}

/**
 * What the startup probe of a sidecar must have answered: app containers start after it only (computeInitContainerActions in
 * pkg/kubelet/kuberuntime/kuberuntime_container.go). A new watcher does not run that probe again. Exported for tests.
 */
export function probedBefore(
  { owner, podName, startedAt }: ObservedContainer,
  all: readonly ObservedContainer[],
): ProbeStatus | undefined {
  const hasStarted = all.some(
    (other) => other.owner?.role === 'container' && other.podName === podName && other.startedAt >= startedAt,
  );
  return owner?.role === 'init' && hasStarted ? { started: true, ready: false } : undefined;
}

function exists(name: string, { podName }: ObservedContainer, all: readonly ObservedContainer[]): boolean {
  return all.some(({ owner, podName: other }) => owner?.name === name && other === podName);
}

function roleOf({ owner }: ObservedContainer): ContainerRole {
  return owner?.role === 'init' ? 'init' : 'container';
}

/** The labels of a container, or of its record container if it was updated. */
function labelsInForce({ id, labels }: ObservedContainer, all: readonly ObservedContainer[]) {
  const record = all.find(
    ({ owner, labels: given }) =>
      owner?.role === 'note' && given[LABEL.recordOf] === id && given[LABEL.spec] !== undefined,
  );
  return record === undefined ? labels : { ...record.labels, [LABEL.role]: labels[LABEL.role] ?? '' };
}

/** Exported for tests. */
export function runOf(found: RunDetails, offset: number): Run {
  const { status, startedAt, finishedAt, exitCode, isOomKilled, error, wasPrepared } = found;
  if (status === 'running' || status === 'stopping')
    return { kind: 'running', startedAt: startedAt + offset };
  if (status === 'exited')
    return {
      kind: 'ended',
      ...(startedAt > 0 ? { startedAt: startedAt + offset } : {}),
      finishedAt: finishedAt + offset,
      exitCode,
      reason: isOomKilled ? 'OOMKilled' : exitCode === 0 ? 'Completed' : 'Error',
    } satisfies EndedRun;
  // podman does not tell when a start has failed: the time of the last end, or that of the first look.
  if (status === 'created' && wasPrepared && startedAt === 0)
    return {
      kind: 'ended',
      finishedAt: -Infinity,
      exitCode: START_FAILED,
      reason: 'StartError',
      ...(error === '' ? {} : { message: error }),
    };
  return { kind: 'other' };
}
