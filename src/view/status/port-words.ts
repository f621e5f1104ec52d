import type { HostPort } from '../../kube/spec/desired.ts';
import type { ServedIngress } from '../../kube/ingress/served-ingress.ts';
import type { UnpublishedPort } from '../../kube/spec/port-reach.ts';

/** `127.0.0.1:8080`, and `[::1]:8080`. */
export function addressWords(hostIP: string, hostPort: number | string): string {
  return `${hostIP.includes(':') ? `[${hostIP}]` : hostIP}:${hostPort}`;
}

/** The notation of podman and docker: `127.0.0.1:8001->8080/tcp`. */
export function mappingWords(port: Omit<HostPort, 'container' | 'portName'>): string {
  const { hostIP, hostPort, containerPort, protocol } = port;
  return `${addressWords(hostIP, hostPort)}->${containerPort}/${protocol.toLowerCase()}`;
}

/** A published port with its target: `127.0.0.1:8080 -> pod/web container/app 80/tcp`. */
export function publishedWords(pod: string, port: HostPort): string {
  const { container, hostIP, hostPort, containerPort, protocol } = port;
  const to = `pod/${pod} container/${container} ${containerPort}/${protocol.toLowerCase()}`;
  return `${addressWords(hostIP, hostPort)} -> ${to}`;
}

/** A published port of a Service: `http://127.0.0.1:8080 → svc/web`. */
export function servicePortWords(
  service: string,
  { hostIP, hostPort, protocol }: Pick<HostPort, 'hostIP' | 'hostPort' | 'protocol'>,
): string {
  const address = addressWords(hostIP === '0.0.0.0' ? '127.0.0.1' : hostIP, hostPort);
  const url = protocol === 'TCP' ? `http://${address}` : `${address}/${protocol.toLowerCase()}`;
  return `${url} → svc/${service}`;
}

/** The addresses of the hosts of an Ingress: `http://shop.localhost:8080/ → ing/shop`. */
export function ingressWords(
  { name, hosts, hasTls }: ServedIngress,
  ports: readonly Pick<HostPort, 'portName' | 'hostIP' | 'hostPort'>[],
): readonly string[] {
  const scheme = hasTls === true && ports.some(({ portName }) => portName === 'https') ? 'https' : 'http';
  const port = ports.find(({ portName }) => portName === scheme);
  if (port === undefined) return [];
  const names = hosts.length === 0 ? [port.hostIP === '0.0.0.0' ? '127.0.0.1' : port.hostIP] : hosts;
  const isUsual = port.hostPort === { http: 80, https: 443 }[scheme];
  return names.map((host) => {
    const named = host.includes(':') ? `[${host}]` : host;
    return `${scheme}://${named}${isUsual ? '' : `:${port.hostPort}`}/ → ing/${name}`;
  });
}

/** The hint for the default host address. */
export const ONLY_THIS_MACHINE =
  'Only this machine reaches 127.0.0.1. --host-ip 0.0.0.0, or hostIP at the port, opens it to the network.';

const PORTS_NAMED = 4;

/** The hint for a pod without published ports; its length is limited. */
export function unpublishedWords(pod: string, ports: readonly UnpublishedPort[], hostIP: string): string {
  const names = [
    ...new Set(ports.map(({ containerPort, protocol }) => `${containerPort}/${protocol.toLowerCase()}`)),
  ];
  const more = names.length > PORTS_NAMED ? [`and ${names.length - PORTS_NAMED} more`] : [];
  const hostPort = likelyHostPort(ports[0]?.containerPort ?? 0);
  return (
    `pod/${pod} publishes none of its ports (${[...names.slice(0, PORTS_NAMED), ...more].join(', ')}). ` +
    `'hostPort: ${hostPort}' at the port publishes it at ${addressWords(hostIP, hostPort)}.`
  );
}

/** A suggested unprivileged port: 8080 for 80. */
function likelyHostPort(containerPort: number): number {
  return containerPort < 1024 ? 8000 + containerPort : containerPort;
}
