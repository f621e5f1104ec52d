import type { Base } from '../../test/oracle/change.ts';
import { isList, isTreeMap, pathsOf, valueAt, type Tree, type TreePath } from '../../test/oracle/tree.ts';

/** The values of all bases, by the name of their field: plausible ones for the same field elsewhere. */
export interface ValuePool {
  /** Values of a field in maps that are under this name themselves. */
  readonly valuesOf: (parent: string, field: string) => readonly string[];
  /** The fields that maps under this name have. */
  readonly fieldsOf: (parent: string) => readonly string[];
}

/** Values longer than this make cases long and show nothing more. */
const LONGEST_VALUE = 200;

export function valuePool(bases: readonly Base[]): ValuePool {
  const values = new Map<string, Set<string>>();
  const fields = new Map<string, Set<string>>();
  for (const { tree } of bases)
    for (const path of pathsOf(tree)) {
      const field = path.at(-1);
      const value = valueAt(tree, path);
      if (typeof field !== 'string' || value === undefined) continue;
      const parent = nameOf(path.slice(0, -1));
      insert(fields, parent, field);
      const text = flowText(value);
      if (text.length <= LONGEST_VALUE) insert(values, `${parent}/${field}`, text);
      if (typeof value === 'string') insert(values, `/${field}`, text);
    }
  return {
    valuesOf: (parent, field) => [
      ...(values.get(`${parent}/${field}`) ?? []),
      ...(values.get(`/${field}`) ?? []),
    ],
    fieldsOf: (parent) => [...(fields.get(parent) ?? [])],
  };
}

function insert(sets: Map<string, Set<string>>, key: string, value: string): void {
  const found = sets.get(key);
  if (found === undefined) sets.set(key, new Set([value]));
  else found.add(value);
}

/** The last name of a path, without indexes. */
export function nameOf(path: TreePath): string {
  return path.findLast((part) => typeof part === 'string') ?? '';
}

/** A tree on one line. */
export function flowText(tree: Tree): string {
  if (isList(tree)) return `[${tree.map(flowText).join(', ')}]`;
  if (isTreeMap(tree))
    return `{${[...tree].map(([key, value]) => `${JSON.stringify(key)}: ${flowText(value)}`).join(', ')}}`;
  return tree;
}
