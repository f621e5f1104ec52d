import { defined } from '../../base/defined.ts';
import { DEFAULT_PROTOCOL } from './defaults.ts';
import type { Pod } from '../../manifest/schema/generated/kubernetes.ts';
import type { Protocol } from './desired.ts';

/** How the ports of a pod can be reached, according to its manifest. */
export interface PortReach {
  /** Whether any hostPort has no hostIP. */
  readonly usesDefaultHostIP: boolean;
  /** The ports of a pod that publishes none, in the order of the manifest; empty if it publishes one. */
  readonly unpublished: readonly UnpublishedPort[];
  /** All ports of the app containers. */
  readonly declared: readonly DeclaredPort[];
}

export interface DeclaredPort extends UnpublishedPort {
  readonly container: string;
  readonly portName?: string;
}

export interface UnpublishedPort {
  readonly containerPort: number;
  readonly protocol: Protocol;
}

/** Kubernetes publishes no ports of init containers. */
export function portReach({ spec }: Pod): PortReach {
  const ports = spec.containers.flatMap((container) => container.ports ?? []);
  const published = ports.filter(({ hostPort = 0 }) => hostPort !== 0);
  const isReached = published.length > 0 || spec.hostNetwork === true;
  return {
    usesDefaultHostIP: published.some(({ hostIP = '' }) => hostIP === ''),
    unpublished: isReached
      ? []
      : ports.map(({ containerPort, protocol = DEFAULT_PROTOCOL }) => ({ containerPort, protocol })),
    declared: spec.containers.flatMap((container) =>
      (container.ports ?? []).map(({ name: portName, containerPort, protocol = DEFAULT_PROTOCOL }) => ({
        container: container.name,
        ...defined({ portName }),
        ...{ containerPort, protocol },
      })),
    ),
  };
}
