import type { FieldPath } from '../../base/path.ts';
import type { CheckedDocument, CheckedObject } from '../../manifest/checked-document.ts';
import { ofKind } from '../config/object-set.ts';
import { DEFAULT_PROTOCOL } from '../spec/defaults.ts';
import type { AddressEndpoint, ServicePort } from '../spec/desired-service.ts';
import { parseIPAddress } from '../spec/ip-address.ts';
import { namespaceOf, qualifiedName } from '../spec/qualified-name.ts';
import type { Finding } from '../validation/finding.ts';

/** The label of an EndpointSlice with the name of its Service. */
const SERVICE_NAME_LABEL = 'kubernetes.io/service-name';

/** Endpoints of a Service by the name of a port, which is empty for the only one. */
interface PortEndpoints {
  readonly port: string;
  readonly protocol: string;
  readonly endpoints: readonly AddressEndpoint[];
}

/** A Service as far as endpoints refer to it. */
interface ServiceKey {
  readonly name: string;
  readonly namespace: string;
}

/** The endpoints of the files for a port of a Service without a selector: IPv4 addresses, in a stable order. */
export function addressesOf(
  documents: readonly CheckedDocument[],
  service: ServiceKey,
  { name = '', protocol }: Pick<ServicePort, 'name' | 'protocol'>,
): readonly AddressEndpoint[] {
  const endpoints = endpointsOf(documents, service)
    .filter((one) => one.port === name && one.protocol === protocol)
    .flatMap((one) => one.endpoints);
  const unique = new Map(endpoints.map((one) => [`${one.address}:${one.port}`, one] as const));
  return [...unique].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, endpoint]) => endpoint);
}

function endpointsOf(documents: readonly CheckedDocument[], service: ServiceKey): readonly PortEndpoints[] {
  const isOfService = (document: EndpointsObject): boolean => {
    const { name, namespace } = serviceOf(document);
    return qualifiedName({ namespace, name }) === service.name;
  };
  return [
    ...ofKind(documents, 'Endpoints').filter(isOfService).flatMap(ofEndpoints),
    ...ofKind(documents, 'EndpointSlice').filter(isOfService).flatMap(ofSlice),
  ];
}

type EndpointsObject = CheckedObject<'Endpoints'> | CheckedObject<'EndpointSlice'>;

/** The Service that endpoints belong to: Endpoints have its name, an EndpointSlice has a label. */
function serviceOf({ kind, value: { metadata } }: EndpointsObject): ServiceKey {
  const name = kind === 'Endpoints' ? metadata?.name : metadata?.labels?.[SERVICE_NAME_LABEL];
  return { name: name ?? '', namespace: namespaceOf(metadata) };
}

function ofEndpoints({ complete }: CheckedObject<'Endpoints'>): readonly PortEndpoints[] {
  return (complete?.subsets ?? []).flatMap(({ addresses = [], ports = [] }) =>
    ports.map(({ name = '', protocol = DEFAULT_PROTOCOL, port }) => ({
      port: name,
      protocol,
      endpoints: addresses
        .filter(({ ip }) => parseIPAddress(ip)?.family === 4)
        .map(({ ip }) => ({ address: ip, port })),
    })),
  );
}

/** An endpoint has one address that is used; whether it is ready is unknown by default, which counts as ready. */
function ofSlice({ complete }: CheckedObject<'EndpointSlice'>): readonly PortEndpoints[] {
  if (complete?.addressType !== 'IPv4') return [];
  const { endpoints = [], ports = [] } = complete;
  const ready = endpoints.filter(({ conditions }) => conditions?.ready !== false);
  return ports.flatMap(({ name = '', protocol = DEFAULT_PROTOCOL, port }) =>
    port === undefined
      ? []
      : [
          {
            port: name,
            protocol,
            endpoints: ready.flatMap(({ addresses: [address] }) =>
              address === undefined ? [] : [{ address, port }],
            ),
          },
        ],
  );
}

/** Whether the files have endpoints for a Service. */
export function hasEndpoints(documents: readonly CheckedDocument[], service: ServiceKey): boolean {
  return endpointsOf(documents, service).length > 0;
}

/** Endpoints that nothing uses. */
export function* checkEndpointsLimits(
  object: EndpointsObject,
  documents: readonly CheckedDocument[],
): Iterable<Finding> {
  const { name, namespace } = serviceOf(object);
  const isServed = ofKind(documents, 'Service').some(({ value: { metadata, spec = {} } }) => {
    const { selector = {}, clusterIP } = spec;
    return (
      metadata?.name === name &&
      namespaceOf(metadata) === namespace &&
      Object.keys(selector).length === 0 &&
      clusterIP !== 'None'
    );
  });
  const other = otherAddressPath(object);
  if (other !== undefined)
    yield {
      code: 'ignored',
      severity: 'warning',
      path: other,
      message: 'ignored: the network of the project has IPv4 addresses',
    };
  if (!isServed)
    yield {
      code: 'ignored',
      severity: 'warning',
      path: ['metadata', 'name'],
      message: `ignored: the files have no Service '${name}' without a selector that has an address`,
    };
}

/** The first address that is none of IPv4, or the type of such addresses. */
function otherAddressPath(object: EndpointsObject): FieldPath | undefined {
  if (object.kind === 'EndpointSlice') {
    const { addressType = 'IPv4' } = object.value;
    return addressType === 'IPv4' ? undefined : ['addressType'];
  }
  for (const [index, { addresses = [] }] of (object.value.subsets ?? []).entries()) {
    const at = addresses.findIndex(({ ip = '' }) => parseIPAddress(ip)?.family === 6);
    if (at !== -1) return ['subsets', index, 'addresses', at, 'ip'];
  }
  return undefined;
}
