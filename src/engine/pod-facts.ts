import { defined } from '../base/defined.ts';
import { compareTexts } from '../base/text.ts';
import { POD_DEFAULTS } from '../kube/spec/defaults.ts';
import type { ContainerRole, RestartPolicy } from '../kube/spec/desired.ts';
import type { ContainerStatus } from '../kube/status/container-status.ts';
import { podStatus, type PodStatus } from '../kube/status/pod-status.ts';
import { appliedContainers, type ListedContainer } from '../podman/inspect/container-list.ts';
import { lastAppliedContainer, lastAppliedPod, type LastAppliedPort } from '../podman/last-applied.ts';
import { containerName } from '../podman/names.ts';
import type { ObservedContainer, ObservedPod, ObservedState } from '../podman/inspect/observed.ts';
import { containerFacts, ownRestartPolicy, type NamedContainer } from './container-facts.ts';

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
}

/** The part of a pod's manifest that its status needs. */
export interface KnownPod {
  readonly name: string;
  readonly restartPolicy: RestartPolicy;
  readonly initContainers: readonly { readonly name: string }[];
  readonly containers: readonly { readonly name: string }[];
}

export interface PodSelection {
  /** Default: all projects. */
  readonly project?: string;
  /** Only these pods. Default: all. */
  readonly pods?: readonly string[];
}

/**
 * The pods that podpose has created, sorted by project and name.
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
    .sort((a, b) => compareTexts(a.project, b.project) || compareTexts(a.observed.name, b.observed.name));
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
  const restartPolicy = restartPolicyOf(apps) ?? known?.restartPolicy ?? POD_DEFAULTS.restartPolicy;
  const createdAt = creationOf(pod, own);
  const status = podStatus({
    restartPolicy,
    initContainers: inits.map((container) => containerFacts(container, sandboxStartedAt)),
    containers: apps.map((container) => ({
      ...containerFacts(container, sandboxStartedAt),
      ...ownRestartPolicy(container),
    })),
    isTerminal: pod.infra === 'absent' || pod.infra === 'exited' || pod.infra === 'stopped',
    isTerminating: pod.infra === 'stopping' || pod.infra === 'removing',
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
    initContainers: containerViews(inits, status.initContainers, messages),
    containers: containerViews(apps, status.containers, messages),
  };
}

/** The containers of a pod, without record containers, and without replacements of other containers. */
function ownContainers(
  pod: ObservedPod,
  all: readonly ObservedContainer[],
): ReadonlyMap<string, ObservedContainer> {
  const own = new Map<string, ObservedContainer>();
  for (const container of all) {
    const { podName, owner } = container;
    const { name, role } = owner ?? {};
    if (podName !== pod.name || name === undefined || (role !== 'init' && role !== 'container')) continue;
    if (!own.has(name) || container.name === containerName(pod, { name })) own.set(name, container);
  }
  return own;
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
        ...defined({ observed, message }),
      },
    ];
  });
}

/**
 * Containers in the order of the applied manifest, including those that are not created yet. The order is that of the
 * label of the pod, or that of the given file if the pod has no label or only the order has changed, which no label
 * records.
 *
 * A missing init container is included: a change of the init containers recreates all containers, which record the new
 * list. A missing app container may have been removed from the manifest, which is not recorded: it is included only if no
 * app container exists, or if the given file has it.
 */
function inOrder(
  role: ContainerRole,
  own: ReadonlyMap<string, ObservedContainer>,
  applied: readonly ListedContainer[] | undefined,
  known: KnownPod | undefined,
): readonly NamedContainer[] {
  const existing = [...own.values()].filter(({ owner }) => owner?.role === role);
  const inFile = ((role === 'init' ? known?.initContainers : known?.containers) ?? []).map(
    ({ name }) => name,
  );
  const inLabel = applied?.filter((container) => container.role === role).map(({ name }) => name);
  const listed = inLabel === undefined || hasSameNames(inLabel, inFile) ? inFile : inLabel;
  const counts = (name: string) => role === 'init' || existing.length === 0 || inFile.includes(name);
  const exists = (name: string) => existing.some((container) => nameOf(container) === name);
  const rest = existing
    .filter((container) => !listed.includes(nameOf(container)))
    .sort((a, b) => a.createdAt - b.createdAt || compareTexts(nameOf(a), nameOf(b)));
  return [...listed.filter((name) => exists(name) || counts(name)), ...rest.map(nameOf)].map(
    (name): NamedContainer => {
      const observed = existing.find((container) => nameOf(container) === name);
      return { name, ...defined({ observed }) };
    },
  );
}

function hasSameNames(some: readonly string[], others: readonly string[]): boolean {
  return [...some].sort().join() === [...others].sort().join();
}

function nameOf({ owner }: ObservedContainer): string {
  return owner?.name ?? '';
}

/** Restart policy of a pod, from the labels of its containers. Undefined if none exists. */
function restartPolicyOf(containers: readonly NamedContainer[]): RestartPolicy | undefined {
  const observed = containers.find((container) => container.observed !== undefined)?.observed;
  if (observed === undefined) return undefined;
  return lastAppliedContainer(observed.labels)?.restartPolicy ?? POD_DEFAULTS.restartPolicy;
}
