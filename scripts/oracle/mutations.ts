import type { Base, Change } from '../../test/oracle/change.ts';
import {
  isList,
  isTreeMap,
  pathsOf,
  valueAt,
  type Tree,
  type TreeMap,
  type TreePath,
} from '../../test/oracle/tree.ts';
import { fieldsOf, kindOf, typeAt } from './field-type.ts';
import { textChanges } from './text-changes.ts';
import { flowText, nameOf, type ValuePool } from './value-pool.ts';
import { ANYWHERE, MAP_KEYS, valuesByName, valuesByType, valuesLike } from './values.ts';

/** Changes to one place of a base. */
export interface Place {
  readonly base: Base;
  readonly path: TreePath;
  readonly changes: readonly Change[];
}

/** Every place of a base with everything that can be changed there, and the text as a whole. */
export function placesOf(base: Base, pool: ValuePool): readonly Place[] {
  const places = [[], ...pathsOf(base.tree)].map((path) => ({
    base,
    path,
    changes: changesAt(base.tree, path, pool),
  }));
  return [...places, { base, path: ['(text)'], changes: textChanges(base) }];
}

function changesAt(tree: Tree, path: TreePath, pool: ValuePool): readonly Change[] {
  const value = valueAt(tree, path);
  if (value === undefined) return [];
  const inside = isTreeMap(value)
    ? changesOfMap(tree, path, value, pool)
    : isList(value)
      ? changesOfList(tree, path, value)
      : setAll(path, leafValues(tree, path, value, pool));
  if (path.length === 0) return inside;
  return [...changesOfWhole(path), ...inside];
}

/** For any value. */
function changesOfWhole(path: TreePath): readonly Change[] {
  return [
    { kind: 'delete', path },
    ...setAll(path, ANYWHERE),
    ...(typeof path.at(-1) === 'number' ? [{ kind: 'copy', path } as const] : renames(path)),
  ];
}

function renames(path: TreePath): readonly Change[] {
  const name = String(path.at(-1));
  const first = name.charAt(0);
  const names = [
    first === first.toUpperCase() ? first.toLowerCase() + name.slice(1) : first.toUpperCase() + name.slice(1),
    name.toLowerCase(),
    `${name}s`,
    name.slice(0, -1),
    name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`),
  ];
  return [...new Set(names)]
    .filter((other) => other !== name && other !== '')
    .map((other) => ({ kind: 'rename', path, name: other }) as const);
}

function leafValues(tree: Tree, path: TreePath, leaf: string, pool: ValuePool): readonly string[] {
  const names = path
    .filter((part) => typeof part === 'string')
    .reverse()
    .slice(0, 3);
  const type = typeAt(tree, path);
  const parent = nameOf(
    path.slice(
      0,
      path.findLastIndex((part) => typeof part === 'string'),
    ),
  );
  return [
    ...valuesByName(names),
    ...pool.valuesOf(parent, names[0] ?? ''),
    ...(type === undefined ? [] : valuesByType(type)),
    ...valuesLike(leaf),
  ];
}

function changesOfList(tree: Tree, path: TreePath, list: readonly Tree[]): readonly Change[] {
  const end = [...path, list.length];
  const names = path
    .filter((part) => typeof part === 'string')
    .reverse()
    .slice(0, 2);
  const reversed = list.length > 1 ? [flowText([...list].reverse())] : [];
  const doubled = list.length > 0 && list.length < 4 ? [flowText([...list, ...list])] : [];
  const items = list.every((item) => typeof item === 'string')
    ? valuesByName(names)
    : ['{name: b}', '{name: a, image: x}'];
  const type = typeAt(tree, path);
  return [
    ...setAll(end, ['null', '{}', '""', '1', '[]', ...items]),
    ...setAll(path, [...reversed, ...doubled, ...(type === undefined ? [] : valuesByType(type)), 'null']),
  ];
}

/** Fields of other objects that a map gets. */
const FOREIGN_FIELDS = 3;

function changesOfMap(tree: Tree, path: TreePath, map: TreeMap, pool: ValuePool): readonly Change[] {
  const type = typeAt(tree, path) ?? (path.length === 0 ? kindOf(tree) : '');
  const known = fieldsOf(type);
  const unknown = setAll([...path, 'notAField'], ['x', 'null', '{}']);
  const parent = nameOf(path);
  const isFree =
    type.startsWith('{}') ||
    (Object.keys(known).length === 0 && [...map.values()].every((value) => typeof value === 'string'));
  const keys = isFree
    ? MAP_KEYS.flatMap((key) =>
        setAll([...path, key], ['"x"', '1', '"5"', 'null', ...valuesByName([parent]).slice(0, 8)]),
      )
    : [];
  // Fields of other objects under the same name, such as any other `spec`, are unknown here: a few are enough.
  const foreign = pool.fieldsOf(parent).filter((field) => known[field] === undefined);
  const isTyped = Object.keys(known).length > 0;
  const fields = new Set([...Object.keys(known), ...(isTyped ? foreign.slice(0, FOREIGN_FIELDS) : foreign)]);
  const added = [...fields]
    .filter((field) => !map.has(field))
    .flatMap((field) =>
      setAll(
        [...path, field],
        [
          ...pool.valuesOf(parent, field),
          ...valuesByName([field]),
          ...(known[field] === undefined ? [] : fieldValues(known[field])),
          'null',
          '""',
        ],
      ),
    );
  return [...unknown, ...keys, ...added];
}

/** Values of a type; of a definition, also an object with each of its fields alone. */
function fieldValues(type: string): readonly string[] {
  const inner = Object.entries(fieldsOf(type.replace('[]', '')));
  const objects = inner.flatMap(([field, fieldType]) => {
    const [plausible = '{}'] = [...valuesByName([field]), ...valuesByType(fieldType)];
    return [`{${field}: ${plausible}}`];
  });
  const given = type.startsWith('[]') ? objects.map((object) => `[${object}]`) : objects;
  return [...valuesByType(type), ...given];
}

function setAll(path: TreePath, values: readonly string[]): readonly Change[] {
  return [...new Set(values)].map((value) => ({ kind: 'set', path, value }));
}
