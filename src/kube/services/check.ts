import type { CheckedObject } from '../../manifest/checked-document.ts';
import type { Finding } from '../validation/finding.ts';

/** What podpose does not do of a Service that a cluster accepts. */
export function* checkServiceLimits({ value }: CheckedObject<'Service'>): Iterable<Finding> {
  const { type = 'ClusterIP', selector = {}, ports = [] } = value.spec ?? {};
  const { clusterIP = '' } = value.spec ?? {};
  if (type === 'ExternalName')
    yield {
      code: 'ignored',
      severity: 'warning',
      path: ['spec', 'type'],
      message: 'ignored: the name of the Service does not resolve; use the name of its host instead',
    };
  else if (Object.keys(selector).length === 0 && clusterIP !== 'None')
    yield {
      code: 'ignored',
      severity: 'warning',
      path: ['spec'],
      at: 'key',
      message: 'has no selector: nothing answers, as Endpoints and EndpointSlices of the files are not used',
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
