import type { DnsConfig } from '../../kube/spec/desired.ts';
import type { LimitCapability } from './limits.ts';
import type { ClaimOwnership, Ownership } from '../labels.ts';
import type { UpdateCapability } from './updates.ts';

/** One look at everything that podman has, as far as podpose cares. Planning asks podman nothing more. */
export interface ObservedState {
  readonly pods: readonly ObservedPod[];
  /** All containers, in pods and out of them, without the infra containers. */
  readonly containers: readonly ObservedContainer[];
  readonly volumes: readonly ObservedVolume[];
  readonly images: readonly ObservedImage[];
  /** podman's names of the secrets that pods of podpose's may have; looked for where there may be some. */
  readonly secrets?: readonly string[];
  /** Known where a container differs only in what `podman update` can change. */
  readonly updating?: UpdateCapability;
  /** What a pod's DNS would be by default; known where some pod adds to it. */
  readonly defaultDns?: DefaultDns;
  /** Known where something is made that is to be limited. */
  readonly limiting?: LimitCapability;
  /** Whether podman cannot but put the machine's /etc/hosts into pods; known where something is made. */
  readonly machineHosts?: boolean;
}

export interface DefaultDns {
  /** Of a pod with a network of its own. */
  readonly ofPod?: DnsConfig;
  /** Of one on the machine's network. */
  readonly ofHost?: DnsConfig;
}

export type Labels = Readonly<Record<string, string>>;

export interface ObservedPod {
  readonly id: string;
  readonly name: string;
  readonly labels: Labels;
  /** Absent for a pod that podpose did not make. */
  readonly owner?: Ownership;
  /** The infra container holds the pod's namespaces: while it does not run, nothing in the pod can. */
  readonly infra: ContainerState | 'absent';
  /** When the infra container was last started, in seconds since 1970; 0 before the first start. */
  readonly infraStartedAt: number;
  /** Seconds since 1970; absent, or 0, where there is no infra container to tell. */
  readonly createdAt?: number;
}

/**
 * podman's own words. `created`, `configured` and `initialized` have never run; `stopped` is on its way to
 * `exited`. What a newer podman may add is kept as `unknown`.
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
  /** Name of the pod that it is in; absent for a container on its own. */
  readonly podName?: string;
  readonly state: ContainerState;
  /** Meaningful once the container has exited. */
  readonly exitCode: number;
  /** Seconds since 1970; 0 before the first start. */
  readonly startedAt: number;
  readonly createdAt: number;
  readonly exitedAt: number;
  readonly image: string;
  readonly imageId: string;
  /** How often podman's restart policy has started it again. Absent until it is inspected on podman 4.3, whose `ps` does not tell. */
  readonly restarts?: number;
  /** Why podman could not start it, and empty where it does not say why. Known of containers that were inspected. */
  readonly startFailure?: string;
}

export interface ObservedVolume {
  readonly name: string;
  readonly labels: Labels;
  readonly owner?: Ownership;
  /** Present on the volume of a claim, which no pod owns. */
  readonly claim?: ClaimOwnership;
  /** How many containers or commands hold it mounted. */
  readonly mountCount: number;
}

export interface ObservedImage {
  readonly id: string;
  /**
   * With registry and tag: `docker.io/library/nginx:1.27`; also the names by digest, and those that podman was asked
   * for, as manifests write them.
   */
  readonly names: readonly string[];
}
