import type { Incomplete } from '../../manifest/checked-document.ts';
import type { IngressBackend } from '../../manifest/schema/generated/kubernetes.ts';
import { DEFAULT_PROTOCOL, POD_DEFAULTS } from '../spec/defaults.ts';
import type { DesiredService, ServicePort } from '../spec/desired-service.ts';
import { CLUSTER_DOMAIN } from '../spec/host-name.ts';
import { containersOf, type PodObject } from '../spec/pod-object.ts';
import { namespaceOf, qualifiedName } from '../spec/qualified-name.ts';
import { UNAVAILABLE, type ProxyTarget } from './proxy-rules.ts';

/** What the backends of Ingresses refer to. */
export interface BackendObjects {
  readonly services: readonly DesiredService[];
  readonly pods: readonly PodObject[];
}

/** Where the requests for a backend go, and what is missing there: a clause, for a warning. */
export interface FoundBackend {
  readonly target: ProxyTarget;
  readonly missing?: { readonly path: readonly string[]; readonly message: string };
}

/** Finds the Service of a backend and its port. */
export function findBackend(
  { service, resource }: Incomplete<IngressBackend>,
  namespace: string,
  { services, pods }: BackendObjects,
): FoundBackend {
  if (service === undefined)
    return resource === undefined
      ? { target: UNAVAILABLE }
      : missing(['resource'], 'only Services are backends here: requests are answered with 503');
  const { name = '', port = {} } = service;
  const found = services.find((one) => one.name === qualifiedName({ namespace, name }));
  if (found === undefined)
    return missing(
      ['service', 'name'],
      `no Service '${name}'${inNamespace(namespace)} in the given files: requests are answered with 503`,
    );
  if (found.type === 'ExternalName') return { target: `${found.externalName ?? ''}:${port.number ?? 80}` };
  const own = found.ports.find((one) =>
    port.number === undefined || port.number === 0 ? one.name === port.name : one.port === port.number,
  );
  const number = own === undefined ? undefined : portOf(found, own, pods);
  if (number === undefined) {
    const asked =
      port.number === undefined || port.number === 0 ? ['name', port.name] : ['number', port.number];
    return missing(
      ['service', 'port', String(asked[0])],
      `svc/${name} has no port '${asked[1] ?? ''}': requests are answered with 503`,
    );
  }
  return { target: `${name}.${namespace}.svc.${CLUSTER_DOMAIN}:${number}` };
}

function inNamespace(namespace: string): string {
  return namespace === POD_DEFAULTS.namespace ? '' : ` of namespace '${namespace}'`;
}

function missing(path: readonly string[], message: string): FoundBackend {
  return { target: UNAVAILABLE, missing: { path, message } };
}

/** The port that answers at the name of the Service: a headless one resolves to its pods, which have the target port. */
function portOf(
  { type, selector = {}, namespace }: DesiredService,
  { port, targetPort }: ServicePort,
  pods: readonly PodObject[],
): number | undefined {
  if (type !== 'Headless') return port;
  if (typeof targetPort === 'number') return targetPort;
  const selected = pods.filter(
    ({ value: { metadata = {} } }) =>
      namespaceOf(metadata) === namespace &&
      Object.entries(selector).every(([name, value]) => metadata.labels?.[name] === value),
  );
  return selected
    .flatMap((pod) => containersOf(pod).flatMap(({ value }) => value.ports ?? []))
    .find(({ name, protocol = DEFAULT_PROTOCOL }) => name === targetPort && protocol === 'TCP')
    ?.containerPort;
}
