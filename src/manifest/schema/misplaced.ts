import type { Edit } from '../../base/edit.ts';
import type { FieldPath } from '../../base/path.ts';
import { insertField } from '../insert-field.ts';
import type { Schema } from '../kinds.ts';
import { removeField } from '../move-field.ts';
import type { SourceText } from '../source-text.ts';
import { fieldsOf, fieldType } from '../yaml/shape.ts';
import { find, type YamlNode } from '../yaml/yaml-tree.ts';

/** Nobody means a field of them. */
const NEVER: ReadonlySet<string> = new Set(['status', 'ephemeralContainers']);

/**
 * The object that a misplaced field belongs to: the nearest one around it, or directly inside of one of these. It may not
 * exist yet. Undefined if several are as near, or if the object has the field already.
 * @param definitionAt the definition of the object at a path
 */
export function placeOf(
  schema: Schema,
  root: YamlNode,
  parent: FieldPath,
  name: string,
  definitionAt: (schema: Schema, path: FieldPath) => string,
): FieldPath | undefined {
  const around = [...parent, ''].map((_, depth) => parent.slice(0, depth));
  const all = around
    .map((path) =>
      [path, ...insideOf(root, path, definitionAt(schema, path))].filter(
        (candidate) => fieldType(definitionAt(schema, candidate), name) !== undefined,
      ),
    )
    .findLast((owners) => owners.length > 0);
  if (all === undefined) return undefined;
  const existing = all.filter((path) => find(root, path).exists);
  const [owner, other] = existing.length > 0 ? existing : all;
  if (owner === undefined || other !== undefined) return undefined;
  return find(root, [...owner, name]).exists ? undefined : owner;
}

/**
 * The edits for `readOnly` in a volume that has no such field: its mounts have it. Undefined for another field, for a volume
 * without mounts, and for one with a mount that contradicts.
 */
export function moveReadOnly(
  source: SourceText,
  root: YamlNode,
  path: FieldPath,
): readonly Edit[] | undefined {
  const [volumes, index, , name] = path.slice(-4);
  if (volumes !== 'volumes' || index === undefined || name !== 'readOnly') return undefined;
  const spec = path.slice(0, -4);
  const { node: value } = find(root, path);
  const removal = removeField(source, root, path);
  const volume = textAt(root, [...spec, volumes, index, 'name']);
  if (value.type !== 'scalar' || removal === undefined || volume === undefined) return undefined;
  const mounts = ['initContainers', 'containers'].flatMap((list) =>
    itemsAt(root, [...spec, list]).flatMap((_, at) =>
      itemsAt(root, [...spec, list, at, 'volumeMounts']).filter(
        (mount) => textAt(mount, ['name']) === volume,
      ),
    ),
  );
  if (value.value === false) return [removal];
  const isCertain = mounts.length > 0 && mounts.every((mount) => isTrueOrMissing(mount, 'readOnly'));
  if (value.value !== true || !isCertain) return undefined;
  const added = mounts.flatMap((mount) =>
    mount.type === 'map' && !mount.entries.has('readOnly')
      ? insertField(source, mount, 'readOnly', true, { after: 'mountPath' })
      : [],
  );
  return [removal, ...added];
}

function isTrueOrMissing(object: YamlNode, field: string): boolean {
  const { node, exists } = find(object, [field]);
  return !exists || (node.type === 'scalar' && node.value === true);
}

function itemsAt(root: YamlNode, path: FieldPath): readonly YamlNode[] {
  const { node, exists } = find(root, path);
  return exists && node.type === 'list' ? node.items : [];
}

function textAt(root: YamlNode, path: FieldPath): string | undefined {
  const { node, exists } = find(root, path);
  return exists && node.type === 'scalar' && typeof node.value === 'string' ? node.value : undefined;
}

/** The objects in the fields of an object, and the only item of a list of objects. */
function insideOf(root: YamlNode, path: FieldPath, definition: string): readonly FieldPath[] {
  return fieldsOf(definition).flatMap(({ name, holds }): readonly FieldPath[] => {
    if (NEVER.has(name)) return [];
    if (holds === 'one') return [[...path, name]];
    const { node, exists } = find(root, [...path, name]);
    return holds === 'list' && exists && node.type === 'list'
      ? node.items.map((_, index) => [...path, name, index])
      : [];
  });
}
