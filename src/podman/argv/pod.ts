import type { DesiredSandbox, HostPort } from '../../pod/desired.ts';
import { podSettings } from '../../pod/settings.ts';
import type { CreatePod } from '../operation.ts';
import { labelFlags, ownerLabels, specLabels } from './labels.ts';

/** `podman pod create`: makes the pod and its infra container, which the first container then starts. */
export function createPodArguments(operation: CreatePod): readonly string[] {
  const { pod, project, infraImage } = operation;
  return [
    'pod',
    'create',
    '--name',
    pod.name,
    // A pod that stops with its last running container would stop after each init container.
    '--exit-policy',
    'continue',
    '--share',
    sharedNamespaces(pod.sandbox),
    ...networkFlags(pod.sandbox),
    ...sysctlFlags(pod.sandbox),
    ...(infraImage === undefined ? [] : ['--infra-image', infraImage]),
    ...labelFlags(pod.labels),
    ...labelFlags(ownerLabels(project, pod.name, 'pod')),
    ...labelFlags(specLabels(podSettings(pod))),
  ];
}

function sharedNamespaces(sandbox: DesiredSandbox): string {
  return [
    // The host's namespaces are asked for by each container: the infra container cannot pass them on.
    ...(sandbox.hostIPC ? [] : ['ipc']),
    'net',
    ...(sandbox.hostNetwork ? [] : ['uts']),
    ...(sandbox.shareProcessNamespace ? ['pid'] : []),
  ].join(',');
}

/** podman reads the flag as a line of comma-separated values, and some parameters are lists of their own. */
function sysctlFlags({ sysctls = [] }: DesiredSandbox): readonly string[] {
  return sysctls.flatMap(({ name, value }) => {
    const setting = `${name}=${value}`;
    return ['--sysctl', /[,"]/.test(setting) ? `"${setting.replaceAll('"', '""')}"` : setting];
  });
}

function networkFlags(sandbox: DesiredSandbox): readonly string[] {
  if (sandbox.hostNetwork) return ['--network', 'host'];
  return [
    ...(sandbox.hostname === undefined ? [] : ['--hostname', sandbox.hostname]),
    ...sandbox.hostPorts.flatMap((port) => ['--publish', publish(port)]),
    ...nameFlags(sandbox),
  ];
}

/** What is in /etc/hosts and /etc/resolv.conf. */
export function nameFlags({ hostAliases, dnsConfig }: DesiredSandbox): readonly string[] {
  return [
    ...hostAliases.flatMap(({ ip, hostnames }) =>
      hostnames.flatMap((hostname) => ['--add-host', `${hostname}:${ip}`]),
    ),
    ...dnsConfig.nameservers.flatMap((address) => ['--dns', address]),
    ...dnsConfig.searches.flatMap((domain) => ['--dns-search', domain]),
    ...dnsConfig.options.flatMap((option) => ['--dns-option', option]),
  ];
}

function publish(port: HostPort): string {
  const address = port.hostIP.includes(':') ? `[${port.hostIP}]` : port.hostIP;
  const ports = `${port.hostPort}:${port.containerPort}`;
  return `${address}:${ports}/${port.protocol.toLowerCase()}`;
}
