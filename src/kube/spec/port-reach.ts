import { DEFAULT_PROTOCOL } from './defaults.ts';
import type { Pod } from '../../manifest/schema/generated/kubernetes.ts';
import type { Protocol } from './desired.ts';

/** From where the ports of a pod are reached, as far as its manifest says. */
export interface PortReach {
  /** Whether any hostPort is without a hostIP. */
  readonly usesDefaultHostIP: boolean;
  /**
   * The ports of a pod that publishes none of them, in the order of the manifest; empty where it publishes
   * one.
   */
  readonly unpublished: readonly UnpublishedPort[];
}

export interface UnpublishedPort {
  readonly containerPort: number;
  readonly protocol: Protocol;
}

/** Init containers have none: Kubernetes opens the host ports of app containers only. */
export function portReach({ spec }: Pod): PortReach {
  const ports = spec.containers.flatMap((container) => container.ports ?? []);
  const published = ports.filter(({ hostPort = 0 }) => hostPort !== 0);
  const isReached = published.length > 0 || spec.hostNetwork === true;
  return {
    usesDefaultHostIP: published.some(({ hostIP = '' }) => hostIP === ''),
    unpublished: isReached
      ? []
      : ports.map(({ containerPort, protocol = DEFAULT_PROTOCOL }) => ({ containerPort, protocol })),
  };
}
