import type { FieldPath } from '../../../base/path.ts';
import type { Finding } from '../finding.ts';
import { checkAddressForm } from '../network/addresses.ts';
import { isHeadless } from './service-addresses.ts';
import type { Service, ServiceSpec } from './service-object.ts';

/** The former name of the annotation service.kubernetes.io/topology-mode. */
export const TOPOLOGY_HINTS = 'service.kubernetes.io/topology-aware-hints';

/** What the server warns about: settings without effect, and deprecated ones (pkg/api/service/warnings.go). */
export function* checkServiceEffects({ value }: Service, spec: ServiceSpec): Iterable<Finding> {
  const { type = 'ClusterIP', externalIPs = [], loadBalancerIP = '', sessionAffinity } = spec;
  if (value.metadata?.annotations?.[TOPOLOGY_HINTS] !== undefined)
    yield deprecated(
      ['metadata', 'annotations', TOPOLOGY_HINTS],
      "the annotation 'service.kubernetes.io/topology-mode' replaces it",
    );
  if (type === 'ClusterIP' && isHeadless(spec)) {
    const why = 'a Service without an address of its own (clusterIP: None) does not use it';
    if (loadBalancerIP !== '') yield noEffect(['spec', 'loadBalancerIP'], why);
    if (externalIPs.length > 0) yield noEffect(['spec', 'externalIPs'], why);
    if (sessionAffinity === 'ClientIP') yield noEffect(['spec', 'sessionAffinity'], why);
  } else if (externalIPs.length > 0)
    yield type === 'ExternalName'
      ? noEffect(['spec', 'externalIPs'], "a Service of type 'ExternalName' is only a name")
      : deprecated(['spec', 'externalIPs'], 'some clusters no longer support it');
  if (loadBalancerIP !== '') yield* checkAddressForm(loadBalancerIP, ['spec', 'loadBalancerIP']);
  if (type !== 'ExternalName' && (spec.externalName ?? '') !== '')
    yield noEffect(['spec', 'externalName'], "only a Service of type 'ExternalName' uses it");
  if (spec.trafficDistribution === 'PreferClose')
    yield {
      ...deprecated(['spec', 'trafficDistribution'], "'PreferSameZone' replaces 'PreferClose'", 'value'),
      suggestion: 'PreferSameZone',
    };
}

function noEffect(path: FieldPath, why: string): Finding {
  return { code: 'no-effect', severity: 'warning', path, at: 'key', message: `has no effect: ${why}` };
}

function deprecated(path: FieldPath, why: string, at: 'key' | 'value' = 'key'): Finding {
  const place = at === 'key' ? { at } : {};
  return { code: 'deprecated', severity: 'warning', path, ...place, message: `is deprecated: ${why}` };
}
