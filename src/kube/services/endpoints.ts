import { listOf, isObject } from '../../base/json-members.ts';
import type { Json } from '../../base/stable-json.ts';
import { DEFAULT_PROTOCOL } from '../spec/defaults.ts';
import type { DesiredPod } from '../spec/desired.ts';
import {
  isForwarded,
  type AddressEndpoint,
  type DesiredService,
  type ServicePort,
} from '../spec/desired-service.ts';
import { objectName } from '../spec/qualified-name.ts';
import { lastingContainers } from '../spec/restart-policy.ts';
import { externalTarget, type ExternalTarget, type KnownNames } from './external-name.ts';

/** A pod as a Service sees it. */
export interface Backend {
  readonly pod: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly namespace: string;
  readonly ports: readonly NamedPort[];
}

export interface NamedPort {
  readonly name: string;
  readonly protocol: string;
  readonly port: number;
}

/** Where the connections to a port of a Service go. */
export type Endpoint = { readonly pod: string; readonly port: number } | AddressEndpoint;

/** A port of a Service, or all ports of an ExternalName, with its endpoints in a stable order. */
export type ServedPort = NumberedPort | AllPorts;

export interface NumberedPort {
  readonly protocol: 'tcp' | 'udp';
  readonly port: number;
  readonly endpoints: readonly Endpoint[];
}

export interface AllPorts {
  readonly protocol: 'all';
  readonly endpoints: readonly HostEndpoint[];
}

/** A pod or another Service of the project, or an address, which may be `THIS_MACHINE`. */
export type HostEndpoint =
  { readonly pod: string } | { readonly service: string } | { readonly address: string };

/** Whether a Service selects a pod by its labels. */
export function selectsBackend(
  { selector, namespace }: Pick<DesiredService, 'selector' | 'namespace'>,
  { labels, namespace: own }: Pick<Backend, 'labels' | 'namespace'>,
): boolean {
  if (selector === undefined || namespace !== own) return false;
  return Object.entries(selector).every(
    ([name, value]) => Object.hasOwn(labels, name) && labels[name] === value,
  );
}

/** The ports of a Service that is forwarded, with the endpoints among these pods. */
export function servedPorts(
  service: DesiredService,
  backends: readonly Backend[],
  names: KnownNames,
): readonly ServedPort[] {
  if (service.type === 'ExternalName') {
    const target = externalTarget(service, names.services);
    return [{ protocol: 'all', endpoints: endpointsOf(target, backends, names) }];
  }
  const selected = backends.filter((backend) => selectsBackend(service, backend));
  return service.ports.flatMap((port): readonly NumberedPort[] => {
    const { protocol, addresses = [] } = port;
    if (protocol === 'SCTP') return [];
    const endpoints = selected.flatMap(({ pod, ports }): readonly Endpoint[] => {
      const number = targetOf(port, ports);
      return number === undefined ? [] : [{ pod, port: number }];
    });
    return [
      {
        protocol: protocol === 'TCP' ? 'tcp' : 'udp',
        port: port.port,
        endpoints: [...endpoints, ...addresses],
      },
    ];
  });
}

/** The name of a headless Service leads to its pods, that of another one to its address. */
function endpointsOf(
  target: ExternalTarget,
  backends: readonly Backend[],
  { addressesOf }: KnownNames,
): readonly HostEndpoint[] {
  if (target.kind === 'nothing') return [];
  if (target.kind === 'host') return (addressesOf(target.host) ?? []).map((address) => ({ address }));
  const { service, pod: only } = target;
  if (isForwarded(service)) return [{ service: service.name }];
  return backends
    .filter((backend) => selectsBackend(service, backend))
    .filter(({ pod }) => only === undefined || objectName(pod).name === only)
    .map(({ pod }) => ({ pod }));
}

/** A pod without a port of that name is no endpoint of the port (FindPort in pkg/api/v1/pod/util.go). */
function targetOf({ targetPort, protocol }: ServicePort, ports: readonly NamedPort[]): number | undefined {
  if (typeof targetPort === 'number') return targetPort;
  return ports.find((port) => port.name === targetPort && port.protocol === protocol)?.port;
}

/** A pod of the files. A pod with the network of the host has no address in the network of the project. */
export function backendOf(pod: DesiredPod): Backend | undefined {
  const { namespace } = pod.sandbox;
  if (pod.sandbox.hostNetwork || namespace === undefined) return undefined;
  return {
    pod: pod.name,
    labels: pod.labels,
    namespace,
    ports: lastingContainers(pod).flatMap(({ declared }) => namedPorts(declared?.['ports'])),
  };
}

/** The ports with names in the declared fields of a container. */
export function namedPorts(declared: Json | undefined): readonly NamedPort[] {
  return listOf(declared).flatMap((port): readonly NamedPort[] => {
    const { name, containerPort, protocol = DEFAULT_PROTOCOL } = isObject(port) ? port : {};
    return typeof name === 'string' && typeof containerPort === 'number' && typeof protocol === 'string'
      ? [{ name, protocol, port: containerPort }]
      : [];
  });
}
