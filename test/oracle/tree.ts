import { isAlias, isMap, isScalar, isSeq, parseDocument, type Node, type Scalar } from 'yaml';

/**
 * A manifest as a tree whose leaves are YAML text: `"a"`, `0644`, `1.5`, `{a: b}`. What a leaf means is decided by the reader
 * of the rendered text, which a parsed value could not do: `0x10`, `yes`, `1.0`.
 */
export type Tree = string | readonly Tree[] | TreeMap;
export type TreeMap = ReadonlyMap<string, Tree>;
export type TreePath = readonly (string | number)[];

/** The tree of one YAML document. Throws on bad YAML: bases are our own. */
export function parseTree(text: string): Tree {
  const document = parseDocument(text, { version: '1.1', merge: false });
  const [error] = document.errors;
  if (error !== undefined) throw error;
  return toTree(document.contents, (node) => (isAlias(node) ? node.resolve(document) : node));
}

function toTree(given: unknown, resolve: (node: unknown) => unknown): Tree {
  const node = resolve(given);
  if (isMap(node))
    return new Map(
      node.items.map(({ key, value }) => [keyText(key), value === null ? 'null' : toTree(value, resolve)]),
    );
  if (isSeq(node)) return node.items.map((item) => toTree(item, resolve));
  return isScalar(node) ? leafText(node) : 'null';
}

function keyText(key: unknown): string {
  return isScalar(key) ? (key.source ?? String(key.value)) : String(key);
}

function leafText(scalar: Scalar): string {
  if (typeof scalar.value === 'string') return JSON.stringify(scalar.value);
  return scalar.source === undefined || scalar.source === '' ? 'null' : scalar.source;
}

/** Block YAML. Every text is in double quotes, so that nothing but the tree decides what it means. */
export function renderTree(tree: Tree): string {
  return `${render(tree, '').trimStart()}\n`;
}

function render(tree: Tree, indent: string): string {
  if (typeof tree === 'string') return ` ${tree}`;
  if (isList(tree))
    return tree.length === 0 ? ' []' : tree.map((item) => `\n${indent}-${renderItem(item, indent)}`).join('');
  if (tree.size === 0) return ' {}';
  return [...tree]
    .map(
      ([key, value]) =>
        `\n${indent}${renderKey(key)}:${render(value, isList(value) ? indent : `${indent}  `)}`,
    )
    .join('');
}

/** The first field of an item stands on the line of the dash. */
function renderItem(item: Tree, indent: string): string {
  const text = render(item, `${indent}  `);
  return text.startsWith('\n') ? ` ${text.trimStart()}` : text;
}

/** `y`, `on`, `null` and the like would be something else to a reader of YAML 1.1. */
function renderKey(key: string): string {
  const isPlain =
    (key === '<<' || /^[A-Za-z][\w./-]*$/.test(key)) && !/^(y|n|yes|no|on|off|true|false|null)$/i.test(key);
  return isPlain ? key : JSON.stringify(key);
}

export function isList(tree: Tree | undefined): tree is readonly Tree[] {
  return Array.isArray(tree);
}

export function isTreeMap(tree: Tree | undefined): tree is TreeMap {
  return tree instanceof Map;
}

/** The value at a path; undefined where there is none. */
export function valueAt(tree: Tree | undefined, path: TreePath): Tree | undefined {
  return path.reduce<Tree | undefined>((found, part) => {
    if (isList(found)) return typeof part === 'number' ? found[part] : undefined;
    return isTreeMap(found) ? found.get(String(part)) : undefined;
  }, tree);
}

/**
 * The tree with another value at a path, or without what is there (`undefined`). An index after the end of a list appends.
 * A path that leads through something that has no fields changes nothing.
 */
export function replaceAt(tree: Tree, path: TreePath, value: Tree | undefined): Tree {
  const [head, ...rest] = path;
  if (head === undefined) return value ?? 'null';
  if (isList(tree)) {
    if (typeof head !== 'number') return tree;
    const before = tree.slice(0, head);
    const after = tree.slice(head + 1);
    const old = tree[head];
    if (rest.length === 0) return [...before, ...(value === undefined ? [] : [value]), ...after];
    return old === undefined ? tree : [...before, replaceAt(old, rest, value), ...after];
  }
  if (!isTreeMap(tree)) return tree;
  const key = String(head);
  const old = tree.get(key);
  const next = rest.length === 0 ? value : old === undefined ? undefined : replaceAt(old, rest, value);
  if (next === undefined && rest.length > 0) return tree;
  const copy = new Map(tree);
  if (next === undefined) copy.delete(key);
  else copy.set(key, next);
  return copy;
}

/** The tree with a field of another name, at the same place. */
export function renameAt(tree: Tree, path: TreePath, name: string): Tree {
  const parent = valueAt(tree, path.slice(0, -1));
  const last = path.at(-1);
  if (!isTreeMap(parent)) return tree;
  const renamed = new Map([...parent].map(([key, value]) => [key === last ? name : key, value]));
  return replaceAt(tree, path.slice(0, -1), renamed);
}

/** Every path of a tree, parents before children, the root not included. */
export function pathsOf(tree: Tree): readonly TreePath[] {
  const below = (value: Tree, path: TreePath): readonly TreePath[] => {
    const parts: readonly (readonly [string | number, Tree])[] = isList(value)
      ? value.map((item, index) => [index, item] as const)
      : isTreeMap(value)
        ? [...value]
        : [];
    return parts.flatMap(([part, item]) => [[...path, part], ...below(item, [...path, part])]);
  };
  return below(tree, []);
}

export type { Node };
