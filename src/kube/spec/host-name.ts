/** The longest host name that the kernel takes. */
export const LONGEST_HOSTNAME = 64;

const LONGEST_LABEL = 63;

/** The domain of a cluster where nobody has chosen another. */
const CLUSTER_DOMAIN = 'cluster.local';

export interface HostNameFields {
  readonly hostname?: string;
  readonly subdomain?: string;
  readonly hostnameOverride?: string;
  readonly setHostnameAsFQDN?: boolean;
}

/** What the containers of a pod are called, and, where the pod has a domain, the name with it. */
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
 * A pod's name may be longer than a label of DNS; the kubelet cuts it, and what would then be at the end of
 * no DNS name (truncatePodHostnameIfNeeded in pkg/kubelet/util/util.go).
 */
function cutToLabel(podName: string): string {
  return podName.length <= LONGEST_LABEL ? podName : podName.slice(0, LONGEST_LABEL).replace(/[-.]+$/, '');
}
