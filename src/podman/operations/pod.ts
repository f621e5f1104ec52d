import { defined } from '../../base/defined.ts';
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
  /** Resources that cannot be limited on this machine. */
  readonly withoutLimits?: readonly LimitedResource[];
}

/** Starts the infra container before all others: the pod then has its addresses and its own /etc/hosts. */
export interface StartInfra extends InfraStart {
  readonly kind: 'start-infra';
}

/** Stops all containers of the pod within one grace period, and removes the pod with its containers. */
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
    policy: ({ pod }) => ({ reservesPortsOf: pod.name }),
  },
  'start-infra': {
    command: startInfraCommand,
    describe: ({ pod }) => `start the infra container of ${podSubject(pod)}`,
    words: ({ pod }) => ({ subject: podSubject(pod), doing: 'starting', done: 'started', isInternal: true }),
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
    policy: ({ pod }) => ({ stops: { pod }, releasesPortsOf: pod }),
  },
};

/** `podman pod create`: creates the pod and its infra container, without starting it. */
function createPodArguments(operation: CreatePod, capabilities: PodmanCapabilities): readonly string[] {
  const { pod, project, infraImage, dns } = operation;
  return [
    'pod',
    'create',
    '--name',
    pod.name,
    // By default, podman stops a pod with its last running container, which would be after each init container.
    '--exit-policy',
    'continue',
    '--share',
    sharedNamespaces(pod.sandbox),
    ...(pod.sandbox.userns === undefined ? [] : ['--userns', pod.sandbox.userns]),
    ...infraNameFlags(pod.sandbox),
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
    // Each container requests the host's namespaces, as the infra container cannot share them.
    ...(sandbox.hostIPC ? [] : ['ipc']),
    'net',
    ...(sandbox.hostNetwork ? [] : ['uts']),
    ...(sandbox.shareProcessNamespace ? ['pid'] : []),
  ].join(',');
}

/** The limits of the pod's cgroup, the parent of its containers' cgroups. Soft memory limits exist for containers only. */
function podResourceFlags(
  { resources }: DesiredSandbox,
  withoutLimits?: readonly LimitedResource[],
): readonly string[] {
  if (resources === undefined) return [];
  const { cpu } = resources.requests;
  return resourceFlags({ ...resources, requests: defined({ cpu }) }, withoutLimits);
}

/** podman parses the flag as comma-separated values, and some parameters contain commas. */
function sysctlFlags({ sysctls = [] }: DesiredSandbox): readonly string[] {
  return sysctls.flatMap(({ name, value }) => {
    return ['--sysctl', commaSeparatedField(`${name}=${value}`)];
  });
}

/** podman adds the name of the infra container to /etc/hosts, after the host name. */
function infraNameFlags({ fqdn, infraName }: DesiredSandbox): readonly string[] {
  const name = fqdn ?? infraName;
  return name === undefined ? [] : ['--infra-name', name];
}

function networkFlags(
  sandbox: DesiredSandbox,
  dns: DnsSettings,
  capabilities: PodmanCapabilities,
): readonly string[] {
  if (sandbox.hostNetwork) return ['--network', 'host'];
  return [
    ...(sandbox.hostname === undefined ? [] : ['--hostname', sandbox.hostname]),
    // As on a cluster, the pod does not get the entries of the machine.
    ...(capabilities.hostsFile ? ['--hosts-file', 'none'] : []),
    ...sandbox.hostPorts.flatMap((port) => ['--publish', publish(port)]),
    ...nameFlags(sandbox, dns),
  ];
}

/** Flags for the contents of /etc/hosts and /etc/resolv.conf. */
export function nameFlags({ hostAliases }: DesiredSandbox, dns: DnsSettings): readonly string[] {
  return [
    ...hostAliases.flatMap(({ ip, hostnames }) =>
      hostnames.flatMap((hostname) => ['--add-host', `${hostname}:${ip}`]),
    ),
    ...dnsFlags(dns),
  ];
}

/** Without a flag, podman uses the machine's settings. A dot means no search domains, an empty text no options. */
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
