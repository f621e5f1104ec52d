import { defined } from '../../base/defined.ts';
import { compareTexts } from '../../base/text.ts';
import { POD_DEFAULTS } from '../spec/defaults.ts';
import type {
  Pod,
  PodDNSConfig,
  PodSpec,
  Sysctl as SysctlObject,
} from '../../manifest/schema/generated/kubernetes.ts';
import type { DesiredSandbox, DnsConfig, DnsPolicy, Sysctl } from '../spec/desired.ts';
import { hostNames, type HostNames } from '../spec/host-name.ts';
import { namespaceOf } from '../spec/qualified-name.ts';
import { normalSysctlName } from '../spec/sysctls.ts';
import { convertPodResources } from './resources.ts';
import { convertHostPorts } from './host-ports.ts';
import { convertInfraName, convertUserNamespace } from './podman-annotations.ts';

/** What the containers of a pod share: namespaces and network. */
export function convertSandbox(pod: Pod, defaultHostIP: string): DesiredSandbox {
  const { metadata, spec } = pod;
  const { name: podName = '' } = metadata;
  const namespace = namespaceOf(metadata);
  const hostNetwork = spec.hostNetwork ?? POD_DEFAULTS.hostNetwork;
  const resources = convertPodResources(spec);
  const sysctls = convertSysctls(spec.securityContext?.sysctls ?? []);
  return {
    ...(hostNetwork ? {} : { ...convertHostNames(podName, namespace, spec), namespace }),
    hostNetwork,
    hostPID: spec.hostPID ?? POD_DEFAULTS.hostPID,
    hostIPC: spec.hostIPC ?? POD_DEFAULTS.hostIPC,
    shareProcessNamespace: spec.shareProcessNamespace ?? POD_DEFAULTS.shareProcessNamespace,
    // A container on the host network uses the ports of the host directly.
    hostPorts: hostNetwork ? [] : convertHostPorts(spec.containers, defaultHostIP),
    hostAliases: (spec.hostAliases ?? []).map(({ ip, hostnames = [] }) => ({ ip, hostnames })),
    dnsPolicy: convertDnsPolicy(spec),
    dnsConfig: convertDnsConfig(spec.dnsConfig ?? {}),
    ...(sysctls.length === 0 ? {} : { sysctls }),
    ...(spec.enableServiceLinks === false ? { enableServiceLinks: false as const } : {}),
    ...defined({ resources, userns: convertUserNamespace(pod), infraName: convertInfraName(pod) }),
  };
}

function convertHostNames(podName: string, namespace: string, spec: PodSpec): HostNames {
  const { hostname, fqdn } = hostNames(podName, namespace, spec);
  return { hostname, ...(fqdn === undefined || fqdn === hostname ? {} : { fqdn }) };
}

/** https://kubernetes.io/docs/concepts/services-networking/dns-pod-service/#pod-s-dns-policy */
function convertDnsPolicy({ dnsPolicy, hostNetwork }: PodSpec): DnsPolicy {
  if (dnsPolicy === 'None') return 'None';
  return dnsPolicy === 'Default' || hostNetwork === true ? 'Default' : 'ClusterFirst';
}

/** https://kubernetes.io/docs/concepts/services-networking/dns-pod-service/#pod-dns-config */
function convertDnsConfig({ nameservers = [], searches = [], options = [] }: PodDNSConfig): DnsConfig {
  return {
    nameservers,
    searches,
    options: options.flatMap(({ name, value }) =>
      name === undefined ? [] : [value === undefined || value === '' ? name : `${name}:${value}`],
    ),
  };
}

function convertSysctls(sysctls: readonly SysctlObject[]): readonly Sysctl[] {
  return sysctls
    .map(({ name, value = '' }) => ({ name: normalSysctlName(name), value }))
    .sort((a, b) => compareTexts(a.name, b.name));
}
