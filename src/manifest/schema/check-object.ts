import { isObject } from '../../base/json-members.ts';
import type { Diagnostic } from '../../base/diagnostic.ts';
import { formatPath, type FieldPath } from '../../base/path.ts';
import { suggest } from '../../base/suggest.ts';
import type { ValidationError } from './generated/validators.js';
import { decodeDocument, type CheckedDocument } from '../checked-document.ts';
import type { Identified } from '../identify.ts';
import { apiVersionOf, validatorOf, type Kind } from '../kinds.ts';
import { placeOfKey, placeOfValue } from '../place.ts';
import { pointerParts, pointerTo, prune } from './prune.ts';
import { explainWrongValue, type Words } from './schema-messages.ts';
import { separateGlued } from '../yaml/separate-glued.ts';
import { fieldsOf, fieldType, type FieldType } from '../yaml/shape.ts';
import type { SourceText } from '../source-text.ts';
import { objectJson } from './object-json.ts';
import { find, renameFields, type Rename, type YamlMap, type YamlNode } from '../yaml/yaml-tree.ts';

export interface Check {
  readonly document: CheckedDocument;
  readonly diagnostics: readonly Diagnostic[];
}

/** What is known of the text that an object stands in. */
export interface ObjectContext {
  readonly source: SourceText;
  /**
   * Offsets at which YAML could not be read: a fault next to one is most likely its echo, and not reported.
   */
  readonly damage: readonly number[];
  /** Whether everything around the object was as it should be. */
  readonly sound: boolean;
}

/** Checks an object against the schema of its kind and reports all that is wrong, each fault once. */
export function checkObject(surroundings: ObjectContext, { kind, root: written, sound }: Identified): Check {
  const state: State = { ...surroundings, kind, diagnostics: [], wrong: new Set(), renamed: new Set() };
  const { root, errors } = mendFields(state, written);
  for (const error of errors) explainError(state, root, error);
  const complete = sound && surroundings.sound && state.diagnostics.length === 0;
  return { document: toDocument(state, root, complete), diagnostics: state.diagnostics };
}

interface State extends ObjectContext {
  readonly kind: Kind;
  readonly diagnostics: Diagnostic[];
  /** JSON pointers to what has to go, and to what is missing. */
  readonly wrong: Set<string>;
  /** JSON pointers to fields that have their right name only by our guess. */
  readonly renamed: Set<string>;
}

/** A misspelt field of a misspelt field of a misspelt field: nobody writes more of them into each other. */
const MAX_ROUNDS = 4;

/**
 * Reports unknown fields. One that is near enough to a field that is missing is given that name, so that what
 * stands in it is checked too and nobody is told that the field is missing. Gives the errors that are left.
 */
function mendFields(state: State, written: YamlMap): { root: YamlNode; errors: readonly ValidationError[] } {
  let root: YamlNode = separate(state, written);
  for (let round = 1; ; round += 1) {
    const errors = validate(state.kind, root);
    const renames = new Map<string, Rename>();
    for (const { keyword, instancePath, params } of errors) {
      if (keyword !== 'additionalProperties') continue;
      const name = String(params['additionalProperty']);
      const pointer = pointerTo(instancePath, name);
      if (state.wrong.has(pointer)) continue;
      state.wrong.add(pointer);
      const parent = toPath(root, instancePath);
      const isRenamed = (field: string) => renames.has(pointerTo(instancePath, field));
      const meant = meantField(state.kind, root, parent, name, isRenamed);
      reportUnknown(state, root, [...parent, name], meant?.name);
      if (meant?.free !== true || round === MAX_ROUNDS) continue;
      const renamed = pointerTo(instancePath, meant.name);
      renames.set(renamed, { path: parent, from: name, to: meant.name });
      state.renamed.add(renamed);
    }
    if (renames.size === 0) return { root, errors };
    root = separate(state, renameFields(root, [...renames.values()]));
  }
}

/**
 * Reports and mends fields without their space; those of a misspelt field show only when that has its name.
 */
function separate({ kind, source, diagnostics, wrong }: State, written: YamlNode): YamlNode {
  const { root, separated } = separateGlued(written, kind, source.text);
  for (const { field, message, suggestion, path, isRead } of separated) {
    if (!isRead) wrong.add([...path, field.key].reduce(pointerTo, ''));
    const location = source.locate(field.keyStart, field.valueEnd);
    diagnostics.push({
      code: 'yaml-missing-space',
      severity: 'error',
      message,
      suggestion,
      ...pathOf(path),
      location,
    });
  }
  return root;
}

function validate(kind: Kind, root: YamlNode): readonly ValidationError[] {
  const check = validatorOf(kind);
  return check(objectJson(root, kind)) ? [] : (check.errors ?? []);
}

/** The pointer's parts, those that lead into lists as numbers. */
function toPath(root: YamlNode, pointer: string): FieldPath {
  const path: (string | number)[] = [];
  for (const part of pointerParts(pointer))
    path.push(find(root, path).node.type === 'list' ? Number(part) : part);
  return path;
}

/** The definition of the object at a path: `Container` at `spec.containers[0]`. */
function definitionAt(kind: Kind, path: FieldPath): string {
  let type: FieldType = { holds: 'one', of: kind };
  for (const part of path)
    type =
      type.holds === 'one'
        ? (fieldType(type.of, part.toString()) ?? { holds: 'one', of: 'any' })
        : { holds: 'one', of: type.of };
  return type.of;
}

/**
 * The field that an unknown one was meant to be; `free` when the object has none of that name yet.
 * @param isRenamed whether another unknown field was meant to be that one
 */
function meantField(
  kind: Kind,
  root: YamlNode,
  parent: FieldPath,
  name: string,
  isRenamed: (field: string) => boolean,
): { readonly name: string; readonly free: boolean } | undefined {
  const names = fieldsOf(definitionAt(kind, parent)).map((field) => field.name);
  const { node } = find(root, parent);
  const isTaken = (field: string): boolean =>
    isRenamed(field) || (node.type === 'map' && node.entries.has(field));
  const free = suggest(
    name,
    names.filter((field) => !isTaken(field)),
  );
  if (free !== undefined) return { name: free, free: true };
  const taken = suggest(name, names.filter(isTaken));
  return taken === undefined ? undefined : { name: taken, free: false };
}

function reportUnknown(state: State, root: YamlNode, path: FieldPath, meant: string | undefined): void {
  const { entry, node } = find(root, path);
  const name = String(path.at(-1));
  const location = placeOfKey(state.source, root, path);
  if (isDamaged(state, entry?.keyStart ?? node.start, node.end) || isLineDamaged(state, location.line))
    return;
  const parent = path.slice(0, -1);
  const help = meant === undefined ? explainMisplaced(state.kind, parent, name) : undefined;
  state.diagnostics.push({
    code: 'unknown-field',
    severity: 'error',
    message: `unknown field '${name}'`,
    ...pathOf(parent),
    location,
    ...(meant === undefined ? {} : { suggestion: meant }),
    ...(help === undefined ? {} : { help }),
  });
}

/**
 * Where a field belongs that is unknown only where it stands: to an object around it, or to just one inside.
 */
function explainMisplaced(kind: Kind, parent: FieldPath, name: string): string | undefined {
  const around = parent.map((_, index) => parent.slice(0, index));
  const inside = fieldsOf(definitionAt(kind, parent))
    .filter((field) => field.holds === 'one' && field.name !== 'status')
    .map((field) => [...parent, field.name]);
  const isOwner = (path: FieldPath): boolean => fieldType(definitionAt(kind, path), name) !== undefined;
  const inner = inside.filter(isOwner);
  const owner = around.findLast(isOwner) ?? (inner.length === 1 ? inner[0] : undefined);
  if (owner === undefined) return undefined;
  const [right, wrong] = [owner, parent].map((path) => formatPath(path) || `the ${kind} itself`);
  return `It is a field of ${right ?? ''}, not of ${wrong ?? ''}.`;
}

function explainError(state: State, root: YamlNode, error: ValidationError): void {
  const { keyword, instancePath, params } = error;
  if (keyword === 'additionalProperties') return;
  const path = toPath(root, instancePath);
  const { node } = find(root, path);
  const isMissing = keyword === 'required';
  const pointer = isMissing ? pointerTo(instancePath, String(params['missingProperty'])) : instancePath;
  if (state.wrong.has(pointer)) return;
  state.wrong.add(pointer);
  if (isDamaged(state, node.start, node.end)) return;
  // Our guess at the name was wrong, most likely, and not the value.
  if (keyword === 'type' && state.renamed.has(pointer)) return;
  const name = String(params['missingProperty']);
  const words = isMissing
    ? explainMissing(root, path, name)
    : explainWrongValue(error, node, path, state.source.text);
  const location = isMissing
    ? placeOfKey(state.source, root, [...path, name])
    : placeOfValue(state.source, root, path);
  state.diagnostics.push({ severity: 'error', ...pathOf(path), ...words, location });
}

/** A field that is there without a value is told apart from one that is not there. */
function explainMissing(root: YamlNode, path: FieldPath, name: string): Words {
  return find(root, [...path, name]).whole
    ? { code: 'missing-field', message: `required field '${name}' has no value` }
    : { code: 'missing-field', message: `missing required field '${name}'` };
}

function pathOf(path: FieldPath): { readonly path?: string } {
  return path.length === 0 ? {} : { path: formatPath(path) };
}

function isDamaged({ damage }: ObjectContext, start: number, end: number): boolean {
  return damage.some((offset) => start <= offset && offset <= end);
}

function isLineDamaged({ damage, source }: ObjectContext, line: number): boolean {
  return damage.some((offset) => source.locate(offset).line === line);
}

function toDocument(state: State, root: YamlNode, isComplete: boolean): CheckedDocument {
  const { kind, source, wrong } = state;
  const json = objectJson(root, kind);
  const fields = isObject(json) ? json : {};
  const value = prune({ ...fields, apiVersion: apiVersionOf(kind), kind }, kind, wrong);
  return decodeDocument(kind, value, isComplete, {
    file: source.file,
    locate: (path) => placeOfValue(source, root, path),
    locateKey: (path) => placeOfKey(source, root, path),
    isPruned: (path) => {
      const parent = find(root, path.slice(0, -1)).node;
      if (isDamaged(state, parent.start, parent.end)) return true;
      return path.some((_, index) => wrong.has(path.slice(0, index + 1).reduce(pointerTo, '')));
    },
  });
}
