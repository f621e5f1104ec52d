import type { DesiredPod, DesiredSandbox, HostPort } from '../../kube/spec/desired.ts';
import type { DnsSettings } from '../../kube/spec/dns.ts';
import { podSettings } from '../../kube/spec/settings.ts';
import { podmanWith } from './argument.ts';
import type { Definitions } from './definition.ts';
import { containerListLabel } from '../inspect/container-list.ts';
import type { LimitedResource } from '../inspect/limits.ts';
import { resourceFlags } from './resources.ts';
import type { PodmanCapabilities } from '../inspect/version.ts';
import { commaSeparatedField } from './comma-separated.ts';
import { filesLabels } from './files.ts';
import { startInfraCommand, type InfraStart } from './infra.ts';
import { labelFlags, ownerLabels, ownLabelFlags, specLabels } from './labels.ts';
import { removePodCommand, type PodRemoval } from './stop.ts';
import { podSubject } from './subjects.ts';

export type PodOperation = CreatePod | StartInfra | RemovePod;

export interface CreatePod {
  readonly kind: 'create-pod';
  readonly project: string;
  readonly pod: DesiredPod;
  readonly dns: DnsSettings;
  readonly infraImage?: string;
  /** What cannot be limited here. */
  readonly withoutLimits?: readonly LimitedResource[];
}

/** Starts the infra container before any other, so that the pod has its addresses, and its own /etc/hosts. */
export interface StartInfra extends InfraStart {
  readonly kind: 'start-infra';
}

/** Stops what runs in the pod, all within one grace period, and removes the pod with its containers. */
export interface RemovePod extends PodRemoval {
  readonly kind: 'remove-pod';
}

export const POD_OPERATIONS: Definitions<PodOperation> = {
  'create-pod': {
    command: (operation, capabilities) => podmanWith(createPodArguments(operation, capabilities)),
    describe: ({ pod }) => `create ${podSubject(pod.name)}`,
    words: ({ pod }) => ({
      subject: podSubject(pod.name),
      doing: 'creating',
      done: 'created',
      result: 'made',
    }),
    target: ({ pod }) => ({ pod: pod.name }),
  },
  'start-infra': {
    command: startInfraCommand,
    describe: ({ pod }) => `start the infra container of ${podSubject(pod)}`,
    words: ({ pod }) => ({ subject: podSubject(pod), doing: 'starting', done: 'started', isPlumbing: true }),
    target: ({ pod }) => ({ pod }),
    policy: ({ pod }) => ({ starts: pod }),
  },
  'remove-pod': {
    command: removePodCommand,
    describe: ({ pod }) => `remove ${podSubject(pod)}`,
    words: ({ pod }) => ({
      subject: podSubject(pod),
      doing: 'stopping and removing',
      done: 'removed',
      result: 'removed',
    }),
    target: ({ pod }) => ({ pod }),
    policy: ({ pod }) => ({ stops: { pod } }),
  },
};

/** `podman pod create`: makes the pod and its infra container, which the first container then starts. */
function createPodArguments(operation: CreatePod, capabilities: PodmanCapabilities): readonly string[] {
  const { pod, project, infraImage, dns } = operation;
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
    ...networkFlags(pod.sandbox, dns, capabilities),
    ...sysctlFlags(pod.sandbox),
    ...podResourceFlags(pod.sandbox, operation.withoutLimits),
    ...(infraImage === undefined ? [] : ['--infra-image', infraImage]),
    ...labelFlags(pod.labels),
    ...ownLabelFlags(
      ownerLabels(project, pod.name, 'pod'),
      containerListLabel(pod),
      filesLabels(pod),
      specLabels(podSettings(pod)),
    ),
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

/** The cgroup of the pod, which those of its containers are in. There are soft limits of memory for containers only. */
function podResourceFlags(
  { resources }: DesiredSandbox,
  withoutLimits?: readonly LimitedResource[],
): readonly string[] {
  if (resources === undefined) return [];
  const { cpu } = resources.requests;
  return resourceFlags({ ...resources, requests: cpu === undefined ? {} : { cpu } }, withoutLimits);
}

/** podman reads the flag as a line of comma-separated values, and some parameters are lists of their own. */
function sysctlFlags({ sysctls = [] }: DesiredSandbox): readonly string[] {
  return sysctls.flatMap(({ name, value }) => {
    return ['--sysctl', commaSeparatedField(`${name}=${value}`)];
  });
}

function networkFlags(
  sandbox: DesiredSandbox,
  dns: DnsSettings,
  capabilities: PodmanCapabilities,
): readonly string[] {
  if (sandbox.hostNetwork) return ['--network', 'host'];
  return [
    ...(sandbox.hostname === undefined ? [] : ['--hostname', sandbox.hostname]),
    // podman writes the name of the infra container to /etc/hosts, behind the host name.
    ...(sandbox.fqdn === undefined ? [] : ['--infra-name', sandbox.fqdn]),
    // On a cluster, the names that the machine has for others are not those of its pods.
    ...(capabilities.hostsFile ? ['--hosts-file', 'none'] : []),
    ...sandbox.hostPorts.flatMap((port) => ['--publish', publish(port)]),
    ...nameFlags(sandbox, dns),
  ];
}

/** What is in /etc/hosts and /etc/resolv.conf. */
export function nameFlags({ hostAliases }: DesiredSandbox, dns: DnsSettings): readonly string[] {
  return [
    ...hostAliases.flatMap(({ ip, hostnames }) =>
      hostnames.flatMap((hostname) => ['--add-host', `${hostname}:${ip}`]),
    ),
    ...dnsFlags(dns),
  ];
}

/** What is not given is the machine's; a dot stands for no search domain at all, and an empty text for no option. */
function dnsFlags({ nameservers = [], searches, options }: DnsSettings): readonly string[] {
  return [
    ...nameservers.flatMap((address) => ['--dns', address]),
    ...orNone(searches, '.').flatMap((domain) => ['--dns-search', domain]),
    ...orNone(options, '').flatMap((option) => ['--dns-option', option]),
  ];
}

function orNone(list: readonly string[] | undefined, none: string): readonly string[] {
  return list?.length === 0 ? [none] : (list ?? []);
}

function publish(port: HostPort): string {
  const address = port.hostIP.includes(':') ? `[${port.hostIP}]` : port.hostIP;
  const ports = `${port.hostPort}:${port.containerPort}`;
  return `${address}:${ports}/${port.protocol.toLowerCase()}`;
}
