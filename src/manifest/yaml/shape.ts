import { fieldTable } from '../schema/generated/field-types.ts';

/** The type of a field. */
export interface FieldType {
  readonly holds: 'one' | 'list' | 'map';
  /** A scalar (`string`, `int32`, `quantity` ...) or the name of a definition (`Container`). */
  readonly of: string;
}

export interface Field extends FieldType {
  readonly name: string;
}

/** The fields of a definition of Kubernetes 1.36, such as `Pod` or `Container`; none for a scalar. */
export function fieldsOf(definition: string): readonly Field[] {
  return [...(fieldsByName(definition) ?? [])].map(([name, type]) => ({ name, ...type }));
}

export function fieldType(definition: string, name: string): FieldType | undefined {
  return fieldsByName(definition)?.get(name);
}

export function isDefinition(name: string): boolean {
  return linesByDefinition().has(name);
}

let lines: ReadonlyMap<string, string> | undefined;

/** What follows the name in the line of each definition. */
function linesByDefinition(): ReadonlyMap<string, string> {
  lines ??= new Map(
    fieldTable
      .split('\n')
      .filter((line) => line !== '')
      .map((line) => {
        const end = line.indexOf(' ');
        return end === -1 ? [line, ''] : [line.slice(0, end), line.slice(end + 1)];
      }),
  );
  return lines;
}

const parsed = new Map<string, ReadonlyMap<string, FieldType>>();

function fieldsByName(definition: string): ReadonlyMap<string, FieldType> | undefined {
  const before = parsed.get(definition);
  if (before !== undefined) return before;
  const line = linesByDefinition().get(definition);
  if (line === undefined) return undefined;
  const fields = new Map(
    line
      .split(' ')
      .filter((field) => field !== '')
      .map((field) => {
        const colon = field.indexOf(':');
        return [field.slice(0, colon), toFieldType(field.slice(colon + 1))];
      }),
  );
  parsed.set(definition, fields);
  return fields;
}

function toFieldType(code: string): FieldType {
  if (code.startsWith('[]')) return { holds: 'list', of: code.slice(2) };
  if (code.startsWith('{}')) return { holds: 'map', of: code.slice(2) };
  return { holds: 'one', of: code };
}

/** A field of a definition or of its nested definitions. */
export interface NestedField extends Field {
  /** With `[]` after each list: `spec.containers[].ports[].hostPort`. */
  readonly path: string;
  /** The definition with the field: `ContainerPort`. */
  readonly definition: string;
}

/** All fields of a kind at every depth, parents first. */
export function nestedFields(definition: string, prefix = ''): readonly NestedField[] {
  return fieldsOf(definition).flatMap((field) => {
    const path = `${prefix}${field.name}${field.holds === 'list' ? '[]' : ''}`;
    return [{ ...field, path, definition }, ...nestedFields(field.of, `${path}.`)];
  });
}
