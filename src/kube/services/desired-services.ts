import type { Location } from '../../base/location.ts';
import type { FieldPath } from '../../base/path.ts';
import type { CheckedDocument, CheckedObject } from '../../manifest/checked-document.ts';
import { ofKind } from '../config/object-set.ts';
import { hasAddress, type DesiredService } from '../spec/desired-service.ts';
import { addressesOf } from './address-endpoints.ts';
import { convertService } from './convert.ts';

/** A Service with the source locations of its fields. */
export interface SourcedService {
  readonly service: DesiredService;
  readonly locate: (path: FieldPath) => Location;
}

/**
 * Whether a Service has no port, although it needs one. `podman kube generate --service` writes such a Service for a pod
 * without ports: it is ignored, so that its pod can run.
 */
export function isWithoutPorts({ value: { spec = {} } }: CheckedObject<'Service'>): boolean {
  const { ports = [], clusterIP, type } = spec;
  return ports.length === 0 && clusterIP !== 'None' && type !== 'ExternalName';
}

/**
 * The Services of the files that the schema accepts.
 * @param hostIP the host address of published ports
 */
export function desiredServices(
  documents: readonly CheckedDocument[],
  hostIP: string,
): readonly SourcedService[] {
  return ofKind(documents, 'Service').flatMap((document) => {
    const { complete, locate } = document;
    if (complete === undefined || isWithoutPorts(document)) return [];
    return [{ service: withAddresses(convertService(complete, hostIP), documents), locate }];
  });
}

/** A Service without a selector, with the endpoints of the files. */
function withAddresses(service: DesiredService, documents: readonly CheckedDocument[]): DesiredService {
  if (service.selector !== undefined || !hasAddress(service)) return service;
  const ports = service.ports.map((port) => {
    const addresses = addressesOf(documents, service, port);
    return addresses.length === 0 ? port : { ...port, addresses };
  });
  return { ...service, ports };
}
