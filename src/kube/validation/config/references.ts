import { isObject } from '../../../base/json-members.ts';
import type { FieldPath } from '../../../base/path.ts';
import { suggest } from '../../../base/suggest.ts';
import type { Finding } from '../finding.ts';
import type { KeyedData } from '../../config/keyed-data.ts';
import type { ObjectSet } from '../../config/object-set.ts';

/** What a pod names of a ConfigMap or Secret. */
export interface DataReference {
  readonly name?: string | undefined;
  readonly key?: string | undefined;
  readonly optional?: boolean | undefined;
}

/**
 * Looks for what is referred to: the object, then its key. What is optional may be missing; where the object itself
 * had mistakes, the key may have been one of them.
 * @param nameField the field that has the name: volumes have a `secretName`
 */
export function* checkDataReference(
  kind: 'ConfigMap' | 'Secret',
  reference: DataReference,
  path: FieldPath,
  objects: ObjectSet,
  nameField = 'name',
): Iterable<Finding> {
  const { name = '', optional = false } = reference;
  if (name === '') {
    yield { code: 'missing-field', path, at: 'key', message: `must name the ${kind} in '${nameField}'` };
    return;
  }
  const all = objectsOf(kind, objects);
  if (all.has(name)) yield* checkDataKey(kind, reference, [...path, 'key'], objects);
  else if (!optional) yield missingObject(kind, name, [...path, nameField], all.keys());
}

/** Looks for the key alone: of an object that is not there, nothing is said. */
export function* checkDataKey(
  kind: 'ConfigMap' | 'Secret',
  { name = '', key, optional = false }: DataReference,
  path: FieldPath,
  objects: ObjectSet,
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

/** Of an object of which something was taken out as wrong, it is not said that it has no keys. */
function keysHelp({ object }: KeyedData, keys: readonly string[]): { readonly help?: string } {
  if (keys.length > 0) return { help: `It has ${listed(keys)}.` };
  return object.complete === undefined ? {} : { help: 'It has no keys at all.' };
}

function objectsOf(kind: 'ConfigMap' | 'Secret', objects: ObjectSet): ReadonlyMap<string, KeyedData> {
  return kind === 'ConfigMap' ? objects.configMaps : objects.secrets;
}

/** An object that is in none of the files. */
export function missingObject(kind: string, name: string, path: FieldPath, known: Iterable<string>): Finding {
  const suggestion = suggest(name, known);
  return {
    code: 'missing-object',
    path,
    message: `there is no ${kind} '${name}' in the files`,
    ...(suggestion === undefined
      ? { help: `Name the file that has it on the command line, too, or put it into this one behind '---'.` }
      : { suggestion }),
  };
}

const SHOWN = 8;

function listed(keys: readonly string[]): string {
  const shown = keys.slice(0, SHOWN).map((key) => `'${key}'`);
  return keys.length > SHOWN ? `${shown.join(', ')} and ${keys.length - SHOWN} more` : shown.join(', ');
}

/** Whether the key is there, though what it holds could not be read. */
function mayHave({ object }: KeyedData, key: string): boolean {
  return FIELDS.some(
    (field) =>
      object.isPruned([field]) || object.isPruned([field, key]) || writtenKeys(object, field).includes(key),
  );
}

const FIELDS = ['data', 'binaryData', 'stringData'];

/** All keys, also those whose values are not what they should be, such as bad base64: that is reported on its own. */
function keysOf({ object, values }: KeyedData): readonly string[] {
  return [...new Set([...values.keys(), ...FIELDS.flatMap((field) => writtenKeys(object, field))])].sort();
}

function writtenKeys({ value: fields }: KeyedData['object'], field: string): readonly string[] {
  const value: unknown = Object.entries(fields).find(([name]) => name === field)?.[1];
  return isObject(value) ? Object.keys(value) : [];
}
