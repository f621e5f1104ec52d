import { digest } from '../../base/digest.ts';
import type { DesiredService, ServicePort } from '../../kube/spec/desired-service.ts';
import type { LastAppliedPort } from '../../podman/last-applied.ts';
import { collide } from '../../podman/inspect/host-ports.ts';
import type { ServiceRecord } from '../../podman/service-record.ts';

/** The range of node ports of a cluster (--service-node-port-range of kube-apiserver). */
const FIRST_NODE_PORT = 30_000;
const NODE_PORTS = 2768;

/** What a published port asks for. */
export interface WantedPort extends LastAppliedPort {
  /** Whether the manifest has the number; if not, any other is as good. */
  readonly isGiven: boolean;
}

/** The ports of the machine that a Service asks for, in the order of its ports. */
export function wantedPorts({ type, ports, hostIP, ...service }: DesiredService): readonly WantedPort[] {
  if (hostIP === undefined) return [];
  return ports.map((port) => ({
    hostIP,
    hostPort: type === 'LoadBalancer' ? port.port : (port.nodePort ?? nodePortOf(service, port)),
    containerPort: port.port,
    protocol: port.protocol,
    isGiven: type === 'LoadBalancer' || port.nodePort !== undefined,
  }));
}

/** A node port that follows from the names. */
function nodePortOf(
  { name, namespace }: Pick<DesiredService, 'name' | 'namespace'>,
  port: ServicePort,
): number {
  const seed = digest(`${namespace}/${name}/${port.name ?? port.port}/${port.protocol}`);
  return FIRST_NODE_PORT + (Number.parseInt(seed.slice(-8), 16) % NODE_PORTS);
}

/** Whether a port of the machine can be published; undefined if it was not tried. */
export type IsFree = (port: LastAppliedPort) => boolean | undefined;

/** The key of a port in the answers. */
export function portKey({ hostIP, hostPort, protocol }: LastAppliedPort): string {
  return `${hostIP} ${hostPort} ${protocol}`;
}

/** The port to be tried next, if its answer is missing. */
export type PublishedPorts =
  | { readonly kind: 'ports'; readonly ports: readonly LastAppliedPort[] }
  | { readonly kind: 'try'; readonly port: LastAppliedPort };

/** The pod that publishes ports. */
export interface Publisher {
  readonly published: readonly LastAppliedPort[];
  /** Whether its infra container runs, which holds the ports. */
  readonly isRunning: boolean;
}

/**
 * The ports of the machine for a Service. One that exists keeps its ports, as long as it asks for the same and nothing has taken
 * them since it was stopped. A port that cannot be had is replaced: from 8080 on, or 8443 on for 443, or the next node ports.
 * @param used the ports of other Services
 */
export function publishedPorts(
  service: DesiredService,
  current: (Publisher & Pick<ServiceRecord, 'service'>) | undefined,
  used: readonly LastAppliedPort[],
  isFree: IsFree,
): PublishedPorts {
  const before = current === undefined ? [] : wantedPorts(current.service);
  const ports: LastAppliedPort[] = [];
  for (const wanted of wantedPorts(service)) {
    const index = before.findIndex((port) => isSame(port, wanted));
    const kept = index === -1 ? undefined : current?.published[index];
    const { isGiven: _, ...port } = wanted;
    const found = placedPort(port, kept, current?.isRunning === true, [...used, ...ports], isFree);
    if ('kind' in found) return found;
    ports.push(found);
  }
  return { kind: 'ports', ports };
}

/**
 * The port that a pod keeps, or the first free one.
 * @param kept the port that it has
 */
export function placedPort(
  wanted: LastAppliedPort,
  kept: LastAppliedPort | undefined,
  isRunning: boolean,
  used: readonly LastAppliedPort[],
  isFree: IsFree,
): LastAppliedPort | Extract<PublishedPorts, { kind: 'try' }> {
  if (kept !== undefined && isRunning) return kept;
  return firstFree(kept ?? wanted, used, isFree);
}

function isSame(one: WantedPort, other: WantedPort): boolean {
  return (
    one.hostIP === other.hostIP &&
    one.hostPort === other.hostPort &&
    one.containerPort === other.containerPort &&
    one.protocol === other.protocol
  );
}

/** The port, or the first one in place of it that is free; the port itself if none is. */
function firstFree(
  wanted: LastAppliedPort,
  used: readonly LastAppliedPort[],
  isFree: IsFree,
): LastAppliedPort | Extract<PublishedPorts, { kind: 'try' }> {
  for (const hostPort of candidates(wanted.hostPort)) {
    const port = { ...wanted, hostPort };
    if (used.some((other) => collide(other, port))) continue;
    const answer = isFree(port);
    if (answer === undefined) return { kind: 'try', port };
    if (answer) return port;
  }
  return wanted;
}

/** How many ports are tried. */
const TRIES = 100;

function candidates(port: number): readonly number[] {
  const first = port === 443 ? 8443 : port < 1024 ? 8080 : port + 1;
  return [
    port,
    ...Array.from({ length: TRIES }, (_, index) => first + index).filter((next) => next < 65_536),
  ];
}
