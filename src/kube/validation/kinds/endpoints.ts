import type { FieldPath } from '../../../base/path.ts';
import type { CheckedObject, Incomplete } from '../../../manifest/checked-document.ts';
import type {
  CoreEndpointPort,
  Endpoint,
  EndpointAddress,
  EndpointHints,
} from '../../../manifest/schema/generated/kubernetes.ts';
import { checkUnique } from '../fields.ts';
import type { Finding } from '../finding.ts';
import { checkLabelValue } from '../label-selector.ts';
import { checkFilled, checkQualifiedName } from '../name-checks.ts';
import { checkName, dnsLabel, dnsSubdomain } from '../names.ts';
import {
  checkCanonicalAddress,
  checkEndpointAddress,
  checkFamily,
  checkIPAddress,
} from '../network/addresses.ts';
import { checkPortNumber } from '../network/port-values.ts';

/** Checks Endpoints (validateEndpointSubsets in pkg/apis/core/validation/validation.go). */
export function* checkEndpoints(endpoints: CheckedObject<'Endpoints'>): Iterable<Finding> {
  for (const [index, subset] of (endpoints.value.subsets ?? []).entries()) {
    const path = ['subsets', index];
    const { addresses = [], notReadyAddresses = [], ports = [] } = subset;
    if (notReadyAddresses.length === 0 && !endpoints.isPruned([...path, 'notReadyAddresses']))
      yield* checkFilled(endpoints, addresses, path, 'addresses');
    for (const [field, list] of Object.entries({ addresses, notReadyAddresses }))
      for (const [at, address] of list.entries()) yield* checkAddress(address, [...path, field, at]);
    for (const [at, port] of ports.entries()) {
      const place = [...path, 'ports', at];
      if (ports.length > 1) yield* checkFilled(endpoints, port.name, place, 'name');
      yield* checkEndpointPort(port, place);
    }
  }
}

function* checkAddress(
  { ip, hostname = '', nodeName }: Incomplete<EndpointAddress>,
  path: FieldPath,
): Iterable<Finding> {
  if (ip !== undefined) {
    yield* checkIPAddress(ip, [...path, 'ip']);
    yield* checkEndpointAddress(ip, [...path, 'ip']);
  }
  if (hostname !== '') yield* checkName(dnsLabel, hostname, [...path, 'hostname']);
  if (nodeName !== undefined) yield* checkName(dnsSubdomain, nodeName, [...path, 'nodeName']);
}

function* checkEndpointPort(
  { name = '', port, appProtocol }: Incomplete<CoreEndpointPort>,
  path: FieldPath,
): Iterable<Finding> {
  if (name !== '') yield* checkName(dnsLabel, name, [...path, 'name']);
  yield* checkPortNumber(port, [...path, 'port']);
  if (appProtocol !== undefined) yield* checkQualifiedName(appProtocol, [...path, 'appProtocol']);
}

/** The limits of pkg/apis/discovery/validation/validation.go. */
const MAX_ENDPOINTS = 1000;
const MAX_ADDRESSES = 100;
const MAX_PORTS = 20_000;
const MAX_HINTS = 8;

/** Checks an EndpointSlice (ValidateEndpointSlice). The server drops deprecatedTopology and does not check port numbers. */
export function* checkEndpointSlice(slice: CheckedObject<'EndpointSlice'>): Iterable<Finding> {
  const { addressType, endpoints = [], ports = [] } = slice.value;
  if (addressType === 'FQDN')
    yield {
      code: 'deprecated',
      severity: 'warning',
      path: ['addressType'],
      message: 'is deprecated: nothing defines what endpoints with names mean',
    };
  yield* checkCount(endpoints, MAX_ENDPOINTS, ['endpoints']);
  yield* checkCount(ports, MAX_PORTS, ['ports']);
  if (endpoints.length <= MAX_ENDPOINTS)
    for (const [index, endpoint] of endpoints.entries())
      yield* checkEndpoint(slice, endpoint, ['endpoints', index]);
  if (ports.length > MAX_PORTS) return;
  for (const [index, { name = '', appProtocol }] of ports.entries()) {
    const path = ['ports', index];
    if (name !== '') yield* checkName(dnsLabel, name, [...path, 'name']);
    if (appProtocol !== undefined) yield* checkQualifiedName(appProtocol, [...path, 'appProtocol']);
  }
  yield* checkUnique(
    ports.map(({ name = '' }, index) => (slice.isPruned(['ports', index, 'name']) ? undefined : name)),
    (index) => ['ports', index, 'name'],
  );
}

function* checkCount(list: readonly unknown[], most: number, path: FieldPath): Iterable<Finding> {
  if (list.length > most)
    yield {
      code: 'too-many-values',
      path,
      at: 'key',
      message: `must have at most ${most}, got ${list.length}`,
    };
}

function* checkEndpoint(
  slice: CheckedObject<'EndpointSlice'>,
  { addresses = [], nodeName, hostname, hints }: Incomplete<Endpoint>,
  path: FieldPath,
): Iterable<Finding> {
  yield* checkFilled(slice, addresses, path, 'addresses');
  yield* checkCount(addresses, MAX_ADDRESSES, [...path, 'addresses']);
  for (const [index, address] of addresses.entries())
    yield* checkAddressOfType(slice.value.addressType, address, [...path, 'addresses', index]);
  if (nodeName !== undefined) yield* checkName(dnsSubdomain, nodeName, [...path, 'nodeName']);
  if (hostname !== undefined) yield* checkName(dnsLabel, hostname, [...path, 'hostname']);
  if (hints !== undefined) yield* checkHints(hints, [...path, 'hints']);
}

function* checkAddressOfType(type: string | undefined, address: string, path: FieldPath): Iterable<Finding> {
  if (type === 'FQDN') yield* checkFullName(address, path);
  if (type !== 'IPv4' && type !== 'IPv6') return;
  yield* type === 'IPv4' ? checkIPAddress(address, path) : checkCanonicalAddress(address, path);
  yield* checkFamily(address, type === 'IPv4' ? 4 : 6, path);
  yield* checkEndpointAddress(address, path);
}

/** A host name with a domain (IsFullyQualifiedDomainName in k8s.io/apimachinery/pkg/util/validation). */
function* checkFullName(name: string, path: FieldPath): Iterable<Finding> {
  const labels = name.replace(/\.$/, '').split('.');
  yield* checkName(dnsSubdomain, name.replace(/\.$/, ''), path);
  if (labels.length < 2)
    yield {
      code: 'invalid-name',
      path,
      message: `'${name}' must have a domain: at least two names with '.'`,
    };
  for (const label of labels) if (label.length > dnsLabel.longest) yield* checkName(dnsLabel, label, path);
}

function* checkHints(
  { forZones = [], forNodes = [] }: Incomplete<EndpointHints>,
  path: FieldPath,
): Iterable<Finding> {
  for (const [field, list] of Object.entries({ forZones, forNodes })) {
    const place = [...path, field];
    yield* checkCount(list, MAX_HINTS, place);
    yield* checkUnique(
      list.map(({ name = '' }) => name),
      (index) => [...place, index, 'name'],
    );
    for (const [index, { name }] of list.entries()) {
      if (field === 'forZones') yield* checkLabelValue(name ?? '', [...place, index, 'name']);
      else if (name !== undefined) yield* checkName(dnsSubdomain, name, [...place, index, 'name']);
    }
  }
}
