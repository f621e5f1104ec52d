import descriptions from '../../../schemas/descriptions.json' with { type: 'json' };
import schema from '../../../schemas/kubernetes-1.36.schema.json' with { type: 'json' };
import { memberOf, membersOf } from '../../base/json-members.ts';

/*
 * What the API reference of Kubernetes 1.36 says of kinds and fields. It is large: import it only where somebody asks.
 */

/** What a definition is for or, with a name, one of its fields; empty where the reference has no words. */
export function describeDefinition(definition: string, field = ''): string {
  const text = memberOf(descriptions, definition, field);
  return typeof text === 'string' ? text : '';
}

/** Whether an object of the definition must have the field. */
export function isRequired(definition: string, field: string): boolean {
  return membersOf(memberOf(schema, '$defs', definition, 'required')).includes(field);
}

/**
 * The words that the field may hold, where there are only some; an empty one, which means "not set", is left
 * out.
 */
export function choicesOf(definition: string, field: string): readonly string[] {
  const property = memberOf(schema, '$defs', definition, 'properties', field);
  return [property, memberOf(property, 'items')]
    .flatMap((part) => membersOf(memberOf(part, 'enum')))
    .filter((choice) => typeof choice === 'string')
    .filter((choice) => choice !== '');
}
