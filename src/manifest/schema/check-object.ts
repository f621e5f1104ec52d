import { defined } from '../../base/defined.ts';
import { isObject, type JsonObject } from '../../base/json-members.ts';
import type { Json } from '../../base/stable-json.ts';
import type { Diagnostic } from '../../base/diagnostic.ts';
import { replaceAt, type Edit } from '../../base/edit.ts';
import { appendDocument, insertField } from '../insert-field.ts';
import { formatPath, type FieldPath } from '../../base/path.ts';
import { suggest, suggestion } from '../../base/suggest.ts';
import type { ValidationError } from './generated/validators.js';
import { decodeDocument, type CheckedDocument } from '../checked-document.ts';
import type { Identified } from '../identify.ts';
import { apiVersionOf, validatorOf, type Kind, type Schema } from '../kinds.ts';
import { moveField } from '../move-field.ts';
import { moveReadOnly, placeOf } from './misplaced.ts';
import { insertMissing, isIgnoredField } from './missing-field.ts';
import { locateKey, locateValue } from '../locate.ts';
import { pointerParts, pointerTo, prune } from './prune.ts';
import { wordsOfField } from './field-words.ts';
import { explainWrongValue, type DiagnosticText } from './schema-messages.ts';
import { separateGlued } from '../yaml/separate-glued.ts';
import { fieldsOf, fieldType, type FieldType } from '../yaml/shape.ts';
import type { SourceText } from '../source-text.ts';
import { objectJson } from './object-json.ts';
import { find, renameFields, type Rename, type YamlMap, type YamlNode } from '../yaml/yaml-tree.ts';

export interface Check {
  readonly document: CheckedDocument;
  readonly diagnostics: readonly Diagnostic[];
}

/** The context of an object in its file. */
export interface ObjectContext {
  readonly source: SourceText;
  /** Offsets of YAML syntax errors. An error next to one is most likely a consequence of it and not reported. */
  readonly syntaxErrors: readonly number[];
  /** Whether the document is free of other errors. */
  readonly valid: boolean;
}

/** Checks an object against the schema of its kind. Each error is reported once. */
export function checkObject(
  context: ObjectContext,
  { kind, schema = kind, root: written, valid }: Identified,
): Check {
  const state: State = {
    ...context,
    kind,
    schema,
    diagnostics: [],
    wrong: new Set(),
    renamed: new Set(),
    moves: [],
  };
  const { root, errors } = correctFields(state, written);
  for (const error of errors) explainError(state, root, error);
  const complete = valid && context.valid && state.diagnostics.length === 0;
  return { document: toDocument(state, root, complete), diagnostics: state.diagnostics };
}

interface State extends ObjectContext {
  readonly kind: Kind;
  readonly schema: Schema;
  readonly diagnostics: Diagnostic[];
  /** JSON pointers to invalid values and to missing fields. */
  readonly wrong: Set<string>;
  /** JSON pointers to misspelled fields under their corrected names. */
  readonly renamed: Set<string>;
  /** The edits that move a misplaced field. */
  readonly moves: Edit[];
}

/** The limit for misspelled fields nested in misspelled fields. */
const MAX_ROUNDS = 4;

/**
 * Reports unknown fields. A misspelled field gets its correct name, so that its value is checked, too, and the field
 * is not reported as missing. Returns the remaining errors.
 */
function correctFields(
  state: State,
  written: YamlMap,
): { root: YamlNode; errors: readonly ValidationError[] } {
  let root: YamlNode = separate(state, written);
  for (let round = 1; ; round += 1) {
    const errors = validate(state.schema, root);
    const renames = new Map<string, Rename>();
    for (const { keyword, instancePath, params } of errors) {
      if (keyword !== 'additionalProperties') continue;
      const name = String(params['additionalProperty']);
      const pointer = pointerTo(instancePath, name);
      if (state.wrong.has(pointer)) continue;
      state.wrong.add(pointer);
      const parent = toPath(root, instancePath);
      const isRenamed = (field: string) => renames.has(pointerTo(instancePath, field));
      // A field of another object is misplaced, and not misspelt.
      const similar = isElsewhere(state.schema, parent, name)
        ? undefined
        : mostSimilarField(state.schema, root, parent, name, isRenamed);
      reportUnknown(state, root, [...parent, name], similar);
      if (similar?.free !== true || round === MAX_ROUNDS) continue;
      const renamed = pointerTo(instancePath, similar.name);
      renames.set(renamed, { path: parent, from: name, to: similar.name });
      state.renamed.add(renamed);
    }
    if (renames.size === 0) return { root, errors };
    root = separate(state, renameFields(root, [...renames.values()]));
  }
}

/**
 * Reports and corrects fields without a space after the colon. Fields inside a misspelled field are found only after
 * its correction.
 */
function separate({ schema, source, diagnostics, wrong }: State, written: YamlNode): YamlNode {
  const { root, separated } = separateGlued(written, schema, source.text);
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

function validate(schema: Schema, root: YamlNode): readonly ValidationError[] {
  const check = validatorOf(schema);
  return check(objectJson(root, schema)) ? [] : (check.errors ?? []);
}

/** The path of a JSON pointer, with numbers for list indexes. */
function toPath(root: YamlNode, pointer: string): FieldPath {
  const path: (string | number)[] = [];
  for (const part of pointerParts(pointer))
    path.push(find(root, path).node.type === 'list' ? Number(part) : part);
  return path;
}

/** The definition of the object at a path: `Container` at `spec.containers[0]`. */
function definitionAt(schema: Schema, path: FieldPath): string {
  let type: FieldType = { holds: 'one', of: schema };
  for (const part of path)
    type =
      type.holds === 'one'
        ? (fieldType(type.of, part.toString()) ?? { holds: 'one', of: 'any' })
        : { holds: 'one', of: type.of };
  return type.of;
}

/**
 * The most similar field to an unknown one; `free` if the object does not have that field yet.
 * @param isRenamed whether another unknown field was corrected to this name
 */
function mostSimilarField(
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

interface Similar {
  readonly name: string;
  /** Whether the object does not have that field yet. */
  readonly free: boolean;
  /** Whether no other field is as similar, and the object does not have it. */
  readonly isCertain: boolean;
}

function reportUnknown(state: State, root: YamlNode, path: FieldPath, similar: Similar | undefined): void {
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
function move(state: State, root: YamlNode, path: FieldPath): readonly Edit[] | undefined {
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
  { kind, schema }: State,
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
function isElsewhere(schema: Schema, parent: FieldPath, name: string): boolean {
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

function explainError(state: State, root: YamlNode, error: ValidationError): void {
  const { keyword, instancePath, params } = error;
  if (keyword === 'additionalProperties') return;
  const path = toPath(root, instancePath);
  const { node } = find(root, path);
  const isMissing = keyword === 'required';
  const pointer = isMissing ? pointerTo(instancePath, String(params['missingProperty'])) : instancePath;
  if (state.wrong.has(pointer)) return;
  state.wrong.add(pointer);
  if (hasSyntaxError(state, node.start, node.end)) return;
  // The guessed name is most likely wrong, and not the value.
  if (keyword === 'type' && state.renamed.has(pointer)) return;
  const name = String(params['missingProperty']);
  const { replacement, ...words }: DiagnosticText = isMissing
    ? explainMissing(root, path, name)
    : explainWrongValue(error, { node, path, root, text: state.source.text });
  const location = isMissing
    ? locateKey(state.source, root, [...path, name])
    : locateValue(state.source, root, path);
  const { kind, schema } = state;
  const lacking = { kind, definition: definitionAt(schema, path), path, name };
  const edits = isMissing
    ? defined({
        edits: insertMissing(state.source, root, lacking),
        isIgnored: isIgnoredField(lacking) || undefined,
      })
    : replacement === undefined
      ? {}
      : { edits: [replaceAt(location, replacement)] };
  state.diagnostics.push({ severity: 'error', ...pathOf(path), ...words, location, ...edits });
}

/** Distinguishes a field without a value from a missing one. */
function explainMissing(root: YamlNode, path: FieldPath, name: string): DiagnosticText {
  return find(root, [...path, name]).exists
    ? { code: 'missing-field', message: `required field '${name}' has no value` }
    : { code: 'missing-field', message: `missing required field '${name}'` };
}

function pathOf(path: FieldPath): { readonly path?: string } {
  return path.length === 0 ? {} : { path: formatPath(path) };
}

function hasSyntaxError({ syntaxErrors }: ObjectContext, start: number, end: number): boolean {
  return syntaxErrors.some((offset) => start <= offset && offset <= end);
}

function hasSyntaxErrorInLine({ syntaxErrors, source }: ObjectContext, line: number): boolean {
  return syntaxErrors.some((offset) => source.locate(offset).line === line);
}

/** A misspelt version becomes that of the kind. */
function versionOf({ kind, schema }: State, { apiVersion }: JsonObject): Json {
  return schema === kind ? apiVersionOf(kind) : (apiVersion ?? null);
}

function toDocument(state: State, root: YamlNode, isComplete: boolean): CheckedDocument {
  const { kind, schema, source, wrong } = state;
  const json = objectJson(root, schema);
  const fields = isObject(json) ? json : {};
  const value = prune({ ...fields, apiVersion: versionOf(state, fields), kind }, schema, wrong);
  const isPruned = (path: FieldPath): boolean => {
    const parent = find(root, path.slice(0, -1)).node;
    if (hasSyntaxError(state, parent.start, parent.end)) return true;
    return path.some((_, index) => wrong.has(path.slice(0, index + 1).reduce(pointerTo, '')));
  };
  return decodeDocument(kind, value, isComplete, {
    file: source.file,
    ...defined({ status: fields['status'] }),
    locate: (path) => locateValue(source, root, path),
    locateKey: (path) => locateKey(source, root, path),
    edit: {
      insert: (path, name, value, neighbour) => {
        const { node, exists } = find(root, path);
        return exists && node.type === 'map' ? insertField(source, node, name, value, neighbour) : [];
      },
      move: (from, target) => moveField(source, root, from, target),
      append: (object) => appendDocument(source, object),
    },
    isPruned,
    hasPruned: (path) => {
      const within = `${path.reduce(pointerTo, '')}/`;
      return isPruned(path) || [...wrong].some((pointer) => pointer.startsWith(within));
    },
  });
}
