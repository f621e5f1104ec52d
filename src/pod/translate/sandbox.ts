import type { PodDNSConfig, PodSpec, Sysctl as SysctlObject } from '../../manifest/generated/kubernetes.ts';
import type { DesiredSandbox, DnsConfig, Sysctl } from '../desired.ts';
import { normalSysctlName } from '../sysctls.ts';
import { translateHostPorts } from './host-ports.ts';

const LONGEST_HOSTNAME = 63;

/** What all containers of the pod have in common: its namespaces and its network. */
export function translateSandbox(podName: string, spec: PodSpec, defaultHostIP: string): DesiredSandbox {
  const hostNetwork = spec.hostNetwork ?? false;
  const sysctls = translateSysctls(spec.securityContext?.sysctls ?? []);
  return {
    ...(hostNetwork ? {} : { hostname: hostnameOf(podName, spec.hostname) }),
    hostNetwork,
    hostPID: spec.hostPID ?? false,
    hostIPC: spec.hostIPC ?? false,
    shareProcessNamespace: spec.shareProcessNamespace ?? false,
    // On the host's own network there is nothing to map: each port is the host's as it is.
    hostPorts: hostNetwork ? [] : translateHostPorts(spec.containers, defaultHostIP),
    hostAliases: (spec.hostAliases ?? []).map(({ ip, hostnames = [] }) => ({ ip, hostnames })),
    dnsConfig: translateDnsConfig(spec.dnsConfig ?? {}),
    ...(sysctls.length === 0 ? {} : { sysctls }),
  };
}

/**
 * A pod's name may be longer than the kernel takes for a host name; the kubelet cuts it, and what would then
 * be at the end of no DNS name (truncatePodHostnameIfNeeded in pkg/kubelet/util/util.go).
 */
function hostnameOf(podName: string, hostname: string | undefined): string {
  if (hostname !== undefined && hostname !== '') return hostname;
  return podName.length <= LONGEST_HOSTNAME
    ? podName
    : podName.slice(0, LONGEST_HOSTNAME).replace(/[-.]+$/, '');
}

/** https://kubernetes.io/docs/concepts/services-networking/dns-pod-service/#pod-dns-config */
function translateDnsConfig({ nameservers = [], searches = [], options = [] }: PodDNSConfig): DnsConfig {
  return {
    nameservers,
    searches,
    options: options.flatMap(({ name, value }) =>
      name === undefined ? [] : [value === undefined ? name : `${name}:${value}`],
    ),
  };
}

function translateSysctls(sysctls: readonly SysctlObject[]): readonly Sysctl[] {
  return sysctls
    .map(({ name, value }) => ({ name: normalSysctlName(name), value }))
    .sort((a, b) => (a.name < b.name ? -1 : 1));
}
