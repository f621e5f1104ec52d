import type { DesiredService } from '../spec/desired-service.ts';
import { POD_DEFAULTS } from '../spec/defaults.ts';
import { CLUSTER_DOMAIN } from '../spec/host-name.ts';
import { objectName } from '../spec/qualified-name.ts';

/**
 * The DNS names of a Service in the network of a project, where all pods see all names. In other namespaces than the default
 * one, the search domains of its pods make the short name.
 * https://kubernetes.io/docs/concepts/services-networking/dns-pod-service/#services
 */
export function serviceNames({
  name,
  namespace,
}: Pick<DesiredService, 'name' | 'namespace'>): readonly string[] {
  const own = objectName(name).name;
  const inNamespace = `${own}.${namespace}`;
  const names = [inNamespace, `${inNamespace}.svc`, `${inNamespace}.svc.${CLUSTER_DOMAIN}`];
  return namespace === POD_DEFAULTS.namespace ? [own, ...names] : names;
}
