import type { Incomplete } from '../../manifest/checked-document.ts';
import type { Pod } from '../../manifest/schema/generated/kubernetes.ts';
import { POD_DEFAULTS } from './defaults.ts';
import type { DesiredPod } from './desired.ts';
import { namespaceOf, objectName } from './qualified-name.ts';

/** In bytes (HOST_NAME_MAX of Linux). */
export const MAX_HOSTNAME_LENGTH = 64;

const MAX_LABEL_LENGTH = 63;

/** The default domain of a cluster. */
export const CLUSTER_DOMAIN = 'cluster.local';

export interface HostNameFields {
  readonly hostname?: string;
  readonly subdomain?: string;
  readonly hostnameOverride?: string;
  readonly setHostnameAsFQDN?: boolean;
}

/** The host name of a pod, and its fully qualified name if it has a subdomain. */
export interface HostNames {
  readonly hostname: string;
  readonly fqdn?: string;
}

/**
 * https://kubernetes.io/docs/concepts/services-networking/dns-pod-service/#pod-hostname-and-subdomain-field;
 * as in GeneratePodHostNameAndDomain in pkg/kubelet/kubelet_pods.go.
 */
export function hostNames(podName: string, namespace: string, fields: HostNameFields): HostNames {
  const { hostname = '', subdomain = '', hostnameOverride = '', setHostnameAsFQDN = false } = fields;
  if (hostnameOverride !== '') return { hostname: hostnameOverride };
  const short = hostname === '' ? cutToLabel(podName) : hostname;
  if (subdomain === '') return { hostname: short };
  const fqdn = `${short}.${subdomain}.${namespace}.svc.${CLUSTER_DOMAIN}`;
  return { hostname: setHostnameAsFQDN ? fqdn : short, fqdn };
}

/**
 * The name of the infra container of a pod with an FQDN, which podman writes into /etc/hosts; undefined for a pod without
 * one, with the FQDN as its host name, or on the network of the host.
 */
export function infraFqdn({ metadata = {}, spec = {} }: Incomplete<Pod>): string | undefined {
  const { hostname, fqdn } = hostNames(metadata.name ?? '', namespaceOf(metadata), spec);
  return fqdn === hostname || spec.hostNetwork === true ? undefined : fqdn;
}

/**
 * The DNS names of a pod on its network, besides its own name: `POD.NAMESPACE.svc.cluster.local`, which the search domains
 * of a pod make of `POD`, `POD.NAMESPACE` and `POD.NAMESPACE.svc`; and its FQDN, as behind a headless Service. Without
 * those that are too long for DNS.
 */
export function clusterNames({ name, sandbox }: Pick<DesiredPod, 'name' | 'sandbox'>): readonly string[] {
  const { namespace = POD_DEFAULTS.namespace, hostname = '', fqdn = hostname } = sandbox;
  const domain = `.${namespace}.svc.${CLUSTER_DOMAIN}`;
  const names = [objectName(name).name + domain, ...(fqdn.endsWith(domain) ? [fqdn] : [])];
  return [...new Set(names)].filter(isDnsName);
}

function isDnsName(name: string): boolean {
  return name.length <= 253 && name.split('.').every((label) => label.length <= MAX_LABEL_LENGTH);
}

/**
 * A pod name can be longer than a DNS label. The kubelet truncates it and removes trailing characters that are
 * invalid there (truncatePodHostnameIfNeeded in pkg/kubelet/util/util.go).
 */
function cutToLabel(podName: string): string {
  return podName.length <= MAX_LABEL_LENGTH
    ? podName
    : podName.slice(0, MAX_LABEL_LENGTH).replace(/[-.]+$/, '');
}
