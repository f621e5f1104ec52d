import descriptions from '../../../schemas/descriptions.json' with { type: 'json' };
import schema from '../../../schemas/kubernetes-1.36.schema.json' with { type: 'json' };
import { memberOf, membersOf } from '../../base/json-members.ts';

/* The API reference of Kubernetes 1.36. It is large: import this file only on demand. */

/** The description of a definition or of one of its fields; empty if the reference has none. */
export function describeDefinition(definition: string, field = ''): string {
  const text = memberOf(descriptions, definition, field);
  return typeof text === 'string' ? text : '';
}

/** Whether an object of the definition must have the field. */
export function isRequired(definition: string, field: string): boolean {
  return membersOf(memberOf(schema, '$defs', definition, 'required')).includes(field);
}

/** The valid values of an enum field, without the empty one, which means unset; empty for other fields. */
export function choicesOf(definition: string, field: string): readonly string[] {
  const property = memberOf(schema, '$defs', definition, 'properties', field);
  return [property, memberOf(property, 'items')]
    .flatMap((part) => membersOf(memberOf(part, 'enum')))
    .filter((choice) => typeof choice === 'string')
    .filter((choice) => choice !== '');
}
