import { defined } from '../../base/defined.ts';
import type { DesiredPod, DesiredSandbox } from '../../kube/spec/desired.ts';
import type { DnsSettings } from '../../kube/spec/dns.ts';
import { podSettings as appliedSettings } from '../../kube/spec/settings.ts';
import { podmanWith, type Command } from './argument.ts';
import { createPodChange } from './requests/pod.ts';
import { withCreation } from './requests/requests.ts';
import type { Definitions } from './definition.ts';
import { containerListLabel } from '../inspect/container-list.ts';
import type { LimitedResource } from '../inspect/limits.ts';
import { LABEL, OWNER_LABEL } from '../labels.ts';
import { networkSettings, type JoinedNetwork } from './pod-network.ts';
import { resourceSettings } from './resources.ts';
import { commandSetting, flagsOf, setting, type Setting } from './setting.ts';
import type { PodmanCapabilities } from '../inspect/version.ts';
import { commaSeparatedField } from './comma-separated.ts';
import { filesLabels } from './files.ts';
import { startInfraCommand, type InfraStart } from './infra.ts';
import { encodeRevisions, REVISIONS_LABEL, type RevisionRecord } from '../revisions-record.ts';
import { labelSetting, ownerLabels, ownLabels, specLabels } from './labels.ts';
import { removePodCommand, stopPodStepCommand, type PodRemoval, type PodStop } from './stop.ts';
import { podSubject } from './subjects.ts';
import { upTo } from './words.ts';

export type PodOperation = CreatePod | StartInfra | StopPod | RemovePod;

export interface CreatePod {
  readonly kind: 'create-pod';
  readonly project: string;
  readonly pod: DesiredPod;
  readonly dns: DnsSettings;
  /** Absent with hostNetwork. */
  readonly network?: JoinedNetwork;
  readonly infraImage?: string;
  /** Of the workload that the pod belongs to. */
  readonly revisions?: RevisionRecord;
  /** Resources that cannot be limited on this machine. */
  readonly withoutLimits?: readonly LimitedResource[];
}

/** Starts the infra container before all others: the pod then has its addresses and its own /etc/hosts. */
export interface StartInfra extends InfraStart {
  readonly kind: 'start-infra';
}

/** Stops all containers of the pod within one grace period, and then its infra container. */
export interface StopPod extends PodStop {
  readonly kind: 'stop-pod';
}

/** Stops all containers of the pod within one grace period, and removes the pod with its containers. */
export interface RemovePod extends PodRemoval {
  readonly kind: 'remove-pod';
}

export const POD_OPERATIONS: Definitions<PodOperation> = {
  'create-pod': {
    command: createPodCommand,
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
  'stop-pod': {
    command: stopPodStepCommand,
    describe: ({ pod }) => `stop ${podSubject(pod)}`,
    words: ({ pod, graceSeconds }) => ({
      subject: podSubject(pod),
      doing: graceSeconds === 0 ? 'killing' : `stopping${upTo(graceSeconds)}`,
      done: 'stopped',
      result: 'stopped',
    }),
    target: ({ pod }) => ({ pod }),
    policy: ({ pod }) => ({ stops: { pod }, releasesPortsOf: pod }),
  },
  'remove-pod': {
    command: removePodCommand,
    describe: ({ pod }) => `remove ${podSubject(pod)}`,
    words: ({ pod, graceSeconds }) => ({
      subject: podSubject(pod),
      doing: `stopping and removing${upTo(graceSeconds)}`,
      done: 'removed',
      result: 'removed',
    }),
    target: ({ pod }) => ({ pod }),
    policy: ({ pod }) => ({ stops: { pod }, releasesPortsOf: pod }),
  },
};

/** `podman pod create`: creates the pod and its infra container, without starting it. */
function createPodCommand(operation: CreatePod, capabilities: PodmanCapabilities, podman: string): Command {
  const { name } = operation.pod;
  const settings = podSettings(operation, capabilities);
  return withCreation(
    podmanWith(['pod', 'create', ...flagsOf(settings)]),
    capabilities,
    settings,
    (valueOf) => [[createPodChange(name, settings, valueOf, podman)]],
  );
}

/** All settings of `podman pod create`, in the order of the command. */
function podSettings(operation: CreatePod, capabilities: PodmanCapabilities): readonly Setting[] {
  const { pod, project, infraImage, dns, network, revisions } = operation;
  const shared = sharedNamespaces(pod.sandbox);
  return [
    setting(['--name', pod.name], { name: pod.name }),
    // By default, podman stops a pod with its last running container, which would be after each init container.
    setting(['--exit-policy', 'continue'], { exit_policy: 'continue' }),
    setting(['--share', shared.join(',')], { shared_namespaces: shared }),
    ...usernsSettings(pod.sandbox, capabilities),
    ...infraNameSettings(pod.sandbox),
    ...networkSettings(pod.sandbox, dns, network, capabilities),
    ...sysctlSettings(pod.sandbox),
    ...podResourceSettings(pod.sandbox, operation.withoutLimits),
    ...(infraImage === undefined
      ? []
      : [setting(['--infra-image', infraImage], { infra_image: infraImage })]),
    labelSetting(pod.labels),
    ...ownLabels(
      {
        ...ownerLabels(project, pod.name, 'pod'),
        ...defined({ [LABEL.network]: network?.name, [OWNER_LABEL]: pod.owner }),
      },
      containerListLabel(pod),
      filesLabels(pod),
      { ...revisionLabels(revisions), ...specLabels(appliedSettings(pod)) },
    ),
  ];
}

function revisionLabels(revisions: RevisionRecord | undefined): Readonly<Record<string, string>> {
  return defined({ [REVISIONS_LABEL]: revisions && encodeRevisions(revisions) });
}

function sharedNamespaces(sandbox: DesiredSandbox): readonly string[] {
  return [
    // Each container requests the host's namespaces, as the infra container cannot share them.
    ...(sandbox.hostIPC ? [] : ['ipc']),
    'net',
    ...(sandbox.hostNetwork ? [] : ['uts']),
    ...(sandbox.shareProcessNamespace ? ['pid'] : []),
  ];
}

/** The limits of the pod's cgroup, the parent of its containers' cgroups. Soft memory limits exist for containers only. */
function podResourceSettings(
  { resources }: DesiredSandbox,
  withoutLimits?: readonly LimitedResource[],
): readonly Setting[] {
  if (resources === undefined) return [];
  const { cpu } = resources.requests;
  return resourceSettings({ ...resources, requests: defined({ cpu }) }, withoutLimits);
}

/** Namespace in pkg/specgen/namespaces.go: `auto:size=65536` is a mode and a value. */
function usernsSettings({ userns }: DesiredSandbox, capabilities: PodmanCapabilities): readonly Setting[] {
  if (userns === undefined) return [];
  const flags = ['--userns', userns];
  const [word = '', ...value] = userns.split(':');
  const mode = {
    nsmode: word === 'ns' ? 'path' : word,
    ...(value.length === 0 ? {} : { value: value.join(':') }),
  };
  return [capabilities.usernsByRequest ? setting(flags, { userns: mode }) : commandSetting(flags)];
}

/** podman adds the name of the infra container to /etc/hosts, after the host name. */
function infraNameSettings({ fqdn, infraName }: DesiredSandbox): readonly Setting[] {
  const name = fqdn ?? infraName;
  return name === undefined ? [] : [setting(['--infra-name', name], { infra_name: name })];
}

/** podman parses the flag as comma-separated values, and some parameters contain commas. */
function sysctlSettings({ sysctls = [] }: DesiredSandbox): readonly Setting[] {
  return sysctls.map(({ name, value }) =>
    setting(['--sysctl', commaSeparatedField(`${name}=${value}`)], { sysctl: { [name]: value } }),
  );
}
