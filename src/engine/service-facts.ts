import { defined } from '../base/defined.ts';
import { compareTexts } from '../base/text.ts';
import { selectsBackend, servedPorts, type Backend } from '../kube/services/endpoints.ts';
import type { KnownNames } from '../kube/services/external-name.ts';
import { objectName, type ObjectName } from '../kube/spec/qualified-name.ts';
import type { ServicePort } from '../kube/spec/desired-service.ts';
import { isServing, observedBackend } from '../podman/inspect/backends.ts';
import { observedName } from '../podman/inspect/object-name.ts';
import type { ObservedState } from '../podman/inspect/observed.ts';
import type { HeadlessRecord } from '../podman/headless-record.ts';
import type { LastAppliedPort } from '../podman/last-applied.ts';
import type { ServiceOwnership } from '../podman/service-record.ts';
import type { PodView } from './pod-facts.ts';

/** A Service, from the labels of its podman pod, or of its record container. */
export interface ServiceView extends ServiceOwnership, ObjectName {
  /** Of a Service with a podman pod that runs. */
  readonly address?: string;
  /** Seconds since 1970. */
  readonly createdAt?: number;
  /** Its ports in its order. */
  readonly ports: readonly ServicePortView[];
}

export interface ServicePortView {
  readonly port: ServicePort;
  /** The port of the machine, if it is published. */
  readonly published?: LastAppliedPort;
  /** The addresses that get connections: `10.89.0.5:8080`. */
  readonly endpoints: readonly string[];
}

export interface ServiceSelection {
  /** Default: all projects. */
  readonly project?: string | undefined;
  /** Default: all namespaces. */
  readonly namespace?: string | undefined;
}

/**
 * The Services of podman, sorted by namespace and name.
 * @param pods the pods that they may select
 * @param headless those that have no podman pod
 */
export function viewServices(
  { pods: observed, containers }: Pick<ObservedState, 'pods' | 'containers'>,
  pods: readonly PodView[],
  { project, namespace }: ServiceSelection,
  headless: readonly HeadlessRecord[],
): readonly ServiceView[] {
  const ofPods = observed.flatMap((pod) =>
    pod.service === undefined
      ? []
      : [
          {
            ...{ ...pod.service, ...observedName(pod) },
            ...defined({ address: pod.addresses?.[0], createdAt: pod.createdAt }),
          },
        ],
  );
  const ofRecords = headless.map(({ project: own, service, createdAt }) => ({
    ...{ project: own, record: { service, address: '', published: [] }, createdAt },
    ...{ namespace: service.namespace, name: objectName(service.name).name },
  }));
  return [...ofPods, ...ofRecords]
    .filter((one) => project === undefined || one.project === project)
    .filter(({ record }) => namespace === undefined || record.service.namespace === namespace)
    .map((one) => ({ ...one, ports: portsOf(one, pods, containers) }))
    .sort((a, b) => compareTexts(sortKey(a), sortKey(b)));
}

function sortKey({ namespace, name }: ObjectName): string {
  return `${namespace}/${name}`;
}

/** Only an ExternalName depends on names. */
const NO_NAMES: KnownNames = { services: [], addressesOf: () => undefined };

function portsOf(
  { project, record: { service, published } }: ServiceOwnership,
  pods: readonly PodView[],
  containers: ObservedState['containers'],
): readonly ServicePortView[] {
  const isReady = ({ status }: PodView) =>
    service.publishNotReadyAddresses === true || status.ready === status.total;
  const serving = pods.filter(
    (view) => view.project === project && isServing(view.observed, containers) && isReady(view),
  );
  const backends = serving.flatMap(({ observed }): readonly Backend[] => {
    const backend = observedBackend(observed, containers);
    return backend !== undefined && selectsBackend(service, backend) ? [backend] : [];
  });
  const addressOf = (pod: string) =>
    serving.find(({ observed }) => observed.name === pod)?.observed.addresses?.[0];
  if (service.type === 'ExternalName') return [];
  const served = servedPorts(service, backends, NO_NAMES).filter((one) => one.protocol !== 'all');
  return service.ports.map((port, index) => {
    const protocol = port.protocol.toLowerCase();
    const found = served.find((one) => one.protocol === protocol && one.port === port.port);
    const endpoints = (found?.endpoints ?? []).flatMap((endpoint) => {
      const address = 'pod' in endpoint ? addressOf(endpoint.pod) : endpoint.address;
      return address === undefined ? [] : [`${address}:${endpoint.port}`];
    });
    const host = published[index];
    return { port, endpoints, ...(host === undefined ? {} : { published: host }) };
  });
}
