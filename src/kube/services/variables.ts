import type { Incomplete } from '../../manifest/checked-document.ts';
import type { Pod } from '../../manifest/schema/generated/kubernetes.ts';
import { hasAddress, type DesiredService, type ServicePort } from '../spec/desired-service.ts';
import type { DesiredPod, PlainVar, Text } from '../spec/desired.ts';
import { objectName } from '../spec/qualified-name.ts';

type LinkedService = Pick<DesiredService, 'name' | 'type' | 'ports'>;

/**
 * The variables of a Service in containers of its namespace (FromServices in pkg/kubelet/envvars/envvars.go). None for a
 * Service without an address.
 * https://kubernetes.io/docs/concepts/services-networking/service/#environment-variables
 */
export function serviceVariables(service: LinkedService): readonly PlainVar[] {
  const [first] = service.ports;
  if (!hasAddress(service) || first === undefined) return [];
  const prefix = variablePrefix(service.name);
  const address = hostText(service);
  return [
    { name: `${prefix}_SERVICE_HOST`, value: address },
    { name: `${prefix}_SERVICE_PORT`, value: first.port.toString() },
    ...service.ports.flatMap(({ name, port }) =>
      name === undefined
        ? []
        : [{ name: `${prefix}_SERVICE_PORT_${asVariable(name)}`, value: port.toString() }],
    ),
    { name: `${prefix}_PORT`, value: urlText(service, first) },
    ...service.ports.flatMap((port) => portVariables(service, prefix, port)),
  ];
}

/** The names that the links of Docker had. */
function portVariables(service: LinkedService, prefix: string, port: ServicePort): readonly PlainVar[] {
  const name = `${prefix}_PORT_${port.port}_${port.protocol}`;
  return [
    { name, value: urlText(service, port) },
    { name: `${name}_PROTO`, value: port.protocol.toLowerCase() },
    { name: `${name}_PORT`, value: port.port.toString() },
    { name: `${name}_ADDR`, value: hostText(service) },
  ];
}

function urlText({ name }: LinkedService, { protocol, port }: ServicePort): Text {
  return { before: `${protocol.toLowerCase()}://`, address: { service: name }, after: `:${port}` };
}

function hostText({ name }: LinkedService): Text {
  return { before: '', address: { service: name }, after: '' };
}

/** The variable with the address of a Service. */
export function hostVariable(service: string): string {
  return `${variablePrefix(service)}_SERVICE_HOST`;
}

function variablePrefix(service: string): string {
  return asVariable(objectName(service).name);
}

function asVariable(name: string): string {
  return name.toUpperCase().replaceAll('-', '_');
}

/** The variables of Services that the texts of a pod can refer to. */
export function linkedVariables(
  { spec }: Incomplete<Pod>,
  { serviceVariables: all }: { readonly serviceVariables: ReadonlyMap<string, Text> },
): ReadonlyMap<string, Text> {
  return spec?.enableServiceLinks === false || spec?.hostNetwork === true ? new Map<string, Text>() : all;
}

/**
 * Whether the containers of a pod get variables of the Services of its namespace. With the network of the host, they cannot
 * reach the addresses.
 */
export function getsServiceVariables({ sandbox }: Pick<DesiredPod, 'sandbox'>): boolean {
  return sandbox.enableServiceLinks !== false && !sandbox.hostNetwork;
}
