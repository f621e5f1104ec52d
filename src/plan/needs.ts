import type { DesiredContainer, DesiredPod, DesiredResources } from '../kube/spec/desired.ts';
import { buildsOnPodDns } from '../kube/spec/dns.ts';
import type { ObservedState } from '../podman/inspect/observed.ts';
import { controllersOf } from '../podman/operations/podman-options.ts';
import { restartedContainers } from './decide/crash-loops.ts';
import { isCreated, type PodDecision } from './decide/decision.ts';
import { needsUpdateCapability } from './decide/in-place.ts';
import { isOwnJoined, type NetworkChoice } from './decide/network.ts';
import { probedContainers } from './decide/checks.ts';
import { mayHaveSecrets } from './decide/secrets.ts';

/** Queries beyond pods and containers. Each costs a command, so the planner names its needs. */
export type Need =
  | 'images'
  | 'volumes'
  | 'networks'
  | 'secrets'
  | 'update-capability'
  | 'limit-capability'
  | 'machine-dns'
  | 'pod-dns'
  | 'version-traits'
  | 'crash-loops'
  | 'not-ready'
  | 'served-now';

/** Observed state so far: pods, containers, and the answers to needs. */
export type KnownState = Pick<ObservedState, 'pods' | 'containers'> &
  Partial<Omit<ObservedState, 'pods' | 'containers'>>;

/**
 * Needs before any decision. If a pod is missing, containers will be created: their needs are included to save a round
 * trip.
 */
export function needsBeforeDeciding(
  pods: readonly DesiredPod[],
  network: NetworkChoice,
  known: KnownState,
): ReadonlySet<Need> {
  const needs = new Set<Need>();
  // An interrupted run may have left the network of the project, which no pod joins any more.
  if (known.networks === undefined && !isOwnJoined(pods, network)) needs.add('networks');
  if (known.images === undefined) needs.add('images');
  if (known.secrets === undefined && mayHaveSecrets(pods, known.containers)) needs.add('secrets');
  if (known.updating === undefined && needsUpdateCapability(pods, known)) needs.add('update-capability');
  if (known.crashLoops === undefined && restartedContainers(pods, known).length > 0) needs.add('crash-loops');
  if (known.notReady === undefined && probedContainers(pods, known).length > 0) needs.add('not-ready');
  const missing = pods.filter(({ name }) => !known.pods.some((pod) => pod.name === name));
  if (missing.length > 0) addNeedsOfChanges(needs, pods, network, missing.some(setsLimits), known);
  return needs;
}

/** Needs of plans with changes. */
export function needsOfChanges(
  pods: readonly DesiredPod[],
  network: NetworkChoice,
  decisions: readonly PodDecision[],
  known: KnownState,
): ReadonlySet<Need> {
  const needs = new Set<Need>();
  addNeedsOfChanges(needs, pods, network, decisions.some(createsLimited), known);
  return needs;
}

function addNeedsOfChanges(
  needs: Set<Need>,
  pods: readonly DesiredPod[],
  network: NetworkChoice,
  isLimited: boolean,
  known: KnownState,
): void {
  if (known.volumes === undefined) needs.add('volumes');
  if (known.networks === undefined) needs.add('networks');
  if (known.machineHosts === undefined) needs.add('version-traits');
  if (known.machineDns === undefined) needs.add('machine-dns');
  // The project's own network resolves names; a given one may not.
  const buildsOnIt = (pod: DesiredPod) => buildsOnPodDns(pod, !network.isGiven);
  if (known.podDns === undefined && pods.some(buildsOnIt)) needs.add('pod-dns');
  if (known.limiting === undefined && isLimited) needs.add('limit-capability');
}

function setsLimits({ sandbox, initContainers, containers }: DesiredPod): boolean {
  return isLimiting(sandbox.resources) || [...initContainers, ...containers].some(isLimited);
}

function createsLimited({ desired, pod, init, containers }: PodDecision): boolean {
  const isNew = pod.kind === 'create' || pod.kind === 'replace';
  const made = [...init, ...containers].filter(isCreated).map(({ container }) => container);
  return (isNew && isLimiting(desired.sandbox.resources)) || made.some(isLimited);
}

function isLimited(container: DesiredContainer): boolean {
  return isLimiting(container.resources) || controllersOf(container).length > 0;
}

function isLimiting(resources: DesiredResources | undefined): boolean {
  const { limits = {}, requests = {} } = resources ?? {};
  return [limits, requests].some(({ cpu, memory }) => cpu !== undefined || memory !== undefined);
}
