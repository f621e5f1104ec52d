import type { DesiredService } from '../spec/desired-service.ts';
import { CLUSTER_DOMAIN } from '../spec/host-name.ts';

/**
 * The DNS names of a Service.
 * https://kubernetes.io/docs/concepts/services-networking/dns-pod-service/#services
 */
export function serviceNames({
  name,
  namespace,
}: Pick<DesiredService, 'name' | 'namespace'>): readonly string[] {
  const inNamespace = `${name}.${namespace}`;
  return [name, inNamespace, `${inNamespace}.svc`, `${inNamespace}.svc.${CLUSTER_DOMAIN}`];
}
