import type { FieldPath } from '../../../base/path.ts';
import type { Incomplete } from '../../../manifest/checked-document.ts';
import type { ServicePort } from '../../../manifest/schema/generated/kubernetes.ts';
import { DEFAULT_PROTOCOL } from '../../spec/defaults.ts';
import { checkRange, checkUnique, forbiddenField, missingField } from '../fields.ts';
import type { Finding } from '../finding.ts';
import { checkLabelWords } from '../label-selector.ts';
import { checkFilled, checkQualifiedName } from '../name-checks.ts';
import { checkName, dnsLabel, dnsSubdomain } from '../names.ts';
import { checkAddressRange, checkEndpointAddress, checkIPAddress } from '../network/addresses.ts';
import { checkPort, checkPortNumber } from '../network/port-values.ts';
import { checkServiceAddresses, isHeadless } from './service-addresses.ts';
import { checkServiceEffects, TOPOLOGY_HINTS } from './service-effects.ts';
import type { Service, ServiceSpec } from './service-object.ts';

/** The longest time for which a client keeps its endpoint: a day (MaxClientIPServiceAffinitySeconds). */
const MAX_AFFINITY_SECONDS = 86_400;

/**
 * Checks a Service (validateService in pkg/apis/core/validation/validation.go). What depends on the settings of a
 * cluster is not checked: whether the addresses and node ports are in its ranges, and free.
 */
export function* checkService(service: Service): Iterable<Finding> {
  const spec = service.value.spec;
  if (spec === undefined) return;
  yield* checkPorts(service, spec);
  yield* checkLabelWords(spec.selector ?? {}, ['spec', 'selector']);
  yield* checkAffinity(spec);
  yield* checkServiceAddresses(service, spec);
  for (const [index, address] of (spec.externalIPs ?? []).entries()) {
    yield* checkIPAddress(address, ['spec', 'externalIPs', index]);
    yield* checkEndpointAddress(address, ['spec', 'externalIPs', index]);
  }
  if (spec.type === 'ExternalName') yield* checkExternalName(service, spec);
  if (!service.isPruned(['spec', 'type'])) yield* checkFieldsOfType(service, spec);
  yield* checkSourceRanges(service, spec);
  yield* checkTopologyAnnotations(service);
  yield* checkServiceEffects(service, spec);
}

function* checkPorts(service: Service, spec: ServiceSpec): Iterable<Finding> {
  const list: FieldPath = ['spec', 'ports'];
  const { ports = [] } = spec;
  if (ports.length === 0 && needsPorts(service, spec)) yield missingField(['spec'], 'ports');
  for (const [index, port] of ports.entries()) {
    const path = [...list, index];
    yield* checkServicePort(port, path);
    if (ports.length > 1) yield* checkFilled(service, port.name, path, 'name');
    if ((spec.type ?? 'ClusterIP') === 'ClusterIP' && !service.isPruned(['spec', 'type']))
      if ((port.nodePort ?? 0) !== 0)
        yield forbiddenField([...path, 'nodePort'], "the type is not 'NodePort' or 'LoadBalancer'");
  }
  yield* checkUnique(
    ports.map(({ name }) => (name === '' ? undefined : name)),
    (index) => [...list, index, 'name'],
  );
  yield* checkUnique(
    ports.map(({ port, protocol }) => withProtocol(port, protocol)),
    (index) => [...list, index, 'port'],
  );
  yield* checkUnique(
    ports.map(({ nodePort, protocol }) => withProtocol(nodePort, protocol)),
    (index) => [...list, index, 'nodePort'],
  );
}

/** Undefined for an unset number. */
function withProtocol(port = 0, protocol: string = DEFAULT_PROTOCOL): string | undefined {
  return port === 0 ? undefined : `${port}/${protocol}`;
}

function needsPorts(service: Service, spec: ServiceSpec): boolean {
  if (spec.type === 'ExternalName' || isHeadless(spec)) return false;
  return ![['type'], ['ports'], ['clusterIP'], ['clusterIPs']].some((field) =>
    service.isPruned(['spec', ...field]),
  );
}

function* checkServicePort(port: Incomplete<ServicePort>, path: FieldPath): Iterable<Finding> {
  const { name = '', targetPort = 0, appProtocol } = port;
  if (name !== '') yield* checkName(dnsLabel, name, [...path, 'name']);
  yield* checkPortNumber(port.port, [...path, 'port']);
  // 0 and an empty name mean the same number as the port.
  if (targetPort !== 0 && targetPort !== '') yield* checkPort(targetPort, [...path, 'targetPort']);
  if (appProtocol !== undefined) yield* checkQualifiedName(appProtocol, [...path, 'appProtocol']);
}

function* checkAffinity({ sessionAffinity, sessionAffinityConfig }: ServiceSpec): Iterable<Finding> {
  // Without ClientIP, the server drops the settings for it.
  if (sessionAffinity === 'ClientIP')
    yield* checkRange(sessionAffinityConfig?.clientIP?.timeoutSeconds, 1, MAX_AFFINITY_SECONDS, [
      'spec',
      'sessionAffinityConfig',
      'clientIP',
      'timeoutSeconds',
    ]);
}

function* checkExternalName(service: Service, spec: ServiceSpec): Iterable<Finding> {
  const path = ['spec', 'externalName'];
  // A dot at the end marks a complete name.
  const name = spec.externalName?.replace(/\.$/, '');
  yield* checkFilled(service, name, ['spec'], 'externalName');
  if (name !== undefined && name !== '') yield* checkName(dnsSubdomain, name, path);
}

/** Fields that may be set for some types of Service only. */
function* checkFieldsOfType(service: Service, spec: ServiceSpec): Iterable<Finding> {
  const { type = 'ClusterIP', externalIPs = [], externalTrafficPolicy } = spec;
  const isBalancer = type === 'LoadBalancer';
  if (!isBalancer)
    for (const field of ['allocateLoadBalancerNodePorts', 'loadBalancerClass'] as const)
      if (spec[field] !== undefined) yield forbiddenField(['spec', field], "the type is not 'LoadBalancer'");
  if (isBalancer && spec.loadBalancerClass !== undefined)
    yield* checkQualifiedName(spec.loadBalancerClass, ['spec', 'loadBalancerClass']);
  const isExternal = isBalancer || type === 'NodePort' || (type === 'ClusterIP' && externalIPs.length > 0);
  if (!isExternal && externalTrafficPolicy !== undefined && !service.isPruned(['spec', 'externalIPs']))
    yield forbiddenField(
      ['spec', 'externalTrafficPolicy'],
      "only Services of the types 'NodePort' and 'LoadBalancer', or with externalIPs, are reached from outside",
    );
  yield* checkHealthPort(service, spec);
}

/** The server chooses a port if none is set, before it checks (initHealthCheckPort in pkg/registry/core/service). */
function* checkHealthPort(service: Service, spec: ServiceSpec): Iterable<Finding> {
  const { type, externalTrafficPolicy, healthCheckNodePort = 0 } = spec;
  const path = ['spec', 'healthCheckNodePort'];
  if (healthCheckNodePort === 0 || service.isPruned(['spec', 'externalTrafficPolicy'])) return;
  if (type === 'LoadBalancer' && externalTrafficPolicy === 'Local')
    yield* checkPortNumber(healthCheckNodePort, path);
  else yield forbiddenField(path, "it needs the type 'LoadBalancer' and externalTrafficPolicy 'Local'");
}

const SOURCE_RANGES = 'service.beta.kubernetes.io/load-balancer-source-ranges';

/** The field, or the annotation that it replaced. */
function* checkSourceRanges(service: Service, spec: ServiceSpec): Iterable<Finding> {
  const { loadBalancerSourceRanges = [], type } = spec;
  const path = ['spec', 'loadBalancerSourceRanges'];
  const annotation = service.value.metadata?.annotations?.[SOURCE_RANGES];
  const isUsed = loadBalancerSourceRanges.length > 0;
  if (!isUsed && annotation === undefined) return;
  const place = isUsed ? path : ['metadata', 'annotations', SOURCE_RANGES];
  if (type !== 'LoadBalancer' && !service.isPruned(['spec', 'type']))
    yield forbiddenField(place, "the type is not 'LoadBalancer'");
  if (isUsed)
    for (const [index, range] of loadBalancerSourceRanges.entries())
      yield* checkAddressRange(range.trim(), [...path, index]);
  else if (annotation?.trim())
    for (const range of annotation.split(',')) yield* checkAddressRange(range.trim(), place);
}

const TOPOLOGY_MODE = 'service.kubernetes.io/topology-mode';

/** Two names of one setting. */
function* checkTopologyAnnotations({ value }: Service): Iterable<Finding> {
  const { [TOPOLOGY_MODE]: mode, [TOPOLOGY_HINTS]: hints } = value.metadata?.annotations ?? {};
  if (mode !== undefined && hints !== undefined && mode !== hints)
    yield {
      code: 'wrong-value',
      path: ['metadata', 'annotations', TOPOLOGY_MODE],
      message: `must equal the annotation '${TOPOLOGY_HINTS}', '${hints}': both are the same setting`,
    };
}
