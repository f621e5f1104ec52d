import type { Definition, Field } from './definitions.ts';
import type { KindModel } from './kinds.ts';

/** The definitions as TypeScript interfaces: readonly, and optional unless Kubernetes asks for the field. */
export function toInterfaces(definitions: readonly Definition[], kinds: readonly KindModel[]): string {
  return [
    '/** A number with a unit, as Kubernetes writes it: `500m`, `1.5Gi`. A number in the manifest is made a string. */',
    'export type Quantity = string;',
    '',
    '/** Base64. */',
    'export type Bytes = string;',
    '',
    '/** RFC 3339 with six digits of a second: `2026-01-31T12:00:00.000000Z`. */',
    'export type MicroTime = string;',
    '',
    '/** RFC 3339. */',
    'export type Time = string;',
    '',
    ...definitions.map(({ name, fields }) =>
      [`export interface ${name} {`, ...fields.map((field) => `  ${toMember(field)}`), '}', ''].join('\n'),
    ),
    '/** The type of each kind. */',
    'export interface KindTypes {',
    ...kinds.map(({ kind }) => `  readonly ${kind}: ${kind};`),
    '}',
    '',
  ].join('\n');
}

/** By kind, the apiVersion that an API server serves it in. */
export function toApiVersions(kinds: readonly KindModel[]): string {
  return [
    '/** By kind, the apiVersion that an API server of this release serves it in. */',
    'export const apiVersions = {',
    ...kinds.map(({ kind, apiVersion }) => `  ${kind}: '${apiVersion}',`),
    '} as const;',
    '',
  ].join('\n');
}

function toMember(field: Field): string {
  const element = toElement(field);
  const type =
    field.holds === 'list'
      ? `readonly ${element.includes('|') ? `(${element})` : element}[]`
      : field.holds === 'map'
        ? `{ readonly [key: string]: ${element} }`
        : element;
  return `readonly ${toKey(field.name)}${field.required ? '' : '?'}: ${type};`;
}

/** The name of a member; `x-kubernetes-int-or-string` needs quotes. */
function toKey(name: string): string {
  return /^\w+$/.test(name) ? name : `'${name}'`;
}

function toElement({ of, enumeration }: Field): string {
  if (enumeration !== undefined) return enumeration.values.map((value) => `'${value}'`).join(' | ');
  switch (of) {
    case 'any':
      return 'unknown';
    case 'boolean':
    case 'string':
      return of;
    case 'double':
    case 'int32':
    case 'int64':
      return 'number';
    case 'intOrString':
      return 'number | string';
    default:
      return of[0] === of[0]?.toUpperCase() ? of : `${of[0]?.toUpperCase() ?? ''}${of.slice(1)}`;
  }
}

/** The fields of every definition as data: what is allowed where, for suggestions and for the support table. */
export function toFieldTable(definitions: readonly Definition[]): string {
  const prefix = { one: '', list: '[]', map: '{}' };
  const lines = definitions.map(({ name, fields }) =>
    [name, ...fields.map((field) => `${field.name}:${prefix[field.holds]}${field.of}`)].join(' '),
  );
  return [
    '/**',
    " * A line for each definition: its name, then 'FIELD:TYPE' for each field. The type is a scalar or a definition, after",
    ' * `[]` for a list and `{}` for a map. A text loads faster than an object with 5000 members.',
    ' */',
    'export const fieldTable = `',
    ...lines,
    '`;',
    '',
  ].join('\n');
}
