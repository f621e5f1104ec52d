import { POD_DEFAULTS } from '../spec/defaults.ts';
import type { DesiredPod } from '../spec/desired.ts';
import { objectName } from '../spec/qualified-name.ts';
import type { PortReach } from '../spec/port-reach.ts';

/** A pod as `desiredPods` gives it. */
export interface GraphedPod {
  readonly pod: DesiredPod;
  readonly ports: Pick<PortReach, 'declared'>;
  /** The proxy of Ingresses. */
  readonly isProxy?: true;
  /** The workload that it belongs to, such as `deploy/web`; absent for a pod of its own. */
  readonly owner?: string;
}

/** Pods, what is in them and what reaches them. Nodes are named by their IDs, which follow the order of the manifests. */
export interface ObjectGraph {
  readonly pods: readonly PodNode[];
  /** What is outside of the pods: PersistentVolumeClaims, paths of the machine, Services, published ports. */
  readonly nodes: readonly GraphNode[];
  readonly edges: readonly GraphEdge[];
}

export interface PodNode {
  readonly id: string;
  readonly name: string;
  readonly owner?: string;
  readonly nodes: readonly GraphNode[];
  /** The order of the start: each init container before the next container. */
  readonly order: readonly GraphEdge[];
}

export interface GraphNode {
  readonly id: string;
  readonly shape: 'container' | 'volume' | 'service' | 'external';
  /** The first line is the name. */
  readonly lines: readonly string[];
}

export interface GraphEdge {
  readonly from: string;
  readonly to: string;
  /** `mount` has no direction. */
  readonly kind: 'then' | 'mount' | 'reach';
  /** Empty for none. */
  readonly text: string;
}

/** The name of an object, in another namespace than the default one `staging/web`. */
export function shownName(qualified: string): string {
  const { namespace, name } = objectName(qualified);
  return namespace === POD_DEFAULTS.namespace ? name : `${namespace}/${name}`;
}

/** `80`, or `53/UDP`. */
export function portText(port: number, protocol: string): string {
  return protocol === 'TCP' ? String(port) : `${port}/${protocol}`;
}
