import { defined } from '../base/defined.ts';
import { compareTexts } from '../base/text.ts';
import { POD_DEFAULTS } from '../kube/spec/defaults.ts';
import type { RestartPolicy } from '../kube/spec/desired.ts';
import { restartsAfter } from '../kube/spec/restart-policy.ts';
import type { ContainerStatus } from '../kube/status/container-status.ts';
import type { ContainerFacts } from '../kube/status/facts.ts';
import { podStatus, type PodStatus } from '../kube/status/pod-status.ts';
import { appliedContainers } from '../podman/inspect/container-list.ts';
import { recordedManifest, type RecordedManifest } from '../podman/declared-record.ts';
import {
  lastAppliedContainer,
  lastAppliedPod,
  recordedRestartPolicy,
  type LastAppliedPort,
} from '../podman/last-applied.ts';
import { observedName } from '../podman/inspect/object-name.ts';
import type { ObservedContainer, ObservedPod, ObservedState } from '../podman/inspect/observed.ts';
import { containerFacts, ownRestartPolicy, type NamedContainer } from './container-facts.ts';
import { inOrder, ownContainers, type KnownPod } from './pod-containers.ts';
import { hasExceededDeadline } from './pod-deadline.ts';

/** A pod with its containers and its Kubernetes status. */
export interface PodView {
  readonly observed: ObservedPod;
  readonly project: string;
  readonly restartPolicy: RestartPolicy;
  readonly status: PodStatus;
  /** Seconds since 1970. Absent if the pod has no containers. */
  readonly createdAt?: number;
  /** Published host ports. Empty if the pod is not running. */
  readonly ports: readonly LastAppliedPort[];
  /** In execution order. */
  readonly initContainers: readonly ContainerView[];
  readonly containers: readonly ContainerView[];
}

export interface ContainerView {
  readonly name: string;
  readonly status: ContainerStatus;
  /** Absent if it is not created yet. */
  readonly observed?: ObservedContainer;
  /** Its termination message, or why it could not be started. */
  readonly message?: string;
  /** Its manifest as applied last. Absent if podman has no record of it. */
  readonly recorded?: RecordedManifest;
}

export interface PodSelection {
  /** Default: all projects. */
  readonly project?: string;
  /** Only these pods. Default: all. */
  readonly pods?: readonly string[];
}

/**
 * The pods that podpose has created, sorted by project, namespace and name.
 * @param known pods of the given manifests
 * @param messages termination messages by container ID
 */
export function viewPods(
  observed: ObservedState,
  { project, pods }: PodSelection,
  known: readonly KnownPod[] = [],
  messages: ReadonlyMap<string, string> = new Map(),
): readonly PodView[] {
  return observed.pods
    .flatMap((pod) => (pod.owner === undefined ? [] : [{ pod, owner: pod.owner }]))
    .filter(({ owner }) => project === undefined || owner.project === project)
    .filter(({ pod }) => pods === undefined || pods.includes(pod.name))
    .map(({ pod, owner }) => {
      const manifest = known.find(({ name }) => name === pod.name);
      return viewPod(pod, owner.project, observed.containers, manifest, messages);
    })
    .sort((a, b) => compareTexts(a.project, b.project) || compareNames(a.observed, b.observed));
}

/** By namespace, then by name. */
function compareNames(a: ObservedPod, b: ObservedPod): number {
  const [first, second] = [observedName(a), observedName(b)];
  return compareTexts(first.namespace, second.namespace) || compareTexts(first.name, second.name);
}

function viewPod(
  pod: ObservedPod,
  project: string,
  all: readonly ObservedContainer[],
  known: KnownPod | undefined,
  messages: ReadonlyMap<string, string>,
): PodView {
  const own = ownContainers(pod, all);
  const applied = appliedContainers(pod, all);
  const inits = inOrder('init', own, applied, known);
  const apps = inOrder('container', own, applied, known);
  const isUp = pod.infra === 'running' || pod.infra === 'paused' || pod.infra === 'stopping';
  // A container that was started before runs in the namespaces of an earlier infra container.
  const sandboxStartedAt = isUp ? pod.infraStartedAt : Infinity;
  const restartPolicy = restartPolicyOf(apps, own) ?? known?.restartPolicy ?? POD_DEFAULTS.restartPolicy;
  const createdAt = creationOf(pod, own);
  const factsOf = (container: NamedContainer) => ({
    ...containerFacts(container, sandboxStartedAt),
    ...ownRestartPolicy(container),
  });
  const appFacts = apps.map(factsOf);
  const status = podStatus({
    restartPolicy,
    initContainers: startedWith(
      appFacts,
      inits.map((init) => retriedBy(restartPolicy, factsOf(init))),
    ),
    containers: appFacts,
    isTerminal: pod.infra === 'absent' || pod.infra === 'exited' || pod.infra === 'stopped',
    isTerminating: pod.infra === 'stopping' || pod.infra === 'removing',
    ...(hasExceededDeadline(pod, { own: [...own.values()], inits, apps, restartPolicy })
      ? { isPastDeadline: true }
      : {}),
    ...defined({ createdAt }),
    ...(isUp ? { sandboxStartedAt: pod.infraStartedAt } : {}),
  });
  return {
    observed: pod,
    project,
    restartPolicy,
    status,
    ...defined({ createdAt }),
    // Host ports are published as long as the infra container runs.
    ports: isUp ? (lastAppliedPod(pod.labels)?.hostPorts ?? []) : [],
    initContainers: containerViews(inits, status.initContainers, messages, own),
    containers: containerViews(apps, status.containers, messages, own),
  };
}

/**
 * Sidecars whose probes nobody runs have started if app containers run, or if later init containers have started, which
 * have waited for them: `up` is creating the pod.
 */
function startedWith(
  apps: readonly ContainerFacts[],
  inits: readonly ContainerFacts[],
): readonly ContainerFacts[] {
  const someRun = apps.some(
    ({ stage, hasLostSandbox }) => stage.kind === 'running' && hasLostSandbox !== true,
  );
  return inits.map((init, index) => {
    const isUnknown = init.isSidecar === true && init.started === 'unknown';
    const hasStarted = someRun || inits.slice(index + 1).some((later) => startedSince(later, init));
    return isUnknown && hasStarted ? { ...init, started: true } : init;
  });
}

function startedSince({ stage, startedAt = -Infinity }: ContainerFacts, before: ContainerFacts): boolean {
  const hasStarted = stage.kind === 'running' || stage.kind === 'ended' || stage.kind === 'backing-off';
  return hasStarted && startedAt >= (before.startedAt ?? Infinity);
}

/** An init container that has failed waits for its restart only if it is retried. */
function retriedBy(podPolicy: RestartPolicy, facts: ContainerFacts): ContainerFacts {
  const { stage, isSidecar, restartPolicy = podPolicy, restartPolicyRules } = facts;
  if (stage.kind !== 'backing-off' || isSidecar === true) return facts;
  const { exitCode, reason } = stage;
  return restartsAfter({ restartPolicy, ...defined({ restartPolicyRules }) }, exitCode)
    ? facts
    : { ...facts, stage: { kind: 'ended', exitCode, ...defined({ reason }) } };
}

/** Creation time of a pod: that of its infra container, since other containers may be replaced. */
function creationOf(
  { createdAt }: ObservedPod,
  own: ReadonlyMap<string, ObservedContainer>,
): number | undefined {
  const times = [...own.values()].map((container) => container.createdAt).filter((time) => time > 0);
  if (createdAt !== undefined && createdAt > 0) return createdAt;
  return times.length === 0 ? undefined : Math.min(...times);
}

function containerViews(
  containers: readonly NamedContainer[],
  statuses: readonly ContainerStatus[],
  messages: ReadonlyMap<string, string>,
  own: ReadonlyMap<string, ObservedContainer>,
): readonly ContainerView[] {
  return containers.flatMap(({ name, observed }, index): readonly ContainerView[] => {
    const status = statuses[index];
    if (status === undefined) return [];
    const { state } = status;
    const ofStart = state.kind === 'running' ? undefined : state.message;
    const message = (observed === undefined ? undefined : messages.get(observed.id)) ?? ofStart;
    return [
      {
        name,
        status,
        ...defined({ observed, message, recorded: recordedManifest(name, observed, [...own.values()]) }),
      },
    ];
  });
}

/**
 * Restart policy of a pod, from the records of its containers: of one without its own. Undefined without a record.
 */
function restartPolicyOf(
  containers: readonly NamedContainer[],
  own: ReadonlyMap<string, ObservedContainer>,
): RestartPolicy | undefined {
  const applied = containers.flatMap(({ observed }) =>
    observed === undefined ? [] : [lastAppliedContainer(observed.labels)],
  );
  if (applied.length > 0) {
    const inheriting = applied.find((one) => one?.settings['ownRestartPolicy'] === undefined);
    return (inheriting ?? applied[0])?.restartPolicy ?? POD_DEFAULTS.restartPolicy;
  }
  const [first] = containers;
  const recorded =
    first === undefined ? undefined : recordedManifest(first.name, undefined, [...own.values()]);
  return recorded === undefined ? undefined : recordedRestartPolicy(recorded.settings);
}
