import type { Protocol } from './desired.ts';

/** A Service in Kubernetes terms, with defaults. It is JSON-compatible: a label records it. */
export interface DesiredService {
  /** With its namespace, unless that is the default one (`qualified-name.ts`). */
  readonly name: string;
  readonly namespace: string;
  readonly type: ServiceType;
  /** The labels of its pods; absent for a Service whose endpoints are given. */
  readonly selector?: Readonly<Record<string, string>>;
  readonly ports: readonly ServicePort[];
  readonly sessionAffinity?: 'ClientIP';
  readonly publishNotReadyAddresses?: true;
  /** The host of an ExternalName. */
  readonly externalName?: string;
  /** The address that the manifest asks for. */
  readonly clusterIP?: string;
  /** The host address of its published ports; absent for a Service that publishes none. */
  readonly hostIP?: string;
}

/** `Headless`: without an address of its own, `clusterIP: None`. */
export type ServiceType = 'ClusterIP' | 'NodePort' | 'LoadBalancer' | 'Headless' | 'ExternalName';

export interface ServicePort {
  /** Absent for the only port. */
  readonly name?: string;
  readonly protocol: Protocol;
  readonly port: number;
  /** The port of the pods: a number, or the name of a container's port. */
  readonly targetPort: number | string;
  /** The port of the machine that the manifest asks for. */
  readonly nodePort?: number;
  /** The endpoints of a Service without a selector: addresses with ports. */
  readonly addresses?: readonly AddressEndpoint[];
}

export interface AddressEndpoint {
  readonly address: string;
  readonly port: number;
}

/** Whether a Service has an address that its manifest, and the variables of containers, can have. */
export function hasAddress({ type }: Pick<DesiredService, 'type'>): boolean {
  return type === 'ClusterIP' || type === 'NodePort' || type === 'LoadBalancer';
}

/** Whether its name leads to an address of its own, from which connections are forwarded: so it has a podman pod. */
export function isForwarded({ type }: Pick<DesiredService, 'type'>): boolean {
  return type !== 'Headless';
}
