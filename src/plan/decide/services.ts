import {
  backendOf,
  selectsBackend,
  servedPorts,
  type Backend,
  type Endpoint,
  type HostEndpoint,
  type ServedPort,
} from '../../kube/services/endpoints.ts';
import { externalTarget, THIS_MACHINE, type KnownNames } from '../../kube/services/external-name.ts';
import { serviceNames } from '../../kube/services/names.ts';
import { isForwarded, type DesiredService } from '../../kube/spec/desired-service.ts';
import { stableJson, type Json } from '../../base/stable-json.ts';
import { isServing, observedBackend } from '../../podman/inspect/backends.ts';
import type { ObservedPod, ServedNow, ServedRule } from '../../podman/inspect/observed.ts';
import { podMembers } from '../../podman/inspect/pod-members.ts';
import { serviceName } from '../../podman/names.ts';
import type { ServiceAddress, ServiceRecord } from '../../podman/service-record.ts';
import type { Reason } from '../change.ts';
import { differences, type Difference } from '../compare/difference.ts';
import { joinedNetwork } from '../compare/network.ts';
import type { KnownState } from '../needs.ts';
import { isUnchanged, type PodDecision } from './decision.ts';

/** The decision about one Service that is forwarded. */
export interface ServiceDecision {
  readonly record: ServiceRecord;
  readonly pod: ServicePodAction;
  /** What changes in place, in a pod that is kept; absent for nothing. */
  readonly update?: Reason;
  /** Its ports with their endpoints after all changes. */
  readonly ports: readonly ServedPort[];
  /** Whether its rules are set. */
  readonly setsRules: boolean;
  /** The pods with changes that the rules come after. */
  readonly changedPods: readonly string[];
  /** A record container of an earlier update exists. */
  readonly isRecorded: boolean;
}

export type ServicePodAction =
  { readonly kind: 'keep' } | { readonly kind: 'create' | 'replace' | 'restart'; readonly reason: Reason };

export interface ServicesInput {
  readonly project: string;
  /** podman's name of the network of the project. */
  readonly network: string;
  readonly services: readonly DesiredService[];
  readonly names: KnownNames;
  readonly addresses: ReadonlyMap<string, ServiceAddress>;
  readonly published: ReadonlyMap<string, ServiceRecord['published']>;
  readonly decisions: readonly PodDecision[];
  readonly observed: KnownState;
  readonly forceRecreate: boolean;
  /** Whether pods of the project that are not in the files are removed. */
  readonly removeOrphans: boolean;
  /** Those of them that are kept nevertheless. */
  readonly held?: ReadonlySet<string>;
  /** Pods of workloads that are removed. */
  readonly leaving: ReadonlySet<string>;
}

/** The podman pods of the Services of a project. */
export function servicePodsOf(project: string, { pods }: Pick<KnownState, 'pods'>): readonly ObservedPod[] {
  return pods.filter(({ service }) => service?.project === project);
}

/**
 * The Services with an address that a project has after all changes: those of the files, and others that are kept.
 * @param isKept whether the podman pod of a Service that is not in the files stays
 */
export function lastingServices(
  project: string,
  decisions: readonly ServiceDecision[],
  observed: Pick<KnownState, 'pods'>,
  isKept: (name: string) => boolean,
): readonly ServiceRecord[] {
  const records = decisions.map(({ record }) => record);
  const names = new Set(records.map(({ service }) => serviceName(service)));
  const others = servicePodsOf(project, observed).filter(({ name }) => !names.has(name) && isKept(name));
  return [...records, ...others.flatMap(({ service }) => service?.record ?? [])];
}

/** Decides the changes of the Services that are forwarded. */
export function decideServices(input: ServicesInput): readonly ServiceDecision[] {
  return input.services.filter(isForwarded).map((service) => decideService(service, input));
}

function decideService(service: DesiredService, input: ServicesInput): ServiceDecision {
  const { project, addresses, published, decisions, observed } = input;
  const current = servicePodsOf(project, observed).find(({ name }) => name === serviceName(service));
  const record: ServiceRecord = {
    service,
    address: addresses.get(service.name) ?? '',
    published: published.get(service.name) ?? [],
  };
  const pod = actionOf(record, current, input);
  const before = current?.service?.record;
  const changed = before === undefined || pod.kind === 'replace' ? [] : differencesOf(before, record);
  const selecting = selectingService(service, input.names);
  const changedPods = decisions
    .filter((decision) => !isUnchanged(decision) && isSelected(selecting, backendOf(decision.desired)))
    .map(({ desired }) => desired.name);
  const ports = servedPorts(service, backendsOf(service, input), input.names);
  return {
    record,
    pod,
    ...(changed.length === 0 ? {} : { update: { kind: 'settings-differ', differences: changed } }),
    ports,
    setsRules:
      pod.kind !== 'keep' ||
      changed.length > 0 ||
      changedPods.length > 0 ||
      !(isServedNow(record, ports, observed.servedNow) || keepsAddresses(record, ports, input)),
    changedPods,
    isRecorded: current?.service?.recordedIn !== undefined,
  };
}

function actionOf(
  record: ServiceRecord,
  current: ObservedPod | undefined,
  { network, forceRecreate }: ServicesInput,
): ServicePodAction {
  const before = current?.service?.record;
  if (current === undefined || before === undefined) return { kind: 'create', reason: { kind: 'absent' } };
  if (forceRecreate) return { kind: 'replace', reason: { kind: 'force-recreate' } };
  if (current.infra === 'absent')
    return { kind: 'replace', reason: { kind: 'not-running', state: 'absent' } };
  const fixed = fixedDifferences(before, record, joinedNetwork(current), network);
  if (fixed.length > 0) return { kind: 'replace', reason: { kind: 'settings-differ', differences: fixed } };
  return current.infra === 'running'
    ? { kind: 'keep' }
    : { kind: 'restart', reason: { kind: 'not-running', state: current.infra } };
}

/** What cannot change in a podman pod: its names, its address, its published ports. */
function fixedDifferences(
  before: ServiceRecord,
  after: ServiceRecord,
  networkBefore: string | undefined,
  network: string,
): readonly Difference[] {
  const names = (record: ServiceRecord) => serviceNames(record.service).join();
  return [
    ...(names(before) === names(after) ? [] : specDifferences(before, after)),
    ...(networkBefore === network
      ? []
      : [{ path: ['network'], before: networkBefore ?? '', after: network }]),
    ...(stableJson([before.published, before.address]) === stableJson([after.published, after.address])
      ? []
      : specDifferences(before, after)),
  ];
}

function specDifferences(before: ServiceRecord, after: ServiceRecord): readonly Difference[] {
  const found = differencesOf(before, after);
  if (found.length > 0) return found;
  const ports = ({ published }: ServiceRecord) => published.map(({ hostPort }) => hostPort);
  return [{ path: ['hostPort'], before: ports(before), after: ports(after) }];
}

function differencesOf(before: ServiceRecord, after: ServiceRecord): readonly Difference[] {
  return differences(shown(before.service), shown(after.service), ['spec']);
}

function shown({ name: _, ...spec }: DesiredService): Json {
  return spec as unknown as Json;
}

/** The pods that get connections after all changes. */
function backendsOf(service: DesiredService, input: ServicesInput): readonly Backend[] {
  const { project, decisions, observed, removeOrphans, held, leaving } = input;
  const isDesired = (name: string) => decisions.some(({ desired }) => desired.name === name);
  const isKept = (name: string) => !leaving.has(name) && (!removeOrphans || held?.has(name) === true);
  const orphans = observed.pods.filter(
    ({ name, owner }) => owner?.project === project && !isDesired(name) && isKept(name),
  );
  const isReady = (pod: ObservedPod) =>
    isServing(pod, observed.containers) &&
    (service.publishNotReadyAddresses === true || isProbedReady(pod, observed));
  return [
    ...decisions
      .filter(
        (decision) => !isUnchanged(decision) || (decision.current !== undefined && isReady(decision.current)),
      )
      .flatMap(({ desired }) => backendOf(desired) ?? []),
    ...orphans.filter(isReady).flatMap((pod) => observedBackend(pod, observed.containers) ?? []),
  ].sort((a, b) => (a.pod < b.pod ? -1 : 1));
}

function isProbedReady({ name }: ObservedPod, { containers, notReady }: KnownState): boolean {
  return !podMembers(name, containers).some(({ id }) => notReady?.has(id) === true);
}

/** The Service whose pods get the connections: that of the name of an ExternalName, if it is headless. */
function selectingService(service: DesiredService, { services }: KnownNames): DesiredService {
  if (service.type !== 'ExternalName') return service;
  const target = externalTarget(service, services);
  return target.kind === 'service' && !isForwarded(target.service) ? target.service : service;
}

/** A host that cannot be looked up now keeps the addresses that it had. */
function keepsAddresses(
  { service }: ServiceRecord,
  [first]: readonly ServedPort[],
  { names, observed: { servedNow } }: ServicesInput,
): boolean {
  if (service.type !== 'ExternalName' || first?.endpoints.length !== 0) return false;
  const isOfHost = externalTarget(service, names.services).kind === 'host';
  return isOfHost && (servedNow?.rules.get(serviceName(service))?.size ?? 0) > 0;
}

function isSelected(service: DesiredService, backend: Backend | undefined): boolean {
  return backend !== undefined && selectsBackend(service, backend);
}

/** Whether the rules that are set lead to the endpoints. */
export function isServedNow(
  { service }: Pick<ServiceRecord, 'service'>,
  ports: readonly ServedPort[],
  now: ServedNow | undefined,
): boolean {
  const rules = now?.rules.get(serviceName(service));
  if (now === undefined || rules === undefined) return false;
  const addressOf = (endpoint: Endpoint | HostEndpoint) => {
    if ('address' in endpoint) return endpoint.address;
    return now.addresses.get('pod' in endpoint ? endpoint.pod : serviceName({ name: endpoint.service }));
  };
  const isSticky = service.sessionAffinity === 'ClientIP';
  const wanted = ports.flatMap((served): readonly [string, ServedRule][] => {
    const isAll = served.protocol === 'all';
    const texts = isAll
      ? served.endpoints.flatMap((endpoint) => addressOf(endpoint) ?? [])
      : served.endpoints.flatMap((endpoint) => {
          const address = addressOf(endpoint);
          return address === undefined ? [] : [`${address}:${endpoint.port}`];
        });
    const key = isAll ? served.protocol : `${served.protocol} ${served.port}`;
    return texts.length === 0 ? [] : [[key, { endpoints: texts.sort(), isSticky }]];
  });
  return (
    wanted.length === rules.size &&
    wanted.every(([key, rule]) => {
      const found = rules.get(key);
      return (
        found !== undefined && found.isSticky === rule.isSticky && isSame(rule.endpoints, found.endpoints)
      );
    })
  );
}

/** The address of this machine is one that only podman knows. */
function isSame(wanted: readonly string[], found: readonly string[]): boolean {
  if (!wanted.includes(THIS_MACHINE)) return wanted.join() === found.join();
  const others = wanted.filter((one) => one !== THIS_MACHINE);
  return wanted.length === found.length && others.every((one) => found.includes(one));
}
