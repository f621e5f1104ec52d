import { fieldsOf as schemaFieldsOf } from '../../src/manifest/yaml/shape.ts';
import { isTreeMap, valueAt, type Tree, type TreePath } from '../../test/oracle/tree.ts';

/** Types of fields whose kinds the table does not have. */
const BY_NAME: Readonly<Record<string, string>> = {
  metadata: 'ObjectMeta',
  template: 'PodTemplateSpec',
  labelSelector: 'LabelSelector',
};

/** The fields of a definition with their types; empty where the schema has none. */
export function fieldsOf(definition: string): Readonly<Record<string, string>> {
  const prefix = { one: '', list: '[]', map: '{}' };
  return Object.fromEntries(
    schemaFieldsOf(definition).map(({ name, holds, of }) => [name, `${prefix[holds]}${of}`]),
  );
}

/** The type of the value at a path, as in the table of fields: a scalar or a definition, after `[]` or `{}`. */
export function typeAt(tree: Tree, path: TreePath): string | undefined {
  const { start, type } = objectAround(tree, path);
  return path.slice(start).reduce<string | undefined>((found, part, index) => {
    if (found?.startsWith('[]') === true || found?.startsWith('{}') === true) return found.slice(2);
    const name = String(part);
    const own = found === undefined ? undefined : fieldsOf(found)[name];
    if (own !== undefined) return own;
    const isPodSpec = name === 'spec' && path[start + index - 1] === 'template';
    return isPodSpec ? 'PodSpec' : BY_NAME[name];
  }, type);
}

/** The object that holds a path: the document, or an item of a List. */
function objectAround(tree: Tree, path: TreePath): { readonly start: number; readonly type: string } {
  const isItem = kindOf(tree) === 'List' && path[0] === 'items' && path.length > 1;
  const object = isItem ? valueAt(tree, path.slice(0, 2)) : tree;
  return { start: isItem ? 2 : 0, type: object === undefined ? '' : kindOf(object) };
}

/** The kind of an object; empty where there is none. */
export function kindOf(tree: Tree): string {
  const kind = isTreeMap(tree) ? tree.get('kind') : undefined;
  return typeof kind === 'string' && kind.startsWith('"') ? kind.slice(1, -1) : '';
}
