import type { CheckedDocument, CheckedObject, Incomplete } from '../../manifest/checked-document.ts';
import type { ObjectMeta } from '../../manifest/schema/generated/kubernetes.ts';
import { POD_DEFAULTS } from '../spec/defaults.ts';
import type { Finding } from '../validation/finding.ts';
import { hasEndpoints } from './address-endpoints.ts';

/** What podpose does not do of a Service that a cluster accepts. */
export function* checkServiceLimits(
  { value }: CheckedObject<'Service'>,
  documents: readonly CheckedDocument[],
): Iterable<Finding> {
  const { type = 'ClusterIP', selector = {}, ports = [] } = value.spec ?? {};
  const { clusterIP = '' } = value.spec ?? {};
  if (
    type !== 'ExternalName' &&
    Object.keys(selector).length === 0 &&
    clusterIP !== 'None' &&
    !hasEndpoints(documents, keyOf(value.metadata))
  )
    yield {
      code: 'ignored',
      severity: 'warning',
      path: ['spec'],
      at: 'key',
      message: 'has no selector, and the files have no Endpoints or EndpointSlice of it: nothing answers',
    };
  if (clusterIP !== '' && clusterIP !== 'None' && type !== 'ExternalName')
    yield {
      code: 'ignored',
      severity: 'warning',
      path: ['spec', 'clusterIP'],
      message: `'${clusterIP}' is ignored unless the network of the project has it: podman chooses the addresses of that network, and 'podpose get svc' shows the one of the Service`,
    };
  for (const [index, { protocol }] of ports.entries())
    if (protocol === 'SCTP')
      yield {
        code: 'not-supported',
        path: ['spec', 'ports', index, 'protocol'],
        message: 'not supported: rootless podman cannot forward SCTP',
      };
}

function keyOf({ name = '', namespace = POD_DEFAULTS.namespace }: Incomplete<ObjectMeta> = {}) {
  return { name, namespace };
}
