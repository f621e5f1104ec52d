import { fieldTypes } from '../schema/generated/field-types.ts';

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
  const fields = isDefinition(definition) ? fieldTypes[definition] : undefined;
  return Object.entries(fields ?? {}).map(([name, code]) => ({ name, ...toFieldType(code) }));
}

export function fieldType(definition: string, name: string): FieldType | undefined {
  const fields = isDefinition(definition) ? fieldTypes[definition] : undefined;
  const code = fields !== undefined && Object.hasOwn(fields, name) ? fields[name] : undefined;
  return code === undefined ? undefined : toFieldType(code);
}

export function isDefinition(name: string): boolean {
  return Object.hasOwn(fieldTypes, name);
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
