import { defined } from '../../base/defined.ts';
import type { Edit } from '../../base/edit.ts';
import { formatPath, type FieldPath } from '../../base/path.ts';
import { suggest, suggestion } from '../../base/suggest.ts';
import type { Schema } from '../kinds.ts';
import { locateKey } from '../locate.ts';
import { moveField } from '../move-field.ts';
import { fieldsOf, fieldType } from '../yaml/shape.ts';
import { find, type YamlNode } from '../yaml/yaml-tree.ts';
import {
  definitionAt,
  hasSyntaxError,
  hasSyntaxErrorInLine,
  pathOf,
  type CheckState,
} from './check-state.ts';
import { wordsOfField } from './field-words.ts';
import { moveReadOnly, placeOf } from './misplaced.ts';

/**
 * The most similar field to an unknown one; `free` if the object does not have that field yet.
 * @param isRenamed whether another unknown field was corrected to this name
 */
export function mostSimilarField(
  schema: Schema,
  root: YamlNode,
  parent: FieldPath,
  name: string,
  isRenamed: (field: string) => boolean,
): Similar | undefined {
  const names = fieldsOf(definitionAt(schema, parent)).map((field) => field.name);
  const { node } = find(root, parent);
  const isTaken = (field: string): boolean =>
    isRenamed(field) || (node.type === 'map' && node.entries.has(field));
  const { suggestion: free, edits } = suggestion(
    name,
    names.filter((field) => !isTaken(field)),
  );
  if (free !== undefined) return { name: free, free: true, isCertain: edits === undefined };
  const taken = suggest(name, names.filter(isTaken));
  if (taken !== undefined) return { name: taken, free: false, isCertain: false };
  const { field } = wordsOfField(definitionAt(schema, parent), name) ?? {};
  return field === undefined || isTaken(field) ? undefined : { name: field, free: true, isCertain: true };
}

export interface Similar {
  readonly name: string;
  /** Whether the object does not have that field yet. */
  readonly free: boolean;
  /** Whether no other field is as similar, and the object does not have it. */
  readonly isCertain: boolean;
}

export function reportUnknown(
  state: CheckState,
  root: YamlNode,
  path: FieldPath,
  similar: Similar | undefined,
): void {
  const { entry, node } = find(root, path);
  const name = String(path.at(-1));
  const location = locateKey(state.source, root, path);
  if (
    hasSyntaxError(state, entry?.keyStart ?? node.start, node.end) ||
    hasSyntaxErrorInLine(state, location.line)
  )
    return;
  const parent = path.slice(0, -1);
  const words = wordsOfField(definitionAt(state.schema, parent), name);
  const help =
    similar === undefined ? (words?.help ?? explainMisplaced(state, root, parent, name)) : undefined;
  state.diagnostics.push({
    code: 'unknown-field',
    severity: 'error',
    message: `unknown field '${name}'`,
    ...pathOf(parent),
    location,
    ...defined({
      suggestion: similar?.name,
      help,
      edits: similar === undefined ? move(state, root, path) : similar.isCertain ? undefined : [],
    }),
  });
}

/** One move an object at a time: a second one could write the same new object. */
function move(state: CheckState, root: YamlNode, path: FieldPath): readonly Edit[] | undefined {
  if (state.moves.length > 0) return undefined;
  const owner = placeOf(state.schema, root, path.slice(0, -1), String(path.at(-1)), definitionAt);
  const edits =
    moveReadOnly(state.source, root, path) ??
    (owner === undefined ? [] : moveField(state.source, root, path, owner));
  state.moves.push(...edits);
  return edits.length === 0 ? undefined : edits;
}

/** The object that a misplaced field belongs to: a parent, or the only matching object inside. */
function explainMisplaced(
  { kind, schema }: CheckState,
  root: YamlNode,
  parent: FieldPath,
  name: string,
): string | undefined {
  const around = parent.map((_, index) => parent.slice(0, index));
  const inside = fieldsOf(definitionAt(schema, parent))
    .filter((field) => field.holds === 'one' && field.name !== 'status')
    .map((field) => [...parent, field.name]);
  const isOwner = (path: FieldPath): boolean => fieldType(definitionAt(schema, path), name) !== undefined;
  const inner = inside.filter(isOwner);
  const owner =
    around.findLast(isOwner) ??
    (inner.length === 1 ? inner[0] : undefined) ??
    around.flatMap((path) => besideOwner(schema, path, parent, isOwner)).at(-1) ??
    placeOf(schema, root, parent, name, definitionAt);
  if (owner === undefined) return undefined;
  const [right, wrong] = [owner, parent].map((path) => formatPath(path) || `the ${kind} itself`);
  return `It is a field of ${right ?? ''}, not of ${wrong ?? ''}.`;
}

/** Whether the metadata of an object has a field of its spec, or the spec one of its metadata. */
export function isElsewhere(schema: Schema, parent: FieldPath, name: string): boolean {
  const others: Readonly<Record<string, string>> = { metadata: 'spec', spec: 'metadata' };
  const other = others[String(parent.at(-1))];
  return (
    other !== undefined &&
    fieldType(definitionAt(schema, [...parent.slice(0, -1), other]), name) !== undefined
  );
}

/** The object of the same name further out: the securityContext of the pod. */
function besideOwner(
  schema: Schema,
  around: FieldPath,
  parent: FieldPath,
  isOwner: (path: FieldPath) => boolean,
): readonly FieldPath[] {
  const name = parent.at(-1);
  const beside = [...around, name ?? ''];
  const isField = typeof name === 'string' && fieldType(definitionAt(schema, around), name) !== undefined;
  return isField && beside.length < parent.length && isOwner(beside) ? [beside] : [];
}
