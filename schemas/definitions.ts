import type { Model, ModelField } from './client-node.ts';
import {
  alsoRequired,
  enumerations,
  notRequired,
  quantities,
  unchecked,
  type Enumeration,
} from './corrections.ts';
import type { KindModel } from './kinds.ts';

/** One object type of Kubernetes, named as in the API reference: `Container`, not `V1Container`. */
export interface Definition {
  readonly name: string;
  readonly description: string;
  readonly fields: readonly Field[];
}

export interface Field {
  readonly name: string;
  readonly holds: 'one' | 'list' | 'map';
  /** A scalar's name from `scalars`, or the name of a definition. */
  readonly of: string;
  readonly required: boolean;
  readonly description: string;
  readonly enumeration?: Enumeration;
}

/**
 * What a field's value can be when it is no object: `choice` is a string out of a few whose empty form means
 * "not set", `bytes` is base64, `intOrString` Kubernetes' IntOrString, `any` whatever JSON can say.
 */
export const scalars = [
  'any',
  'boolean',
  'bytes',
  'choice',
  'double',
  'int32',
  'int64',
  'intOrString',
  'microTime',
  'quantity',
  'string',
  'time',
] as const;

/**
 * The models in Kubernetes' own names and with the corrections; sorted by name, fields as they came.
 * @param further the models that only further versions of kinds reach: they keep their version
 */
export function toDefinitions(
  models: readonly Model[],
  kinds: readonly KindModel[],
  further: ReadonlySet<string>,
): readonly Definition[] {
  const nameOf = definitionNames(
    models.map(({ name }) => name),
    new Map(kinds.map(({ kind, model }) => [model, kind])),
    further,
  );
  const definitions = models.map(({ name, description, fields }) => {
    const definition = nameOf(name);
    return {
      name: definition,
      description,
      fields: fields.map((field) => toField(definition, field, nameOf)),
    };
  });
  checkCorrections(definitions);
  const sent = sentDefinitions(definitions, kinds);
  return withUnchecked(
    definitions.map((definition) => (sent.has(definition.name) ? definition : allOptional(definition))),
  ).sort((a, b) => (a.name < b.name ? -1 : 1));
}

/**
 * What objects consist of besides their status. The server drops the status of a new object, or keeps it unchecked: it
 * requires nothing in it.
 */
function sentDefinitions(
  definitions: readonly Definition[],
  kinds: readonly KindModel[],
): ReadonlySet<string> {
  const byName = new Map(definitions.map((definition) => [definition.name, definition]));
  const roots = new Set(kinds.map(({ kind }) => kind));
  const found = new Set<string>();
  const next = [...roots];
  for (let name = next.pop(); name !== undefined; name = next.pop()) {
    if (found.has(name)) continue;
    found.add(name);
    const isRoot = roots.has(name);
    for (const field of byName.get(name)?.fields ?? [])
      if (!isRoot || field.name !== 'status') next.push(field.of);
  }
  return found;
}

function allOptional(definition: Definition): Definition {
  return { ...definition, fields: definition.fields.map((field) => ({ ...field, required: false })) };
}

const UNCHECKED = 'Unchecked';

/** Fields whose values only have to decode get definitions of their own, in which nothing is required or enumerated. */
function withUnchecked(definitions: readonly Definition[]): Definition[] {
  const byName = new Map(definitions.map((definition) => [definition.name, definition]));
  const copies = new Map<string, Definition>();
  const loosen = (field: Field): Field => ({
    ...withoutEnumeration(field),
    of: field.of === 'choice' ? 'string' : copyOf(field.of),
    required: false,
  });
  const copyOf = (name: string): string => {
    const original = byName.get(name);
    if (original === undefined) return name;
    const copy = UNCHECKED + name;
    if (!copies.has(copy)) {
      copies.set(copy, { ...original, name: copy });
      copies.set(copy, { ...original, name: copy, fields: original.fields.map(loosen) });
    }
    return copy;
  };
  const adapted = definitions.map((definition) => ({
    ...definition,
    fields: definition.fields.map((field) =>
      unchecked.has(`${definition.name}.${field.name}`) ? { ...field, of: copyOf(field.of) } : field,
    ),
  }));
  return [...adapted, ...copies.values()];
}

function withoutEnumeration({ enumeration: _enumeration, ...field }: Field): Omit<Field, 'enumeration'> {
  return field;
}

type NameOf = (model: string) => string;

function toField(definition: string, field: ModelField, nameOf: NameOf): Field {
  const enumeration = enumerations[definition]?.[field.name];
  const { holds, element } = splitType(field.type);
  return {
    name: field.name,
    holds,
    of: quantities.has(`${definition}.${field.name}`)
      ? 'quantity'
      : toElement(element, field.format, enumeration, nameOf),
    required: isRequired(definition, field),
    description: field.description,
    ...(enumeration === undefined ? {} : { enumeration }),
  };
}

function splitType(type: string): { readonly holds: Field['holds']; readonly element: string } {
  const list = /^Array<(.*)>$/.exec(type)?.[1];
  if (list !== undefined) return { holds: 'list', element: list };
  const map = /^\{ \[key: string\]: (.*); \}$/.exec(type)?.[1];
  // A map of lists, such as the `extra` of a CertificateSigningRequest, is what a server writes: its lists are not checked.
  if (map?.startsWith('Array<') === true) return { holds: 'map', element: 'any' };
  return map === undefined ? { holds: 'one', element: type } : { holds: 'map', element: map };
}

function isRequired(definition: string, { name, required }: ModelField): boolean {
  if ((notRequired[definition] ?? []).includes(name)) return false;
  return required || (alsoRequired[definition] ?? []).includes(name);
}

function toElement(
  element: string,
  format: string,
  enumeration: Enumeration | undefined,
  nameOf: NameOf,
): string {
  switch (element) {
    case 'string':
      if (format === 'byte') return 'bytes';
      return enumeration?.empty === 'unset' ? 'choice' : 'string';
    case 'number':
      if (format !== 'double' && format !== 'int32' && format !== 'int64')
        throw new Error(`a number of unknown format ${format}`);
      return format;
    case 'boolean':
    case 'any':
      return element;
    case 'Date':
      return 'time';
    case 'IntOrString':
      return 'intOrString';
    case 'V1MicroTime':
      return 'microTime';
    default:
      return nameOf(element);
  }
}

/**
 * The definition of a model is its name without group and version: `Container` for V1Container. Where two models would have
 * one name, such as the Subject of rbac and that of flowcontrol, each keeps its
 * group, or its version when it has none. A kind always has the name of the kind.
 */
function definitionNames(
  models: readonly string[],
  kinds: ReadonlyMap<string, string>,
  further: ReadonlySet<string>,
): NameOf {
  const kindNames = new Set(kinds.values());
  const others = models.filter((model) => !kinds.has(model) && !further.has(model));
  const shared = (name: string): boolean =>
    kindNames.has(name) || others.filter((model) => splitModel(model).name === name).length > 1;
  const names = new Map(
    models.map((model) => {
      const { group, version, name } = splitModel(model);
      if (further.has(model)) return [model, kinds.get(model) ?? `${version}${name}`];
      const distinct = group === '' && version !== 'V1' ? `${version}${name}` : `${group}${name}`;
      return [model, kinds.get(model) ?? (shared(name) ? distinct : name)];
    }),
  );
  return (model) => {
    const name = names.get(model);
    if (name === undefined) throw new Error(`an unknown type ${model}`);
    return name;
  };
}

interface ModelName {
  readonly group: string;
  readonly version: string;
  readonly name: string;
}

function splitModel(model: string): ModelName {
  const parts = /^(\w*?)(V\d(?:(?:alpha|beta)\d)?)(?=[A-Z])(\w+)$/.exec(model) ?? [];
  const [, group = '', version = '', name = ''] = parts;
  if (name === '') throw new Error(`a model of an unknown version ${model}`);
  return { group, version, name };
}

/** A correction that meets no field is a misspelling, or a leftover of an older Kubernetes. */
function checkCorrections(definitions: readonly Definition[]): void {
  const known = new Set(
    definitions.flatMap(({ name, fields }) => fields.map((field) => `${name}.${field.name}`)),
  );
  const inTables = [
    ...Object.entries(enumerations).map(([name, fields]) => [name, Object.keys(fields)] as const),
    ...Object.entries(alsoRequired),
    ...Object.entries(notRequired),
  ].flatMap(([name, fields]) => fields.map((field) => `${name}.${field}`));
  const unknown = [...inTables, ...quantities, ...unchecked].filter((path) => !known.has(path));
  if (unknown.length > 0) throw new Error(`corrections for fields that do not exist: ${unknown.join(', ')}`);
}
