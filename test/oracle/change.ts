import {
  isList,
  parseTree,
  renameAt,
  renderTree,
  replaceAt,
  valueAt,
  type Tree,
  type TreePath,
} from './tree.ts';

/** One change to a base manifest. Values are YAML on one line. */
export type Change =
  /** Sets, adds or appends a value. */
  | { readonly kind: 'set'; readonly path: TreePath; readonly value: string }
  | { readonly kind: 'delete'; readonly path: TreePath }
  /** Appends a copy of a list item to its list. */
  | { readonly kind: 'copy'; readonly path: TreePath }
  | { readonly kind: 'rename'; readonly path: TreePath; readonly name: string }
  /** Replaces the first `from` of the text; an empty one is the begin of the text. */
  | { readonly kind: 'text'; readonly from: string; readonly to: string }
  | { readonly kind: 'append'; readonly text: string };

/** A base manifest with its tree. */
export interface Base {
  readonly name: string;
  readonly text: string;
  readonly tree: Tree;
}

export function baseOf(name: string, text: string): Base {
  return { name, text, tree: parseTree(text) };
}

/**
 * The changed manifest. Changes of fields come first and give a text of one layout; changes of the text apply to it, or to the
 * base as it is written where there are no others.
 */
export function applyChanges(base: Base, changes: readonly Change[]): string {
  const tree = changes.reduce(changeTree, base.tree);
  return changes.reduce(changeText, tree === base.tree ? base.text : renderTree(tree));
}

function changeTree(tree: Tree, change: Change): Tree {
  switch (change.kind) {
    case 'set':
      return replaceAt(tree, change.path, change.value);
    case 'delete':
      return replaceAt(tree, change.path, undefined);
    case 'rename':
      return renameAt(tree, change.path, change.name);
    case 'copy': {
      const list = valueAt(tree, change.path.slice(0, -1));
      const item = valueAt(tree, change.path);
      return isList(list) && item !== undefined
        ? replaceAt(tree, change.path.slice(0, -1), [...list, item])
        : tree;
    }
    case 'text':
    case 'append':
      return tree;
  }
}

function changeText(text: string, change: Change): string {
  if (change.kind === 'append') return text + change.text;
  return change.kind === 'text' ? text.replace(change.from, () => change.to) : text;
}

/**
 * A change as it stands in a file of cases: `= PATH VALUE`, `- PATH`, `* PATH` (copy), `> PATH NAME` (rename), `~ FROM TO`
 * (JSON texts), `+ TEXT`. Paths are JSON pointers (RFC 6901).
 */
export function formatChange(change: Change): string {
  switch (change.kind) {
    case 'set':
      return `= ${formatPointer(change.path)} ${change.value}`;
    case 'delete':
      return `- ${formatPointer(change.path)}`;
    case 'copy':
      return `* ${formatPointer(change.path)}`;
    case 'rename':
      return `> ${formatPointer(change.path)} ${JSON.stringify(change.name)}`;
    case 'text':
      return `~ ${JSON.stringify([change.from, change.to])}`;
    case 'append':
      return `+ ${JSON.stringify(change.text)}`;
  }
}

export function parseChange(text: string): Change {
  const [sign, rest] = [text.slice(0, 1), text.slice(2)];
  if (sign === '~') {
    const [from = '', to = ''] = texts(rest);
    return { kind: 'text', from, to };
  }
  if (sign === '+') return { kind: 'append', text: texts(`[${rest}]`)[0] ?? '' };
  const end = rest.search(/ |$/);
  const path = parsePointer(rest.slice(0, end));
  const value = rest.slice(end + 1);
  if (sign === '=') return { kind: 'set', path, value };
  if (sign === '-') return { kind: 'delete', path };
  if (sign === '*') return { kind: 'copy', path };
  if (sign === '>') return { kind: 'rename', path, name: texts(`[${value}]`)[0] ?? '' };
  throw new Error(`not a change: ${text}`);
}

function texts(json: string): readonly string[] {
  const value: unknown = JSON.parse(json);
  return Array.isArray(value) ? value.map(String) : [];
}

/** A blank in a key is written as `~2`, so that a pointer ends at the first blank. */
function formatPointer(path: TreePath): string {
  return path
    .map((part) => `/${String(part).replaceAll('~', '~0').replaceAll('/', '~1').replaceAll(' ', '~2')}`)
    .join('');
}

function parsePointer(text: string): TreePath {
  return text
    .split('/')
    .slice(1)
    .map((part) => part.replaceAll('~2', ' ').replaceAll('~1', '/').replaceAll('~0', '~'))
    .map((part) => (/^\d+$/.test(part) ? Number(part) : part));
}
