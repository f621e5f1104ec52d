import type { Model, ModelField } from './client-node.ts';
import { alsoRequired, enumerations, quantities, type Enumeration } from './corrections.ts';

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
  'int32',
  'int64',
  'intOrString',
  'quantity',
  'string',
  'time',
] as const;

/** The models in Kubernetes' own names and with the corrections; sorted by name, fields as they came. */
export function toDefinitions(models: readonly Model[]): readonly Definition[] {
  const definitions = models.map(({ name, description, fields }) => {
    const definition = withoutVersion(name);
    return { name: definition, description, fields: fields.map((field) => toField(definition, field)) };
  });
  checkCorrections(definitions);
  return definitions.sort((a, b) => (a.name < b.name ? -1 : 1));
}

function toField(definition: string, field: ModelField): Field {
  const enumeration = enumerations[definition]?.[field.name];
  const { holds, element } = splitType(field.type);
  return {
    name: field.name,
    holds,
    of: quantities.has(`${definition}.${field.name}`)
      ? 'quantity'
      : toElement(element, field.format, enumeration),
    required: field.required || (alsoRequired[definition] ?? []).includes(field.name),
    description: field.description,
    ...(enumeration === undefined ? {} : { enumeration }),
  };
}

function splitType(type: string): { readonly holds: Field['holds']; readonly element: string } {
  const list = /^Array<(.*)>$/.exec(type)?.[1];
  if (list !== undefined) return { holds: 'list', element: list };
  const map = /^\{ \[key: string\]: (.*); \}$/.exec(type)?.[1];
  return map === undefined ? { holds: 'one', element: type } : { holds: 'map', element: map };
}

function toElement(element: string, format: string, enumeration: Enumeration | undefined): string {
  switch (element) {
    case 'string':
      if (format === 'byte') return 'bytes';
      return enumeration?.empty === 'unset' ? 'choice' : 'string';
    case 'number':
      if (format !== 'int32' && format !== 'int64') throw new Error(`a number of unknown format ${format}`);
      return format;
    case 'boolean':
    case 'any':
      return element;
    case 'Date':
      return 'time';
    case 'IntOrString':
      return 'intOrString';
    default:
      if (!/^\w*V1[A-Z]\w*$/.test(element)) throw new Error(`an unknown type ${element}`);
      return withoutVersion(element);
  }
}

/** Both V1Container and CoreV1ResourceClaim carry the API's version (and group) in front. */
function withoutVersion(model: string): string {
  return model.replace(/^\w*?V1(?=[A-Z])/, '');
}

/** A correction that meets no field is a misspelling, or a leftover of an older Kubernetes. */
function checkCorrections(definitions: readonly Definition[]): void {
  const known = new Set(
    definitions.flatMap(({ name, fields }) => fields.map((field) => `${name}.${field.name}`)),
  );
  const inTables = [
    ...Object.entries(enumerations).map(([name, fields]) => [name, Object.keys(fields)] as const),
    ...Object.entries(alsoRequired),
  ].flatMap(([name, fields]) => fields.map((field) => `${name}.${field}`));
  const unknown = [...inTables, ...quantities].filter((path) => !known.has(path));
  if (unknown.length > 0) throw new Error(`corrections for fields that do not exist: ${unknown.join(', ')}`);
}
