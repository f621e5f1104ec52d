import { isObject, listOf, type JsonObject as Members } from '../../../base/json-members.ts';
import type { Json } from '../../../base/stable-json.ts';
import type { HostPort } from '../../../kube/spec/desired.ts';
import { INFRA_NAME, USERNS } from '../../../kube/spec/podman-annotations.ts';
import { withoutEmpty, membersOf, quantitiesOf, textOf } from './values.ts';

/** Ports and container names of the manifest: last-applied settings have no names of ports, and no container of a port. */
export interface DeclaredPorts {
  readonly hostPorts: readonly HostPort[];
  readonly containers: readonly { readonly name: string }[];
}

/** Converts last-applied settings of a pod to fields of a manifest. */
export function podForm({ metadata, spec, ...rest }: Members, declared: DeclaredPorts): Members {
  const { hostPorts, sysctls, fsGroup, fqdn, resources, dnsConfig, ...ofPodman } = membersOf(spec);
  const { userns, infraName, namespace = domainPart(fqdn, 2), ...fields } = ofPodman;
  const { annotations, ...ofPod } = membersOf(metadata);
  const isAutomatic = userns === 'auto';
  return withoutEmpty({
    ...rest,
    metadata: withoutEmpty({
      ...ofPod,
      annotations: withoutEmpty({
        ...membersOf(annotations),
        [USERNS]: isAutomatic ? undefined : userns,
        [INFRA_NAME]: infraName,
      }),
      namespace,
    }),
    spec: withoutEmpty({
      ...fields,
      hostUsers: isAutomatic ? false : undefined,
      subdomain: domainPart(fqdn, 1),
      dnsConfig: dnsForm(dnsConfig),
      resources: quantitiesOf(resources),
      securityContext: withoutEmpty({ fsGroup, sysctls }),
      containers: portsForm(listOf(hostPorts), declared),
    }),
  });
}

/** `HOSTNAME.SUBDOMAIN.NAMESPACE.svc...` */
function domainPart(fqdn: Json | undefined, index: number): string | undefined {
  return typeof fqdn === 'string' ? fqdn.split('.')[index] : undefined;
}

function dnsForm(config: Json | undefined): Json | undefined {
  if (!isObject(config) || config['options'] === undefined) return config;
  const options = listOf(config['options']).map((option): Json => {
    const [name = '', ...value] = textOf(option).split(':');
    return { name, ...(value.length === 0 ? {} : { value: value.join(':') }) };
  });
  return { ...config, options };
}

/** The container of a port that is not in the manifest any more may be unknown. */
const UNKNOWN = '*';

/** Ports as `containers[web].ports[http].hostPort`. Every container has an entry, so that ports are compared one by one. */
function portsForm(ports: readonly Json[], declared: DeclaredPorts): Json {
  const names = [...declared.containers.map(({ name }) => name), UNKNOWN];
  const byContainer = new Map<string, Members[]>(names.map((name) => [name, []]));
  for (const port of ports.map(membersOf)) {
    const { container, name } = declarationOf(port, declared);
    byContainer.set(container, [...(byContainer.get(container) ?? []), { name, ...port }]);
  }
  return [...byContainer].map(([name, list]) => ({ name, ...(list.length === 0 ? {} : { ports: list }) }));
}

function declarationOf(
  { containerPort, protocol, hostPort }: Members,
  { hostPorts, containers }: DeclaredPorts,
): { readonly container: string; readonly name: string } {
  const same = hostPorts.filter((port) => port.containerPort === containerPort && port.protocol === protocol);
  const declared = same.find((port) => port.hostPort === hostPort) ?? same[0];
  const [only, ...others] = containers;
  const container = declared?.container ?? (others.length === 0 ? only?.name : undefined) ?? UNKNOWN;
  return { container, name: declared?.portName ?? textOf(containerPort) };
}
