import { isObject } from '../../../base/json-members.ts';
import type { FieldPath } from '../../../base/path.ts';
import { suggest } from '../../../base/suggest.ts';
import type { Finding } from '../finding.ts';
import type { KeyedData } from '../../config/keyed-data.ts';
import type { ObjectSet } from '../../config/object-set.ts';

/** The objects that pods take data from. */
export type KeyedObjects = Pick<ObjectSet, 'configMaps' | 'secrets'>;

/** A reference of a pod to a ConfigMap or Secret. */
export interface DataReference {
  readonly name?: string | undefined;
  readonly key?: string | undefined;
  readonly optional?: boolean | undefined;
}

/**
 * Checks a reference: the object, then its key. Optional data may be missing. An object with errors of its
 * own may have lost the key because of them.
 * @param nameField the field of the name: volumes use `secretName`
 */
export function* checkDataReference(
  kind: 'ConfigMap' | 'Secret',
  reference: DataReference,
  path: FieldPath,
  objects: KeyedObjects,
  nameField = 'name',
): Iterable<Finding> {
  const { name = '', optional = false } = reference;
  if (name === '') {
    yield { code: 'missing-field', path, at: 'key', message: `missing '${nameField}' of the ${kind}` };
    return;
  }
  const all = objectsOf(kind, objects);
  if (all.has(name)) yield* checkDataKey(kind, reference, [...path, 'key'], objects);
  else if (!optional) yield missingObject(kind, name, [...path, nameField], all.keys());
}

/** Checks only the key; a missing object is not reported. */
export function* checkDataKey(
  kind: 'ConfigMap' | 'Secret',
  { name = '', key, optional = false }: DataReference,
  path: FieldPath,
  objects: KeyedObjects,
): Iterable<Finding> {
  const data = objectsOf(kind, objects).get(name);
  if (data === undefined || key === undefined || optional || data.values.has(key) || mayHave(data, key))
    return;
  const keys = keysOf(data);
  const suggestion = suggest(key, keys);
  const { file, line } = data.object.locate(['metadata', 'name']);
  yield {
    code: 'missing-key',
    path,
    message: `${kind} '${name}' (${file}:${line}) has no key '${key}'`,
    ...(suggestion === undefined ? keysHelp(data, keys) : { suggestion }),
  };
}

/** Invalid keys were removed from an incomplete object, so it is not described as empty. */
function keysHelp({ object }: KeyedData, keys: readonly string[]): { readonly help?: string } {
  if (keys.length > 0) return { help: `It has ${listed(keys)}.` };
  return object.complete === undefined ? {} : { help: 'It has no keys at all.' };
}

function objectsOf(kind: 'ConfigMap' | 'Secret', objects: KeyedObjects): ReadonlyMap<string, KeyedData> {
  return kind === 'ConfigMap' ? objects.configMaps : objects.secrets;
}

/** A reference to an object that is not in the files. */
export function missingObject(kind: string, name: string, path: FieldPath, known: Iterable<string>): Finding {
  const suggestion = suggest(name, known);
  return {
    code: 'missing-object',
    path,
    message: `${kind} '${name}' not found in the files`,
    ...(suggestion === undefined
      ? { help: `Pass its file on the command line, too, or add it to this file after a '---'.` }
      : { suggestion }),
  };
}

const SHOWN = 8;

function listed(keys: readonly string[]): string {
  const shown = keys.slice(0, SHOWN).map((key) => `'${key}'`);
  return keys.length > SHOWN ? `${shown.join(', ')} and ${keys.length - SHOWN} more` : shown.join(', ');
}

/** Whether the key exists with an invalid value. */
function mayHave({ object }: KeyedData, key: string): boolean {
  return FIELDS.some(
    (field) =>
      object.isPruned([field]) || object.isPruned([field, key]) || writtenKeys(object, field).includes(key),
  );
}

const FIELDS = ['data', 'binaryData', 'stringData'];

/** All keys, including those with invalid values, such as bad base64, which are reported separately. */
function keysOf({ object, values }: KeyedData): readonly string[] {
  return [...new Set([...values.keys(), ...FIELDS.flatMap((field) => writtenKeys(object, field))])].sort();
}

function writtenKeys({ value: fields }: KeyedData['object'], field: string): readonly string[] {
  const value: unknown = Object.entries(fields).find(([name]) => name === field)?.[1];
  return isObject(value) ? Object.keys(value) : [];
}
