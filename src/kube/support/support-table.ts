import type { Kind } from '../../manifest/kinds.ts';
import { claimTable } from './claim-table.ts';
import { isEntry, type SupportBranch, type SupportEntry, type SupportNode } from './entry.ts';
import { persistentVolumeTable } from './persistent-volume-table.ts';
import { podTable } from './pod-table.ts';

/** The tables of the kinds that have fields which are not used. */
export const supportTables: { readonly [K in Kind]?: SupportBranch } = {
  Pod: podTable,
  PersistentVolumeClaim: claimTable,
  PersistentVolume: persistentVolumeTable,
};

/** A row of the table with its field, written without the places in lists: `spec.containers.image`. */
export interface SupportRow {
  readonly field: string;
  readonly entry: SupportEntry;
}

/** All rows of a kind, in the order of its table; none of a kind of which every field is used. */
export function supportRows(kind: Kind = 'Pod'): readonly SupportRow[] {
  return rowsOf(supportTables[kind] ?? {}, '');
}

function rowsOf(branch: SupportBranch, prefix: string): readonly SupportRow[] {
  return Object.entries(branch).flatMap(([name, node]) =>
    isEntry(node) ? [{ field: prefix + name, entry: node }] : rowsOf(node, `${prefix}${name}.`),
  );
}

/**
 * What the table says of a field: its row, that of the nearest field around it that has one, or the rows of the fields
 * in it. Undefined where the kind has no table.
 */
export function supportOf(kind: Kind, names: readonly string[]): SupportNode | undefined {
  let node: SupportNode | undefined = supportTables[kind];
  for (const name of names) {
    if (node === undefined || isEntry(node)) return node;
    node = Object.hasOwn(node, name) ? node[name] : undefined;
  }
  return node;
}
