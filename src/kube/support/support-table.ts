import type { Kind } from '../../manifest/kinds.ts';
import { claimTable } from './claim-table.ts';
import { endpointsTable, endpointSliceTable } from './endpoints-tables.ts';
import { ingressTable } from './ingress-table.ts';
import { isEntry, type SupportBranch, type SupportEntry, type SupportNode } from './entry.ts';
import { namespaceTable } from './namespace-table.ts';
import { persistentVolumeTable } from './persistent-volume-table.ts';
import { podTable } from './pod-table.ts';
import {
  cronJobTable,
  daemonSetTable,
  deploymentTable,
  jobTable,
  replicaSetTable,
  replicationControllerTable,
  statefulSetTable,
} from './workload-tables.ts';
import { serviceTable } from './service-table.ts';

/** The tables of the kinds with unsupported fields. */
export const supportTables: { readonly [K in Kind]?: SupportBranch } = {
  Pod: podTable,
  Deployment: deploymentTable,
  ReplicaSet: replicaSetTable,
  ReplicationController: replicationControllerTable,
  StatefulSet: statefulSetTable,
  DaemonSet: daemonSetTable,
  Job: jobTable,
  CronJob: cronJobTable,
  PersistentVolumeClaim: claimTable,
  PersistentVolume: persistentVolumeTable,
  Service: serviceTable,
  Endpoints: endpointsTable,
  EndpointSlice: endpointSliceTable,
  Ingress: ingressTable,
  Namespace: namespaceTable,
};

/** A row of the table with its field, without list indexes: `spec.containers.image`. */
export interface SupportRow {
  readonly field: string;
  readonly entry: SupportEntry;
}

/** All rows of a kind, in the order of its table; none for a kind without a table. */
export function supportRows(kind: Kind = 'Pod'): readonly SupportRow[] {
  return rowsOf(supportTables[kind] ?? {}, '');
}

function rowsOf(branch: SupportBranch, prefix: string): readonly SupportRow[] {
  return Object.entries(branch).flatMap(([name, node]) =>
    isEntry(node) ? [{ field: prefix + name, entry: node }] : rowsOf(node, `${prefix}${name}.`),
  );
}

/**
 * Looks up a field: its row, the row of its nearest ancestor, or the rows of its subfields.
 * Undefined for a kind without a table.
 */
export function supportOf(kind: Kind, names: readonly string[]): SupportNode | undefined {
  let node: SupportNode | undefined = supportTables[kind];
  for (const name of names) {
    if (node !== undefined && isEntry(node) && node.like !== undefined) node = supportTables[node.like];
    if (node === undefined || isEntry(node)) return node;
    node = Object.hasOwn(node, name) ? node[name] : undefined;
  }
  return node;
}
