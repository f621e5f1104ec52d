import type { Diagnostic } from '../../base/diagnostic.ts';
import { formatPath } from '../../base/path.ts';
import { count } from '../../base/text.ts';
import type { SourcedService } from '../../kube/services/desired-services.ts';
import { externalTarget, type KnownNames } from '../../kube/services/external-name.ts';
import { WHY_UNWATCHED, type NoWatcher } from './no-watcher.ts';
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

/** Warnings about names of which nothing is known. */
export function externalNameWarnings(
  services: readonly SourcedService[],
  names: KnownNames,
): readonly Diagnostic[] {
  return services.flatMap(({ service, locate }): readonly Diagnostic[] => {
    if (service.type !== 'ExternalName') return [];
    const target = externalTarget(service, names.services);
    const isKnown =
      target.kind === 'service' ||
      (target.kind === 'host' && (names.addressesOf(target.host)?.length ?? 0) > 0);
    if (isKnown) return [];
    const host = service.externalName ?? '';
    const path = ['spec', 'externalName'];
    const found = { path: formatPath(path), location: locate(path) };
    return [
      target.kind === 'host'
        ? {
            ...{ code: 'host-unknown', severity: 'warning', ...found },
            message: `this machine finds no IPv4 address of '${host}': connections to svc/${service.name} fail until it does`,
            help: "The watcher of the project looks it up again every 10 s, and 'podpose up' does.",
          }
        : {
            ...{ code: 'host-unknown', severity: 'warning', ...found },
            message: `'${host}' is no name of a Service in the given files: connections to svc/${service.name} fail`,
          },
    ];
  });
}

/**
 * The warning that nothing follows the endpoints of Services whose rules are set. A later run does not repeat it, as it
 * sets none.
 */
export function unwatchedServices(
  decisions: readonly ServiceDecision[],
  why: NoWatcher,
): readonly Diagnostic[] {
  const names = decisions
    .filter(({ record, setsRules }) => setsRules && record.service.selector !== undefined)
    .map(({ record }) => `svc/${record.service.name}`);
  if (names.length === 0) return [];
  const [reason, help] = WHY_UNWATCHED[why];
  return [
    {
      code: 'endpoints-not-followed',
      severity: 'warning',
      message: `there is no watcher to follow the pods of ${listed(names)}: all that run when 'podpose up' ends get connections, ready or not: ${reason}`,
      help: `${help} 'podpose up' sets the endpoints again.`,
    },
  ];
}

const NAMED = 3;

function listed(names: readonly string[]): string {
  return names.length > NAMED ? count(names.length, 'Service') : names.join(', ');
}
