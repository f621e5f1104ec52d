import { defined } from '../../base/defined.ts';
import type { Service, ServicePort as PortObject } from '../../manifest/schema/generated/kubernetes.ts';
import { DEFAULT_PROTOCOL } from '../spec/defaults.ts';
import { namespaceOf, qualifiedNameOf } from '../spec/qualified-name.ts';
import type { DesiredService, ServicePort, ServiceType } from '../spec/desired-service.ts';

/** The "address" of a headless Service. */
const NO_ADDRESS = 'None';

/**
 * Converts a valid Service.
 * @param hostIP the host address of published ports
 */
export function convertService({ metadata = {}, spec }: Service, hostIP: string): DesiredService {
  const { selector = {}, ports = [], clusterIP = spec.clusterIPs?.[0] ?? '' } = spec;
  const type = typeOf(spec.type, clusterIP);
  const isPublished = type === 'NodePort' || type === 'LoadBalancer';
  return defined({
    name: qualifiedNameOf(metadata),
    namespace: namespaceOf(metadata),
    type,
    selector: Object.keys(selector).length === 0 || type === 'ExternalName' ? undefined : selector,
    ports: type === 'ExternalName' ? [] : ports.map((port) => convertPort(port, isPublished)),
    sessionAffinity:
      spec.sessionAffinity === 'ClientIP' && type !== 'Headless' ? ('ClientIP' as const) : undefined,
    publishNotReadyAddresses: spec.publishNotReadyAddresses === true ? (true as const) : undefined,
    externalName: type === 'ExternalName' ? spec.externalName?.replace(/\.$/, '') : undefined,
    clusterIP: clusterIP === '' || clusterIP === NO_ADDRESS ? undefined : clusterIP,
    hostIP: isPublished ? hostIP : undefined,
  });
}

function typeOf(type: ServiceType = 'ClusterIP', clusterIP: string): ServiceType {
  return type === 'ClusterIP' && clusterIP === NO_ADDRESS ? 'Headless' : type;
}

/** A targetPort of 0 or without a name is that of the Service (SetDefaults_Service in pkg/apis/core/v1/defaults.go). */
function convertPort(
  { name = '', protocol = DEFAULT_PROTOCOL, port, targetPort = 0, nodePort = 0 }: PortObject,
  isPublished: boolean,
): ServicePort {
  return defined({
    name: name === '' ? undefined : name,
    protocol,
    port,
    targetPort: targetPort === 0 || targetPort === '' ? port : targetPort,
    nodePort: isPublished && nodePort !== 0 ? nodePort : undefined,
  });
}
