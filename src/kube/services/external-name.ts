import type { DesiredService } from '../spec/desired-service.ts';
import { CLUSTER_DOMAIN } from '../spec/host-name.ts';
import { serviceNames } from './names.ts';

/** Where connections to an ExternalName go. */
export type ExternalTarget =
  | {
      readonly kind: 'service';
      readonly service: DesiredService;
      /** One pod of a headless Service, by the name of its object: `db-0` of `db-0.db.default.svc.cluster.local`. */
      readonly pod?: string;
    }
  | { readonly kind: 'host'; readonly host: string }
  /** A name in the domain of the cluster that no Service has, or one that leads back to itself. */
  | { readonly kind: 'nothing' };

/** What is known of the names that an ExternalName can have. */
export interface KnownNames {
  readonly services: readonly DesiredService[];
  /** The IPv4 addresses of a host outside of the project; undefined before it was looked up. */
  readonly addressesOf: (host: string) => readonly string[] | undefined;
}

/** The address of a host that is this machine: pods reach it at an address of its own. */
export const THIS_MACHINE = 'machine';

/** The target of an ExternalName. One that leads to another one has the target of that. */
export function externalTarget(service: DesiredService, services: readonly DesiredService[]): ExternalTarget {
  const seen = new Set<string>();
  for (let current = service; !seen.has(current.name);) {
    seen.add(current.name);
    const host = (current.externalName ?? '').toLowerCase();
    const next = services.find((one) => serviceNames(one).includes(host));
    if (next === undefined) return podOrHost(host, services);
    if (next.type !== 'ExternalName') return { kind: 'service', service: next };
    current = next;
  }
  return { kind: 'nothing' };
}

function podOrHost(host: string, services: readonly DesiredService[]): ExternalTarget {
  if (!host.endsWith(`.${CLUSTER_DOMAIN}`)) return { kind: 'host', host };
  const [pod = '', ...rest] = host.split('.');
  const behind = services.find(
    (one) => one.type === 'Headless' && serviceNames(one).includes(rest.join('.')),
  );
  return behind === undefined ? { kind: 'nothing' } : { kind: 'service', service: behind, pod };
}

/** The hosts outside of the project that its Services lead to, sorted. */
export function externalHosts(services: readonly DesiredService[]): readonly string[] {
  const hosts = services.flatMap((service) => {
    const target = service.type === 'ExternalName' ? externalTarget(service, services) : undefined;
    return target?.kind === 'host' ? [target.host] : [];
  });
  return [...new Set(hosts)].sort();
}
