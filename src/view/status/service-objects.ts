import { defined } from '../../base/defined.ts';
import type { IngressView } from '../../engine/ingress-status.ts';
import type { ServicePortView, ServiceView } from '../../engine/service-facts.ts';
import { PROXY_PORTS } from '../../kube/ingress/nginx-config.ts';
import type { DesiredService } from '../../kube/spec/desired-service.ts';
import { apiVersionOf } from '../../manifest/kinds.ts';
import { typeOf } from './kind-tables.ts';
import { nameMembers } from './object-metadata.ts';

/** A Service with its address, and the ports of the machine as its node ports. */
export function serviceItem(view: ServiceView): object {
  const { record, address, ports } = view;
  const { service } = record;
  const { type, selector, externalName, sessionAffinity, publishNotReadyAddresses } = service;
  // What forwards the connections of an ExternalName here is not its address.
  const clusterIP = type === 'Headless' ? 'None' : type === 'ExternalName' ? undefined : address;
  return {
    apiVersion: 'v1',
    kind: 'Service',
    metadata: nameMembers(view),
    spec: defined({
      type: typeOf(service),
      clusterIP,
      clusterIPs: clusterIP === undefined ? undefined : [clusterIP],
      externalName,
      selector,
      ports: ports.length === 0 ? undefined : ports.map((port) => portItem(type, port)),
      sessionAffinity,
      publishNotReadyAddresses,
    }),
    status: { loadBalancer: type === 'LoadBalancer' ? loadBalancer(ports) : {} },
  };
}

function portItem(type: DesiredService['type'], { port: own, published }: ServicePortView): object {
  const { name, protocol, port, targetPort, nodePort } = own;
  const chosen = type === 'NodePort' ? published?.hostPort : undefined;
  return defined({ name, protocol, port, targetPort, nodePort: chosen ?? nodePort });
}

/** The addresses of the machine. */
function loadBalancer(ports: readonly ServicePortView[]): object {
  return addressesOf(
    ports.flatMap(({ port: { port }, published }) =>
      published === undefined ? [] : [{ published, isOwn: published.hostPort === port }],
    ),
  );
}

/** An Ingress. Undefined if its spec is not recorded. */
export function ingressItem({ ingress, ports, spec }: IngressView): object | undefined {
  if (spec === undefined) return undefined;
  return {
    apiVersion: apiVersionOf('Ingress'),
    kind: 'Ingress',
    metadata: nameMembers(ingress),
    spec,
    status: {
      loadBalancer: addressesOf(
        ports.map((published) => ({
          published,
          isOwn: INGRESS_PORTS.get(published.containerPort) === published.hostPort,
        })),
      ),
    },
  };
}

/** The ports of an Ingress, by those of the proxy. */
const INGRESS_PORTS: ReadonlyMap<number, number> = new Map([
  [PROXY_PORTS.http, 80],
  [PROXY_PORTS.https, 443],
]);

interface AddressPort {
  readonly published: NonNullable<ServicePortView['published']>;
  /** Whether the object has this port, too. If it could not be had, the machine has another one, and the status cannot say so. */
  readonly isOwn: boolean;
}

/** The status of a load balancer: each address once, with its ports. Empty for none. */
function addressesOf(ports: readonly AddressPort[]): object {
  const addresses = [...new Set(ports.map(({ published }) => published.hostIP))];
  if (addresses.length === 0) return {};
  return {
    ingress: addresses.map((ip) => {
      const own = ports.filter(({ published, isOwn }) => isOwn && published.hostIP === ip);
      const list = own.map(({ published: { hostPort, protocol } }) => ({ port: hostPort, protocol }));
      return { ip, ...(list.length === 0 ? {} : { ports: list }) };
    }),
  };
}
