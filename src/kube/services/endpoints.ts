import { listOf, isObject } from '../../base/json-members.ts';
import type { Json } from '../../base/stable-json.ts';
import { DEFAULT_PROTOCOL } from '../spec/defaults.ts';
import type { DesiredPod } from '../spec/desired.ts';
import type { AddressEndpoint, DesiredService, ServicePort } from '../spec/desired-service.ts';
import { lastingContainers } from '../spec/restart-policy.ts';

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

/** A port of a Service with its endpoints, in a stable order. */
export interface ServedPort {
  readonly protocol: 'tcp' | 'udp';
  readonly port: number;
  readonly endpoints: readonly Endpoint[];
}

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

/** The ports of a Service with an address, with the endpoints among these pods. */
export function servedPorts(
  service: Pick<DesiredService, 'selector' | 'namespace' | 'ports'>,
  backends: readonly Backend[],
): readonly ServedPort[] {
  const selected = backends.filter((backend) => selectsBackend(service, backend));
  return service.ports.flatMap((port): readonly ServedPort[] => {
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
