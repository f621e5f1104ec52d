import type { FieldPath } from '../../../base/path.ts';
import { parseIPAddress } from '../../spec/ip-address.ts';
import { checkUnique, forbiddenField, missingField } from '../fields.ts';
import type { Finding } from '../finding.ts';
import { checkFamily, checkIPAddress } from '../network/addresses.ts';
import type { Service, ServiceSpec } from './service-object.ts';

/** The "address" of a Service that has none: clients get the addresses of its pods. */
export const NO_ADDRESS = 'None';

/** The addresses of a Service. clusterIP is the first of clusterIPs, and may stand alone. */
interface ClusterAddresses {
  readonly values: readonly string[];
  readonly pathOf: (index: number) => FieldPath;
}

function clusterAddresses({ clusterIP = '', clusterIPs = [] }: ServiceSpec): ClusterAddresses {
  if (clusterIPs.length > 0) return { values: clusterIPs, pathOf: (index) => ['spec', 'clusterIPs', index] };
  return { values: clusterIP === '' ? [] : [clusterIP], pathOf: () => ['spec', 'clusterIP'] };
}

export function isHeadless(spec: ServiceSpec): boolean {
  const { values } = clusterAddresses(spec);
  return values.length === 1 && values[0] === NO_ADDRESS;
}

/** clusterIP, clusterIPs, ipFamilies and ipFamilyPolicy (ValidateServiceClusterIPsRelatedFields). */
export function* checkServiceAddresses(service: Service, spec: ServiceSpec): Iterable<Finding> {
  if (spec.type === 'ExternalName') {
    yield* forbidAddresses(spec);
    return;
  }
  yield* checkUnique(spec.ipFamilies ?? [], (index) => ['spec', 'ipFamilies', index]);
  if (service.isPruned(['spec', 'clusterIPs']) || service.isPruned(['spec', 'clusterIP'])) return;
  const addresses = clusterAddresses(spec);
  if (isHeadless(spec) && (spec.type === 'LoadBalancer' || spec.type === 'NodePort'))
    yield {
      code: 'wrong-value',
      path: addresses.pathOf(0),
      message: `must not be '${NO_ADDRESS}': a Service of type '${spec.type}' needs an address`,
    };
  yield* checkFirstAddress(spec);
  yield* checkAddresses(addresses, spec);
}

function* forbidAddresses(spec: ServiceSpec): Iterable<Finding> {
  const set = {
    clusterIP: (spec.clusterIPs ?? []).length === 0 && (spec.clusterIP ?? '') !== '',
    clusterIPs: (spec.clusterIPs ?? []).length > 0,
    ipFamilies: (spec.ipFamilies ?? []).length > 0,
    ipFamilyPolicy: spec.ipFamilyPolicy !== undefined,
  };
  for (const [field, isSet] of Object.entries(set))
    if (isSet) yield forbiddenField(['spec', field], "a Service of type 'ExternalName' has no address");
}

function* checkFirstAddress({ clusterIP = '', clusterIPs = [] }: ServiceSpec): Iterable<Finding> {
  const [first] = clusterIPs;
  if (first === undefined || first === clusterIP) return;
  if (clusterIP === '') yield missingField(['spec'], 'clusterIP');
  else
    yield {
      code: 'wrong-value',
      path: ['spec', 'clusterIPs', 0],
      message: `must equal clusterIP, '${clusterIP}', got '${first}'`,
    };
}

function* checkAddresses({ values, pathOf }: ClusterAddresses, spec: ServiceSpec): Iterable<Finding> {
  if (values[0] === NO_ADDRESS && values.length > 1)
    yield { code: 'wrong-value', path: pathOf(0), message: `'${NO_ADDRESS}' must be the only value` };
  const given = [...values.entries()].filter(([index, value]) => index > 0 || value !== NO_ADDRESS);
  for (const [index, value] of given) yield* checkIPAddress(value, pathOf(index));
  if (values.length > 2)
    yield {
      code: 'too-many-values',
      path: ['spec', 'clusterIPs'],
      at: 'key',
      message: 'must have at most 2 addresses',
    };
  const parsed = values.map((value) => parseIPAddress(value)?.family);
  if (parsed.includes(undefined)) return;
  if (values.length > 1 && new Set(parsed).size < 2)
    yield {
      code: 'wrong-value',
      path: ['spec', 'clusterIPs'],
      at: 'key',
      message: `must not have two IPv${parsed[0] ?? 4} addresses: at most one of each family`,
    };
  for (const [index, family] of (spec.ipFamilies ?? []).entries()) {
    const value = values[index];
    if (value !== undefined) yield* checkFamily(value, family === 'IPv6' ? 6 : 4, pathOf(index));
  }
}
