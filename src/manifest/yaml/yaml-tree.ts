import type { FieldPath } from '../../base/path.ts';
import type { Json } from '../../base/stable-json.ts';

/**
 * A YAML document as Kubernetes interprets it: scalars are resolved, aliases replaced with their nodes, merges
 * applied. Every node has its source range. Aliases share nodes, so the tree is an acyclic graph. Offsets start at 0,
 * ends are exclusive.
 */
export type YamlNode = YamlScalar | YamlList | YamlMap;

export interface YamlScalar {
  readonly type: 'scalar';
  readonly start: number;
  readonly end: number;
  readonly value: string | number | boolean | null;
  /** A plain scalar: not quoted, not a block. */
  readonly plain: boolean;
}

export interface YamlList {
  readonly type: 'list';
  readonly start: number;
  readonly end: number;
  /** Written in brackets. */
  readonly flow: boolean;
  readonly items: readonly YamlNode[];
}

export interface YamlMap {
  readonly type: 'map';
  readonly start: number;
  readonly end: number;
  /** Written in braces. */
  readonly flow: boolean;
  readonly entries: ReadonlyMap<string, YamlEntry>;
}

export interface YamlEntry {
  readonly keyStart: number;
  readonly keyEnd: number;
  readonly value: YamlNode;
}

/** The node as JSON. */
export function toJson(node: YamlNode): Json {
  switch (node.type) {
    case 'scalar':
      return node.value;
    case 'list':
      return node.items.map(toJson);
    case 'map':
      // fromEntries makes a key of `__proto__` a property like any other.
      return Object.fromEntries([...node.entries].map(([key, { value }]) => [key, toJson(value)]));
  }
}

export function isNull(node: YamlNode): boolean {
  return node.type === 'scalar' && node.value === null;
}

/** The node at a path with its key, or the nearest existing parent. */
export interface Found {
  readonly node: YamlNode;
  /** Absent for the root and for list items. */
  readonly entry?: YamlEntry;
  /** Whether the whole path exists. */
  readonly exists: boolean;
}

export function find(root: YamlNode, path: FieldPath): Found {
  let found: Found = { node: root, exists: true };
  for (const part of path) {
    const next = step(found.node, part);
    if (next === undefined) return { ...found, exists: false };
    found = next;
  }
  return found;
}

function step(node: YamlNode, part: string | number): Found | undefined {
  if (node.type === 'map') {
    const entry = node.entries.get(part.toString());
    return entry === undefined ? undefined : { node: entry.value, entry, exists: true };
  }
  const item = node.type === 'list' ? node.items[Number(part)] : undefined;
  return item === undefined ? undefined : { node: item, exists: true };
}

/** The path of the innermost map around an offset; empty for the root. */
export function pathAround(root: YamlNode, offset: number): FieldPath {
  const path: (string | number)[] = [];
  let innermost = 0;
  for (let node: YamlNode | undefined = root; node !== undefined;) {
    if (node.type === 'map') innermost = path.length;
    const next: readonly [string | number, YamlNode] | undefined = members(node).find(
      ([, { start, end }]) => start <= offset && offset < end,
    );
    if (next !== undefined) path.push(next[0]);
    node = next?.[1];
  }
  return path.slice(0, innermost);
}

function members(node: YamlNode): readonly (readonly [string | number, YamlNode])[] {
  if (node.type === 'list') return [...node.items.entries()];
  return node.type === 'map' ? [...node.entries].map(([key, { value }]) => [key, value]) : [];
}

/**
 * The offset of the last character of a value, without empty lines and comments after it.
 * @param keyStart where the field of the value starts
 */
export function lastOffset(node: YamlNode, keyStart: number): number {
  if (node.type !== 'scalar' && !node.flow) {
    const children = node.type === 'list' ? node.items : [...node.entries.values()].map(({ value }) => value);
    const starts = node.type === 'list' ? [] : [...node.entries.values()].map((entry) => entry.keyEnd - 1);
    return Math.max(keyStart, ...starts, ...children.map((child) => lastOffset(child, keyStart)));
  }
  return Math.max(keyStart, node.end - 1);
}

/** A field to rename, with the path of its map. */
export interface Rename {
  readonly path: FieldPath;
  readonly from: string;
  readonly to: string;
}

/** Renames fields of a tree. Unaffected subtrees are shared. */
export function renameFields(root: YamlNode, renames: readonly Rename[]): YamlNode {
  const edits: Edits = { renames: [], below: new Map() };
  for (const rename of renames) {
    let inner = edits;
    for (const part of rename.path) {
      const next = inner.below.get(part.toString()) ?? { renames: [], below: new Map() };
      inner.below.set(part.toString(), next);
      inner = next;
    }
    inner.renames.push(rename);
  }
  return edit(root, edits);
}

/** The edits of a node and of its children. */
interface Edits {
  readonly renames: Rename[];
  readonly below: Map<string, Edits>;
}

function edit(node: YamlNode, { renames, below }: Edits): YamlNode {
  if (node.type === 'list') {
    const items = [...node.items];
    for (const [index, edits] of below) {
      const item = items[Number(index)];
      if (item !== undefined) items[Number(index)] = edit(item, edits);
    }
    return { ...node, items };
  }
  if (node.type !== 'map') return node;
  const entries = new Map(node.entries);
  for (const [key, edits] of below) {
    const entry = entries.get(key);
    if (entry !== undefined) entries.set(key, { ...entry, value: edit(entry.value, edits) });
  }
  return renames.reduce<YamlMap>((map, { from, to }) => renameKey(map, from, to), { ...node, entries });
}

/** Renames a key of a map; its range is kept. */
export function renameKey(map: YamlMap, from: string, to: string): YamlMap {
  return {
    ...map,
    entries: new Map([...map.entries].map(([key, entry]) => [key === from ? to : key, entry])),
  };
}
