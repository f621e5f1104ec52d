import { isEntry, type SupportBranch, type SupportEntry } from './entry.ts';
import { podTable } from './pod-table.ts';

/** A row of the table with its field, written without the places in lists: `spec.containers.image`. */
export interface SupportRow {
  readonly field: string;
  readonly entry: SupportEntry;
}

/** All rows, in the order of the table. */
export function supportRows(): readonly SupportRow[] {
  return rowsOf(podTable, '');
}

function rowsOf(branch: SupportBranch, prefix: string): readonly SupportRow[] {
  return Object.entries(branch).flatMap(([name, node]) =>
    isEntry(node) ? [{ field: prefix + name, entry: node }] : rowsOf(node, `${prefix}${name}.`),
  );
}
