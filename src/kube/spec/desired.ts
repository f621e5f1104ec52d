import type { Content } from '../config/content.ts';

/**
 * What a manifest asks for, in Kubernetes' own words, with every default filled in, every value normalised
 * and everything that a container inherits from its pod written at the container. It is plain data that
 * JSON can carry: what is remembered of a running pod is this, and a difference between two of them is
 * named by the path of a field in it.
 */
export interface DesiredPod {
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly annotations: Readonly<Record<string, string>>;
  /** Seconds between the polite signal and the final one when the pod is stopped. */
  readonly terminationGracePeriodSeconds: number;
  readonly restartPolicy: RestartPolicy;
  /** Seconds after its start at which the pod is to be stopped, however far it has come. */
  readonly activeDeadlineSeconds?: number;
  /**
   * The fingerprint of the credentials for the registries of its images. How an image came here is no part of
   * what runs.
   */
  readonly pullSecret?: string;
  readonly sandbox: DesiredSandbox;
  /** Group that the pod's volumes are given to; every container has it among its supplementary groups. */
  readonly fsGroup?: number;
  /**
   * Absent for `Always`: whatever is in a claim is given to the group whenever a pod is made that mounts it.
   */
  readonly fsGroupChangePolicy?: 'OnRootMismatch';
  readonly volumes: readonly DesiredVolume[];
  /** In the order in which they run, one after another. */
  readonly initContainers: readonly DesiredContainer[];
  readonly containers: readonly DesiredContainer[];
}

export type RestartPolicy = 'Always' | 'OnFailure' | 'Never';

/**
 * What the infra container holds for all others: namespaces, network, names. The kubelet calls it the pod
 * sandbox. Nothing in it can change while the pod lives.
 */
export interface DesiredSandbox {
  /** What the containers see as their host name; absent with the host's network, where it is the host's. */
  readonly hostname?: string;
  /** The host name with its domain, where the pod has one and its host name is without it. */
  readonly fqdn?: string;
  readonly hostNetwork: boolean;
  readonly hostPID: boolean;
  readonly hostIPC: boolean;
  readonly shareProcessNamespace: boolean;
  /** Only the ports that the host listens on, sorted by host port. */
  readonly hostPorts: readonly HostPort[];
  readonly hostAliases: readonly HostAlias[];
  readonly dnsPolicy: DnsPolicy;
  readonly dnsConfig: DnsConfig;
  /** Kernel parameters of the pod's own namespaces, sorted by name; absent where there are none. */
  readonly sysctls?: readonly Sysctl[];
  /** What all containers together get; absent where nothing is said of it. */
  readonly resources?: DesiredResources;
}

export interface Sysctl {
  /** With dots, as sysctl(8) has it. */
  readonly name: string;
  readonly value: string;
}

/**
 * What the DNS settings start from: those of the machine, or none. There is no DNS of a cluster here, and
 * then the kubelet takes ClusterFirst for Default (getPodDNSType and GetPodDNS in pkg/kubelet/network/dns).
 */
export type DnsPolicy = 'Default' | 'None';

export type Protocol = 'TCP' | 'UDP' | 'SCTP';

export interface HostPort {
  /** The container that declares it, for messages; all containers of a pod share one network. */
  readonly container: string;
  /** What the container calls it, for messages; absent where it has no name for it. */
  readonly portName?: string;
  /** 127.0.0.1 where the manifest names none: this is a tool for one's own machine. */
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
  /** As resolv.conf has them: `ndots:2`, `rotate`. */
  readonly options: readonly string[];
}

export interface DesiredVolume {
  readonly name: string;
  readonly source: VolumeSource;
  /** Every mount of it is read-only, whatever the mount says. */
  readonly readOnly?: true;
  /** The PersistentVolume that says what it is: the one that its claim is bound to. */
  readonly persistentVolume?: string;
}

export type VolumeSource = PodVolumeSource | HostPathSource | ClaimSource | ImageSource;

/** A volume that is made for the pod, and goes with it. */
export type PodVolumeSource = EmptyDirSource | EphemeralSource | FilesSource;

export interface EmptyDirSource {
  readonly type: 'emptyDir';
  readonly medium: 'disk' | 'Memory';
  /** Bytes. */
  readonly sizeLimit?: number;
}

/**
 * What a cluster would provide for a claim that lives as long as the pod: here, a directory like any other.
 */
export interface EphemeralSource {
  readonly type: 'ephemeral';
}

/**
 * A volume of files that come from the manifests. Whoever mounts it can only read it, and sees when a file
 * changes.
 */
export interface FilesSource {
  readonly type: 'configMap' | 'secret' | 'projected' | 'downwardAPI';
  /** Memory for whatever may have a secret in it. */
  readonly medium: 'disk' | 'Memory';
  /** Sorted by path; no path is that of a directory of another. */
  readonly files: readonly VolumeFile[];
  /**
   * Directories that other volumes are mounted on, relative to the root, sorted; absent where there are none.
   */
  readonly mountPoints?: readonly string[];
}

export interface VolumeFile {
  /** Relative to the volume's root. */
  readonly path: string;
  /** The bits of `chmod`, without those that the pod's fsGroup adds. */
  readonly mode: number;
  readonly content: Content;
}

export type HostPathType =
  '' | 'DirectoryOrCreate' | 'Directory' | 'FileOrCreate' | 'File' | 'Socket' | 'CharDevice' | 'BlockDevice';

export interface HostPathSource {
  readonly type: 'hostPath';
  /** Absolute: a relative path has been taken from the manifest's directory. */
  readonly path: string;
  readonly hostPathType: HostPathType;
}

/** What a claim is served from that is bound to no PersistentVolume of the files. It outlives every pod. */
export interface ClaimSource {
  readonly type: 'persistentVolumeClaim';
  readonly claimName: string;
}

/** What is in an image, read-only. */
export interface ImageSource {
  readonly type: 'image';
  readonly reference: string;
  readonly pullPolicy: ImagePullPolicy;
}

export interface DesiredContainer {
  readonly name: string;
  readonly role: ContainerRole;
  readonly image: string;
  readonly imagePullPolicy: ImagePullPolicy;
  /** Replaces the image's ENTRYPOINT and drops its CMD. Never empty. */
  readonly command?: readonly Text[];
  /** Replaces the image's CMD. Never empty. */
  readonly args?: readonly Text[];
  readonly workingDir?: string;
  /** First those of envFrom; a name that came twice is there once, with its last value. */
  readonly env: readonly EnvVar[];
  /** Among them the file for its last message, if it has one. */
  readonly volumeMounts: readonly DesiredMount[];
  /** Absent where that file alone counts. */
  readonly terminationMessagePolicy?: 'FallbackToLogsOnError';
  readonly resources: DesiredResources;
  readonly securityContext: DesiredSecurityContext;
  readonly stdin: boolean;
  /** As `SIGUSR1`; absent for that of the image, or SIGTERM. */
  readonly stopSignal?: string;
  /** Seconds after which it is killed. Absent where podman would start it again. */
  readonly activeDeadlineSeconds?: number;
  readonly tty: boolean;
  /** Never for what must not be started again by podman: an init container is tried again by podpose. */
  readonly restartPolicy: RestartPolicy;
  readonly terminationGracePeriodSeconds: number;
}

export type ContainerRole = 'init' | 'container';
export type ImagePullPolicy = 'Always' | 'IfNotPresent' | 'Never';

export type EnvVar = PlainVar | SecretVar;

export interface PlainVar {
  readonly name: string;
  readonly value: Text;
}

/** A variable with a secret in its value. The value is with the `SecretKeeper`. */
export interface SecretVar {
  readonly name: string;
  readonly secret: string;
}

/** A text, or one with something in it that is known only once the pod runs. */
export type Text = string | LateText;

export type LateText = AddressText | FileKeyText;

export interface AddressText {
  readonly before: string;
  readonly address: Address;
  readonly after: Text;
}

/**
 * What is in the file is no part of it: a container reads it when it is made, and is not recreated for a
 * change.
 */
export interface FileKeyText {
  readonly before: string;
  readonly fileKey: FileKey;
  readonly after: Text;
}

/**
 * Where an init container has written a value.
 * https://kubernetes.io/docs/tasks/inject-data-application/define-environment-variable-via-file/
 */
export interface FileKey {
  /** Name of the pod's volume, an emptyDir. */
  readonly volume: string;
  /** A relative path without `..`. */
  readonly path: string;
  readonly key: string;
  /** The file, or the key in it, may be missing. */
  readonly optional?: true;
  /**
   * What stands in its place then. Absent where the text is the value of a variable, which then is not there.
   */
  readonly otherwise?: string;
}

/** The names of the fields of a pod's status that hold an address: of several, all, with commas between. */
export type Address = 'podIP' | 'podIPs' | 'hostIP' | 'hostIPs';

export interface DesiredMount {
  /** Name of the pod's volume. */
  readonly name: string;
  /** The volume itself, so that a container differs when a volume that it mounts does. */
  readonly source: VolumeSource;
  readonly mountPath: string;
  readonly readOnly: boolean;
  /** A relative path without `..`; absent for the volume's root. */
  readonly subPath?: string;
  /** What is mounted inside of the volume later shows in the container; absent where it does not. */
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
  /** Nothing is run unless the user is known to be another than root. */
  readonly runAsNonRoot?: true;
  /**
   * Besides the main group, and besides what the image makes its user a member of. Sorted; absent for none.
   */
  readonly supplementalGroups?: readonly number[];
  readonly privileged: boolean;
  readonly readOnlyRootFilesystem: boolean;
  /** Absent where the manifest says nothing: the runtime's default then decides. */
  readonly allowPrivilegeEscalation?: boolean;
  /** Upper case, without the prefix CAP_, sorted. */
  readonly capabilities: { readonly add: readonly string[]; readonly drop: readonly string[] };
  /** Absent for the profile of podman. */
  readonly seccompProfile?: SeccompProfile;
  /** Whatever is not said is as podman chooses it. Without effect where the machine has no SELinux. */
  readonly seLinuxOptions?: SELinuxOptions;
  /** /proc as it is, with nothing masked. */
  readonly procMount?: 'Unmasked';
}

export type SeccompProfile =
  | { readonly type: 'Unconfined' }
  | {
      readonly type: 'Localhost';
      /** Absolute: a relative path has been taken from the manifest's directory. */
      readonly path: string;
    };

export interface SELinuxOptions {
  readonly user?: string;
  readonly role?: string;
  readonly type?: string;
  readonly level?: string;
}
