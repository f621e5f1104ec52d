import { serviceVariables } from '../../kube/services/variables.ts';
import type { DesiredContainer, PlainVar, ServiceHost } from '../../kube/spec/desired.ts';
import type { DesiredService } from '../../kube/spec/desired-service.ts';
import { askNetworkGateway } from '../client/queries.ts';
import type { ServiceAddress } from '../service-record.ts';
import type { Query } from '../client/client.ts';

/** The Services of the namespace of a new container, which gets variables of them. */
export interface ServiceLinks {
  /** podman's name of the network of the addresses. */
  readonly network: string;
  readonly services: readonly LinkedService[];
}

export interface LinkedService extends Pick<DesiredService, 'name' | 'type' | 'ports'> {
  readonly address: ServiceAddress;
}

/** The variables that the container has not itself. They are no settings: a changed Service recreates no container. */
export function linkVariables(
  links: ServiceLinks | undefined,
  { env }: Pick<DesiredContainer, 'env'>,
): readonly PlainVar[] {
  const own = new Set(env.map(({ name }) => name));
  return (links?.services ?? []).flatMap(serviceVariables).filter(({ name }) => !own.has(name));
}

/** The address of a Service: that of the gateway of the network, and two digits. Undefined for a Service that is gone. */
export function serviceHost(
  links: ServiceLinks | undefined,
  { service }: ServiceHost,
): { readonly ask: Query; readonly after: string } | undefined {
  const address = links?.services.find(({ name }) => name === service)?.address;
  if (links === undefined || address === undefined) return undefined;
  return { ask: askNetworkGateway(links.network), after: address };
}
