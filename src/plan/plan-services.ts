import type { Diagnostic } from '../base/diagnostic.ts';
import type { SourcedService } from '../kube/services/desired-services.ts';
import { hasAddress } from '../kube/spec/desired-service.ts';
import type { LastAppliedPort } from '../podman/last-applied.ts';
import { serviceName } from '../podman/names.ts';
import type { ServiceRecord } from '../podman/service-record.ts';
import type { PodDecision } from './decide/decision.ts';
import { serviceAddresses } from './decide/service-addresses.ts';
import { portKey, publishedPorts } from './decide/service-ports.ts';
import { serviceWarnings } from './decide/service-warnings.ts';
import { decideServices, servicePodsOf, type ServiceDecision } from './decide/services.ts';
import type { KnownState, Need } from './needs.ts';
import { serviceRefusals, tooManyServices } from './refuse/services.ts';

export interface ServicePlanningInput {
  readonly project: string;
  /** podman's name of the network of the project. */
  readonly network: string;
  readonly services: readonly SourcedService[];
  readonly decisions: readonly PodDecision[];
  readonly observed: KnownState;
  readonly forceRecreate: boolean;
  readonly removeOrphans: boolean;
  /** Pods that are not in the files, and kept. */
  readonly held?: ReadonlySet<string>;
  /** Pods of workloads that are removed. */
  readonly leaving: ReadonlySet<string>;
}

/** Decisions, a refusal, or needs to be queried first. */
export type ServicePlanning =
  | {
      readonly kind: 'decided';
      readonly decisions: readonly ServiceDecision[];
      readonly warnings: readonly Diagnostic[];
    }
  | { readonly kind: 'refused'; readonly diagnostics: readonly Diagnostic[] }
  | {
      readonly kind: 'needs';
      readonly needs: ReadonlySet<Need>;
      /** The ports of the machine to be tried. */
      readonly ports?: readonly LastAppliedPort[];
    };

/** What has to be known before anything is decided. */
export function needsOfServices(
  services: readonly SourcedService[],
  { pods, servedNow }: KnownState,
): readonly Need[] {
  const exists = pods.some(({ service }) => service !== undefined);
  return exists && servedNow === undefined && services.some(({ service }) => hasAddress(service))
    ? ['served-now']
    : [];
}

/** Decides the changes of the Services in the files. */
export function planServices(input: ServicePlanningInput): ServicePlanning {
  const { project, services, observed } = input;
  const refused = serviceRefusals(services, input.decisions, project, observed);
  if (refused.length > 0) return { kind: 'refused', diagnostics: refused };
  const desired = services
    .map(({ service }) => service)
    .filter(hasAddress)
    .sort((a, b) => (a.name < b.name ? -1 : 1));
  const existing = existingServices(project, observed);
  const all = [...existing.values()];
  const taken = new Map(
    all.filter(({ isAddressless }) => !isAddressless).map((one) => [one.service.name, one.address]),
  );
  const unusable = all.filter(({ isAddressless }) => isAddressless).map(({ address }) => address);
  const addresses = serviceAddresses(desired, taken, unusable);
  if (addresses === undefined) return { kind: 'refused', diagnostics: [tooManyServices(services)] };
  const published = new Map<string, ServiceRecord['published']>();
  const { freePorts } = observed;
  const ofPods = input.decisions.flatMap(({ desired: { sandbox } }) => sandbox.hostPorts);
  for (const service of desired) {
    const kept = [...existing].flatMap(([name, record]) => (name === service.name ? [] : record.published));
    const found = publishedPorts(
      service,
      existing.get(service.name),
      [...kept, ...[...published.values()].flat(), ...ofPods],
      (port) => freePorts?.get(portKey(port)),
    );
    if (found.kind === 'try') return { kind: 'needs', needs: new Set(), ports: [found.port] };
    published.set(service.name, found.ports);
  }
  const decisions = decideServices({ ...input, services: desired, addresses, published });
  return { kind: 'decided', decisions, warnings: serviceWarnings(services, decisions) };
}

interface ExistingService extends ServiceRecord {
  readonly isRunning: boolean;
  /** Whether podman could not give its address to its pod. */
  readonly isAddressless: boolean;
}

/** By name. */
function existingServices(project: string, observed: KnownState): ReadonlyMap<string, ExistingService> {
  const existing = servicePodsOf(project, observed).flatMap(({ name, service, infra }) => {
    if (service === undefined) return [];
    const isAddressless = observed.addressless?.has(name) === true;
    return [{ ...service.record, isRunning: infra === 'running', isAddressless }];
  });
  return new Map(existing.map((one) => [one.service.name, one]));
}

/** The podman pods of Services that are not in the files. */
export function orphanedServices(
  project: string,
  services: readonly SourcedService[],
  observed: KnownState,
): ReturnType<typeof servicePodsOf> {
  const wanted = new Set(
    services.filter(({ service }) => hasAddress(service)).map(({ service }) => serviceName(service)),
  );
  return servicePodsOf(project, observed).filter(({ name }) => !wanted.has(name));
}
