import type { WatchedFacts } from '../../kube/status/facts.ts';
import type { DnsConfig } from '../../kube/spec/desired.ts';
import type { ClaimVolumeOptions } from '../../kube/spec/desired-volume.ts';
import type { LimitCapability } from './limits.ts';
import type { ClaimOwnership, Ownership, VolumeAdoption } from '../labels.ts';
import type { ServiceOwnership } from '../service-record.ts';
import type { UpdateCapability } from './updates.ts';

/** podman's state, as far as podpose uses it. The planner makes no further queries. */
export interface ObservedState {
  readonly pods: readonly ObservedPod[];
  /** All containers, including those outside of pods; without infra containers. */
  readonly containers: readonly ObservedContainer[];
  readonly volumes: readonly ObservedVolume[];
  readonly images: readonly ObservedImage[];
  /** All networks; queried if a pod is created or removed, or if the network of the project may be left. */
  readonly networks?: readonly ObservedNetwork[];
  /** podman's names of the secrets of podpose's pods; queried only if there can be some. */
  readonly secrets?: readonly string[];
  /** Queried if a container differs only in what `podman update` can change. */
  readonly updating?: UpdateCapability;
  /** The DNS settings of this machine; read if a pod or container is created. */
  readonly machineDns?: DnsConfig;
  /**
   * Whether the DNS server of a network cannot start; found out with `machineDns`. Where systemd runs, netavark starts it by
   * `systemd-run --user`, which needs the systemd of a user session.
   */
  readonly networkDnsFails?: boolean;
  /** podman's for a pod with a network of its own; queried if a pod adds to them. */
  readonly podDns?: DnsConfig;
  /** Queried if a new container or pod has resource limits. */
  readonly limiting?: LimitCapability;
  /**
   * The number of restarts of each crash-looping container, by podman's ID; queried if a running container was restarted.
   */
  readonly crashLoops?: ReadonlyMap<string, number>;
  /**
   * The last result of the probe for which a container is not ready, by podman's ID; queried from the watcher if a running
   * container has a startup or readiness probe.
   */
  readonly notReady?: ReadonlyMap<string, string>;
  /** The rules in the podman pods of Services, and the addresses of pods; queried if the files have Services. */
  readonly servedNow?: ServedNow;
  /** Whether ports of the machine can be published, for those that were tried, by `portKey`. */
  readonly freePorts?: ReadonlyMap<string, boolean>;
  /** podman's names of pods of Services that could not be started, as their address is in use. */
  readonly addressless?: ReadonlySet<string>;
  /** Whether podman always copies the machine's /etc/hosts into pods; queried if a pod or container is created. */
  readonly machineHosts?: boolean;
  /** Whether the address of a bridge changes as pods come and go; queried with `machineHosts`. */
  readonly bridgeAddressChanges?: boolean;
}

export interface ObservedNetwork {
  readonly name: string;
  /** The project that it was created for; absent if podpose did not create it. */
  readonly project?: string;
  /** Whether its DNS server resolves the names of its pods. */
  readonly resolvesNames: boolean;
}

export type Labels = Readonly<Record<string, string>>;

export interface ObservedPod {
  readonly id: string;
  readonly name: string;
  readonly labels: Labels;
  /** Absent if podpose did not create the pod. */
  readonly owner?: Ownership;
  /** Present on the podman pod of a Service, which has no other owner. */
  readonly service?: ServiceOwnership;
  /** The infra container holds the pod's namespaces: if it is not running, no container of the pod can run. */
  readonly infra: ContainerState | 'absent';
  /** The last start of the infra container in seconds since 1970; 0 if it was never started. */
  readonly infraStartedAt: number;
  /** The last end of the infra container in seconds since 1970; absent or 0 if it has not ended since it was created. */
  readonly infraExitedAt?: number;
  /** The networks that it is connected to; absent for none. */
  readonly networks?: readonly string[];
  /** podman's ID of the infra container; absent without one. */
  readonly infraId?: string;
  /** The process of a running infra container. */
  readonly infraPid?: number;
  /** Its addresses, those of IPv4 first. Present if it was inspected, and runs on a network of its own. */
  readonly addresses?: readonly string[];
  /** Seconds since 1970; absent or 0 without an infra container. */
  readonly createdAt?: number;
}

/**
 * podman's states. `created`, `configured` and `initialized` have never run. `stopped` comes shortly before `exited`.
 * New states of later versions become `unknown`.
 */
export type ContainerState =
  | 'configured'
  | 'created'
  | 'initialized'
  | 'running'
  | 'paused'
  | 'stopping'
  | 'stopped'
  | 'exited'
  | 'removing'
  | 'unknown';

export interface ObservedContainer {
  readonly id: string;
  readonly name: string;
  readonly labels: Labels;
  readonly owner?: Ownership;
  /** Name of its pod; absent for a container outside of pods. */
  readonly podName?: string;
  /** The networks that it is connected to; absent for none, and for a container of a pod. */
  readonly networks?: readonly string[];
  readonly state: ContainerState;
  /** Valid after the container has exited. */
  readonly exitCode: number;
  /** Seconds since 1970; 0 if it was never started. */
  readonly startedAt: number;
  readonly createdAt: number;
  readonly exitedAt: number;
  readonly image: string;
  readonly imageId: string;
  /**
   * The number of restarts by podman's restart policy. On podman 4.3, whose `ps` lacks it, absent until the container
   * is inspected.
   */
  readonly restarts?: number;
  /** The process of a running container. */
  readonly pid?: number;
  /** Why podman could not start it; empty if the reason is unknown. Present on inspected containers. */
  readonly startFailure?: string;
  /** What podpose's watcher knows of it; absent if it was not asked, or knows nothing. */
  readonly watched?: WatchedFacts;
}

export interface ObservedVolume {
  readonly name: string;
  readonly labels: Labels;
  readonly owner?: Ownership;
  /** Present on the volume of a PersistentVolumeClaim, created or adopted by podpose, which belongs to no pod. */
  readonly claim?: ClaimOwnership;
  /** podman's name of the record volume that stores the adoption of this one. */
  readonly record?: string;
  /** Present on a record volume, even if the volume that it describes does not exist any more. */
  readonly adoption?: VolumeAdoption;
  /** In ISO 8601; empty if podman does not tell. */
  readonly createdAt: string;
  /** The options it was created with; those of the mount in the order of podman. */
  readonly options: ClaimVolumeOptions;
  /** The number of containers and commands that have it mounted. */
  readonly mountCount: number;
}

export interface ObservedImage {
  readonly id: string;
  /**
   * Names with registry and tag: `docker.io/library/nginx:1.27`. Also names with digest, and the queried names as
   * written in manifests.
   */
  readonly names: readonly string[];
}

/** What the kernel has now: the rules of Services, and the addresses of pods. */
export interface ServedNow {
  /** The endpoints of each port, such as `tcp 80` -> `10.89.0.4:8080`, sorted; by podman's name of the Service's pod. */
  readonly rules: ReadonlyMap<string, ReadonlyMap<string, ServedRule>>;
  /** The IPv4 address of each running pod, by podman's name. */
  readonly addresses: ReadonlyMap<string, string>;
}

export interface ServedRule {
  readonly endpoints: readonly string[];
  /** Whether a client keeps its endpoint. */
  readonly isSticky: boolean;
}
