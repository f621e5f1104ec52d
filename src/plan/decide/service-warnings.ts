import type { Diagnostic } from '../../base/diagnostic.ts';
import { formatPath } from '../../base/path.ts';
import type { SourcedService } from '../../kube/services/desired-services.ts';
import { wantedPorts } from './service-ports.ts';
import type { ServiceDecision } from './services.ts';

/** Warnings about ports that were replaced. */
export function serviceWarnings(
  services: readonly SourcedService[],
  decisions: readonly ServiceDecision[],
): readonly Diagnostic[] {
  return services.flatMap(({ service, locate }) => {
    const record = decisions.find((decision) => decision.record.service.name === service.name)?.record;
    if (record === undefined) return [];
    return wantedPorts(service).flatMap((wanted, index): readonly Diagnostic[] => {
      const { hostPort } = record.published[index] ?? wanted;
      if (hostPort === wanted.hostPort || !wanted.isGiven) return [];
      const field = service.type === 'LoadBalancer' ? 'port' : 'nodePort';
      const path = ['spec', 'ports', index, field];
      return [
        {
          code: 'port-replaced',
          severity: 'warning',
          path: formatPath(path),
          location: locate(path),
          message: `port ${wanted.hostPort} of this machine cannot be used: svc/${service.name} is published at ${wanted.hostIP}:${hostPort}`,
          help: 'The port stays the same as long as the Service exists.',
        },
      ];
    });
  });
}
