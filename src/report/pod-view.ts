import type { RestartPolicy } from '../pod/desired.ts';
import {
  summarizePod,
  type ContainerStatus,
  type ContainerStatusState,
  type PodStatus,
  type PodSummary,
} from '../pod/phase.ts';
import { decodeSpec } from '../podman/labels.ts';
import type { ObservedContainer, ObservedPod, ObservedState } from '../podman/observed.ts';
import { memberOf, membersOf } from '../base/json-members.ts';
import { addressWords } from './port-words.ts';

/** One pod of podpose's as it stands, with its containers and what kubectl would say of it. */
export interface PodView {
  readonly observed: ObservedPod;
  readonly project: string;
  readonly status: PodStatus;
  readonly summary: PodSummary;
  /** Seconds since 1970; absent while it has no container. */
  readonly createdAt?: number;
  /** `127.0.0.1:8001->8080/tcp`, for each port that the host listens on. */
  readonly ports: readonly string[];
  /** In the order in which they run. */
  readonly initContainers: readonly ContainerView[];
  readonly containers: readonly ContainerView[];
}

export interface ContainerView {
  readonly name: string;
  readonly status: ContainerStatus;
  /** Absent while it has not been created. */
  readonly observed?: ObservedContainer;
  /** What it has left as its last message. */
  readonly message?: string;
}

/** What is known of a pod from its manifest. A desired pod is one. */
export interface KnownPod {
  readonly name: string;
  readonly restartPolicy: RestartPolicy;
  readonly initContainers: readonly { readonly name: string }[];
  readonly containers: readonly { readonly name: string }[];
}

export interface PodSelection {
  /** All projects when absent. */
  readonly project?: string;
  /** Only these pods; all of them when absent. */
  readonly pods?: readonly string[];
}

/**
 * The pods that podpose has made, sorted by project and name.
 * @param known what manifests say of the same pods: containers that are still to be created, and the order
 * of all, are known from nowhere else
 * @param messages termination messages by podman's ids of containers
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
  const own = all.filter(({ podName, owner }) => podName === pod.name && owner?.name !== undefined);
  const inits = inOrder(
    own.filter(({ owner }) => owner?.role === 'init'),
    known?.initContainers,
  );
  const apps = inOrder(
    own.filter(({ owner }) => owner?.role === 'container'),
    known?.containers,
  );
  const waitingReason = inits.length > 0 ? 'PodInitializing' : 'ContainerCreating';
  const view = ({ name, observed }: NamedContainer): ContainerView => ({
    ...messageOf(observed, messages),
    name,
    status: { name, state: stateOf(observed, waitingReason), restarts: observed?.restarts ?? 0 },
    ...(observed === undefined ? {} : { observed }),
  });
  const [initContainers, containers] = [inits.map(view), apps.map(view)];
  const status: PodStatus = {
    restartPolicy: known?.restartPolicy ?? restartPolicyOf(apps),
    initContainers: initContainers.map((container) => container.status),
    containers: containers.map((container) => container.status),
    isTerminal: pod.infra === 'absent' || pod.infra === 'exited' || pod.infra === 'stopped',
    isTerminating: pod.infra === 'stopping' || pod.infra === 'removing',
  };
  const times = own.map(({ createdAt }) => createdAt).filter((time) => time > 0);
  return {
    observed: pod,
    project,
    status,
    summary: summarizePod(status),
    ...(times.length === 0 ? {} : { createdAt: Math.min(...times) }),
    ports: hostPortsOf(pod),
    initContainers,
    containers,
  };
}

function messageOf(
  container: ObservedContainer | undefined,
  messages: ReadonlyMap<string, string>,
): Pick<ContainerView, 'message'> {
  const message = container === undefined ? undefined : messages.get(container.id);
  return message === undefined ? {} : { message };
}

interface NamedContainer {
  readonly name: string;
  readonly observed?: ObservedContainer;
}

/** As the manifest has them; what it does not have, or all without a manifest, as they were created. */
function inOrder(
  containers: readonly ObservedContainer[],
  known: KnownPod['containers'] = [],
): readonly NamedContainer[] {
  const nameOf = ({ owner }: ObservedContainer) => owner?.name ?? '';
  const byName = new Map(containers.map((container) => [nameOf(container), container]));
  const rest = containers
    .filter((container) => !known.some(({ name }) => name === nameOf(container)))
    .sort((a, b) => a.createdAt - b.createdAt || compareTexts(nameOf(a), nameOf(b)));
  return [
    ...known.map(({ name }) => {
      const observed = byName.get(name);
      return { name, ...(observed === undefined ? {} : { observed }) };
    }),
    ...rest.map((container) => ({ name: nameOf(container), observed: container })),
  ];
}

/** podman's word for what a container does, in Kubernetes' words. podman tells no reason for an end but its code. */
function stateOf(container: ObservedContainer | undefined, waitingReason: string): ContainerStatusState {
  if (container === undefined) return { kind: 'waiting', reason: waitingReason };
  switch (container.state) {
    case 'configured':
    case 'created':
    case 'initialized':
      return { kind: 'waiting', reason: waitingReason };
    case 'running':
    case 'stopping':
      return { kind: 'running', ready: true };
    case 'paused':
      return { kind: 'running', ready: false };
    case 'stopped':
    case 'exited':
    case 'removing': {
      const { exitCode } = container;
      return { kind: 'terminated', exitCode, reason: exitCode === 0 ? 'Completed' : 'Error' };
    }
    case 'unknown':
      return { kind: 'waiting', reason: 'Unknown' };
  }
}

/** A pod's restart policy is that of all of its containers, and `Always` is not written down. */
function restartPolicyOf(containers: readonly NamedContainer[]): RestartPolicy {
  const labels = containers.find(({ observed }) => observed !== undefined)?.observed?.labels;
  const policy = labels === undefined ? undefined : memberOf(specOf(labels), 'restartPolicy');
  return policy === 'OnFailure' || policy === 'Never' ? policy : 'Always';
}

function hostPortsOf({ labels }: ObservedPod): readonly string[] {
  return membersOf(memberOf(specOf(labels), 'spec', 'hostPorts')).map((port) => {
    const text = (name: string) => {
      const value = memberOf(port, name);
      return typeof value === 'string' || typeof value === 'number' ? value.toString() : '';
    };
    const address = addressWords(text('hostIP'), text('hostPort'));
    return `${address}->${text('containerPort')}/${text('protocol').toLowerCase()}`;
  });
}

function specOf(labels: Readonly<Record<string, string>>): unknown {
  const spec = decodeSpec(labels);
  return spec.ok ? spec.value : undefined;
}

function compareTexts(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
