import type { DeclaredFields } from './declared.ts';
import type { DesiredVolume, VolumeSource } from './desired-volume.ts';
import type { ImagePullPolicy } from './image-reference.ts';
import type { ContainerLifecycle } from './probe.ts';
import type { RestartPolicy } from './restart-policy.ts';

export type { RestartPolicy } from './restart-policy.ts';

/**
 * The desired state of a pod in Kubernetes terms: defaults are filled in, values are normalized, and containers
 * contain what they inherit from the pod. It is JSON-compatible: labels record parts of it, and a change is named by
 * the path of a field in it.
 */
export interface DesiredPod {
  /** With its namespace, unless that is the default one (`qualified-name.ts`). */
  readonly name: string;
  /** The workload whose template it has, such as `deploy/web`. Not part of the settings. Absent for a bare pod. */
  readonly owner?: string;
  readonly labels: Readonly<Record<string, string>>;
  /** Without those of podman: they are in `sandbox` and in the containers. */
  readonly annotations: Readonly<Record<string, string>>;
  /** Seconds between the stop signal and SIGKILL. */
  readonly terminationGracePeriodSeconds: number;
  readonly restartPolicy: RestartPolicy;
  /** Seconds from the start of the pod until it is stopped. */
  readonly activeDeadlineSeconds?: number;
  /**
   * The fingerprint of the registry credentials. It is not part of the settings: how an image was pulled does not
   * affect the pod.
   */
  readonly pullSecret?: string;
  readonly sandbox: DesiredSandbox;
  /** The group that owns the volumes of the pod, and a supplementary group of every container. */
  readonly fsGroup?: number;
  /** Absent for `Always`: the ownership of a PVC is changed for every new pod that mounts it. */
  readonly fsGroupChangePolicy?: 'OnRootMismatch';
  readonly volumes: readonly DesiredVolume[];
  /** In the order in which they run. */
  readonly initContainers: readonly DesiredContainer[];
  readonly containers: readonly DesiredContainer[];
}

/**
 * The namespaces, network and host names that the infra container provides to all containers: the pod sandbox of the
 * kubelet. It cannot be changed in a running pod.
 */
export interface DesiredSandbox {
  /** Absent with the host network, where containers have the host name of the machine. */
  readonly hostname?: string;
  /** The namespace of the pod, which is part of its DNS names. Absent with the host network. */
  readonly namespace?: string;
  /** The fully qualified domain name; absent without a subdomain, or if it is the hostname. */
  readonly fqdn?: string;
  readonly hostNetwork: boolean;
  readonly hostPID: boolean;
  readonly hostIPC: boolean;
  readonly shareProcessNamespace: boolean;
  /** The published ports, sorted by host port. */
  readonly hostPorts: readonly HostPort[];
  readonly hostAliases: readonly HostAlias[];
  readonly dnsPolicy: DnsPolicy;
  readonly dnsConfig: DnsConfig;
  /** Kernel parameters of the namespaces of the pod, sorted by name; absent for none. */
  readonly sysctls?: readonly Sysctl[];
  /** Resources of all containers together; absent if the manifest sets none. */
  readonly resources?: DesiredResources;
  /** podman's mode of the user namespace, such as `keep-id`; absent for that of rootless podman. */
  readonly userns?: string;
  /** podman's name of the infra container; absent for podman's default. */
  readonly infraName?: string;
  /** Its containers get no variables of Services. */
  readonly enableServiceLinks?: false;
}

export interface Sysctl {
  /** In the notation of sysctl(8), with dots. */
  readonly name: string;
  readonly value: string;
}

/**
 * The base of the DNS settings: those of a cluster, those of the machine, or none. Like a kubelet without a cluster DNS,
 * podpose replaces ClusterFirstWithHostNet with Default: the network of the host has no DNS server of podman
 * (getPodDNSType and GetPodDNS in pkg/kubelet/network/dns).
 */
export type DnsPolicy = 'ClusterFirst' | 'Default' | 'None';

export type Protocol = 'TCP' | 'UDP' | 'SCTP';

export interface HostPort {
  /** The container with the port, for messages; all containers of a pod share one network. */
  readonly container: string;
  /** The name of the port, for messages. */
  readonly portName?: string;
  /** 127.0.0.1 by default: podpose runs pods on a personal machine. */
  readonly hostIP: string;
  readonly hostPort: number;
  readonly containerPort: number;
  readonly protocol: Protocol;
}

export interface HostAlias {
  readonly ip: string;
  readonly hostnames: readonly string[];
}

export interface DnsConfig {
  readonly nameservers: readonly string[];
  readonly searches: readonly string[];
  /** In the notation of resolv.conf: `ndots:2`, `rotate`. */
  readonly options: readonly string[];
}

export interface DesiredContainer extends ContainerLifecycle {
  readonly name: string;
  readonly role: ContainerRole;
  readonly image: string;
  readonly imagePullPolicy: ImagePullPolicy;
  /** Replaces the ENTRYPOINT and drops the CMD of the image. Never empty. */
  readonly command?: readonly Word[];
  /** Replaces the CMD of the image. Never empty. */
  readonly args?: readonly Word[];
  readonly workingDir?: string;
  /** Variables of envFrom first. Names are unique; the last value takes precedence. */
  readonly env: readonly EnvVar[];
  /** Includes the termination message file, if there is one. */
  readonly volumeMounts: readonly DesiredMount[];
  /** Absent for the default, `File`. */
  readonly terminationMessagePolicy?: 'FallbackToLogsOnError';
  readonly resources: DesiredResources;
  readonly securityContext: DesiredSecurityContext;
  readonly stdin: boolean;
  /** Such as `SIGUSR1`; absent for the stop signal of the image, or SIGTERM. */
  readonly stopSignal?: string;
  /** That of its pod. A container that is not restarted is killed then by podman, too. */
  readonly activeDeadlineSeconds?: number;
  readonly tty: boolean;
  /** `Always` for a sidecar, `Never` for the other init containers, which podpose retries itself. */
  readonly restartPolicy: RestartPolicy;
  readonly terminationGracePeriodSeconds: number;
  /** podman's annotations for the container, sorted by name (`podman-annotations.ts`); absent for none. */
  readonly annotations?: Readonly<Record<string, string>>;
  /** Values of podman's `--device`, sorted; absent for none. */
  readonly devices?: readonly string[];
  /** Not part of the settings. Absent for none. */
  readonly declared?: DeclaredFields;
}

export type ContainerRole = 'init' | 'container';

export type EnvVar = PlainVar | SecretVar;

export interface PlainVar {
  readonly name: string;
  readonly value: Text;
}

/** A variable whose value contains a secret. The `SecretKeeper` has the value. */
export interface SecretVar {
  readonly name: string;
  readonly secret: string;
}

/** A word of a command. */
export type Word = Text | SecretWord;

/** A word that contains a secret. The `SecretKeeper` has the expanded word. */
export interface SecretWord {
  readonly secret: string;
  /** The word as in the manifest: `--password=$(PASSWORD)`. It is shown, and is not part of the settings. */
  readonly text: string;
}

/** A text, possibly with parts known only at run time. */
export type Text = string | RuntimeText;

export type RuntimeText = AddressText | FileKeyText;

export interface AddressText {
  readonly before: string;
  readonly address: Address;
  readonly after: Text;
}

/** A container reads the file when it is created; changes of the file do not recreate it. */
export interface FileKeyText {
  readonly before: string;
  readonly fileKey: FileKey;
  readonly after: Text;
}

/**
 * A value that an init container has written to a file.
 * https://kubernetes.io/docs/tasks/inject-data-application/define-environment-variable-via-file/
 */
export interface FileKey {
  /** The name of an emptyDir of the pod. */
  readonly volume: string;
  /** A relative path without `..`. */
  readonly path: string;
  readonly key: string;
  /** Whether the file or its key may be missing. */
  readonly optional?: true;
  /** The replacement of a missing value. Absent for the value of a variable, which is then not set. */
  readonly otherwise?: string;
}

/** The address fields of a pod status; several addresses are joined with commas. */
export type Address = PodAddress | ServiceHost;

export type PodAddress = 'podIP' | 'podIPs' | 'hostIP' | 'hostIPs';

/** The address of a Service, by its qualified name. */
export interface ServiceHost {
  readonly service: string;
}

export interface DesiredMount {
  /** The name of the volume in the pod. */
  readonly name: string;
  /** The source of the volume, so that a container changes together with its volumes. */
  readonly source: VolumeSource;
  readonly mountPath: string;
  readonly readOnly: boolean;
  /** A relative path without `..`; absent for the root of the volume. */
  readonly subPath?: string;
  /** The container sees later mounts in the volume; absent if it does not. */
  readonly mountPropagation?: 'HostToContainer';
}

/** CPU in thousandths of a core, memory in bytes. */
export interface DesiredResources {
  readonly limits: ResourceAmounts;
  readonly requests: ResourceAmounts;
}

export interface ResourceAmounts {
  readonly cpu?: number;
  readonly memory?: number;
}

export interface DesiredSecurityContext {
  readonly runAsUser?: number;
  readonly runAsGroup?: number;
  /** The container is not started unless its user is certainly not root. */
  readonly runAsNonRoot?: true;
  /** Besides the primary group and the groups of the image user. Sorted; absent for none. */
  readonly supplementalGroups?: readonly number[];
  readonly privileged: boolean;
  readonly readOnlyRootFilesystem: boolean;
  /** Absent if the manifest does not set it; the default of the runtime applies. */
  readonly allowPrivilegeEscalation?: boolean;
  /** Upper case, without the prefix CAP_, sorted. */
  readonly capabilities: { readonly add: readonly string[]; readonly drop: readonly string[] };
  /** Absent for the default profile of podman. */
  readonly seccompProfile?: SeccompProfile;
  /** Unset fields use the default of podman. No effect on a machine without SELinux. */
  readonly seLinuxOptions?: SELinuxOptions;
  /** /proc is fully visible. */
  readonly procMount?: 'Unmasked';
}

export type SeccompProfile =
  | { readonly type: 'Unconfined' }
  | {
      readonly type: 'Localhost';
      /** Absolute; relative paths are resolved against the directory of the manifest. */
      readonly path: string;
    };

export interface SELinuxOptions {
  readonly user?: string;
  readonly role?: string;
  readonly type?: string;
  readonly level?: string;
}
