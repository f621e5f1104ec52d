import { defined } from '../../base/defined.ts';
import { isObject, type JsonObject } from '../../base/json-members.ts';
import type { Json } from '../../base/stable-json.ts';
import type { Diagnostic } from '../../base/diagnostic.ts';
import { replaceAt } from '../../base/edit.ts';
import { appendDocument, insertField } from '../insert-field.ts';
import type { FieldPath } from '../../base/path.ts';
import type { ValidationError } from './generated/validators.js';
import { decodeDocument, type CheckedDocument } from '../checked-document.ts';
import type { Identified } from '../identify.ts';
import { apiVersionOf, validatorOf, type Schema } from '../kinds.ts';
import { moveField } from '../move-field.ts';
import { insertMissing, isIgnoredField } from './missing-field.ts';
import { locateKey, locateValue } from '../locate.ts';
import { pointerTo, prune } from './prune.ts';
import { explainWrongValue, type DiagnosticText } from './schema-messages.ts';
import { separateGlued } from '../yaml/separate-glued.ts';
import {
  definitionAt,
  hasSyntaxError,
  pathOf,
  toPath,
  type CheckState,
  type ObjectContext,
} from './check-state.ts';
import { isElsewhere, mostSimilarField, reportUnknown } from './unknown-field.ts';
import { objectJson } from './object-json.ts';
import { find, renameFields, type Rename, type YamlMap, type YamlNode } from '../yaml/yaml-tree.ts';

export interface Check {
  readonly document: CheckedDocument;
  readonly diagnostics: readonly Diagnostic[];
}

/** Checks an object against the schema of its kind. Each error is reported once. */
export function checkObject(
  context: ObjectContext,
  { kind, schema = kind, root: written, valid }: Identified,
): Check {
  const state: CheckState = {
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

/** The limit for misspelled fields nested in misspelled fields. */
const MAX_ROUNDS = 4;

/**
 * Reports unknown fields. A misspelled field gets its correct name, so that its value is checked, too, and the field
 * is not reported as missing. Returns the remaining errors.
 */
function correctFields(
  state: CheckState,
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
function separate({ schema, source, diagnostics, wrong }: CheckState, written: YamlNode): YamlNode {
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

function explainError(state: CheckState, root: YamlNode, error: ValidationError): void {
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

/** A misspelt version becomes that of the kind. */
function versionOf({ kind, schema }: CheckState, { apiVersion }: JsonObject): Json {
  return schema === kind ? apiVersionOf(kind) : (apiVersion ?? null);
}

function toDocument(state: CheckState, root: YamlNode, isComplete: boolean): CheckedDocument {
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
