import { isList, isObject, type JsonObject } from '../../base/json-members.ts';
import type { Json } from '../../base/stable-json.ts';
import { fieldType, isDefinition, type FieldType } from '../yaml/shape.ts';

/** Appends a part to a JSON pointer (RFC 6901), the path notation of Ajv. */
export function pointerTo(pointer: string, part: string | number): string {
  return `${pointer}/${part.toString().replaceAll('~', '~0').replaceAll('/', '~1')}`;
}

export function pointerParts(pointer: string): readonly string[] {
  return pointer
    .split('/')
    .slice(1)
    .map((part) => part.replaceAll('~1', '/').replaceAll('~0', '~'));
}

/**
 * The valid part of an object in normalized form: without invalid values, unknown fields, `status` (which the API
 * server ignores, except that of a new Node) and empty enum values (which mean unset), and with every quantity as a string. Values that are
 * removed together with an invalid one are added to `wrong`.
 */
export function prune(object: JsonObject, definition: string, wrong: Set<string>): JsonObject {
  const sent = Object.entries(object).filter(([key]) => key !== 'status' || definition === 'Node');
  return pruneObject(Object.fromEntries(sent), definition, '', wrong);
}

function pruneObject(
  object: JsonObject,
  definition: string,
  pointer: string,
  wrong: Set<string>,
): JsonObject {
  const kept: [string, Json][] = [];
  for (const [key, value] of Object.entries(object)) {
    const place = pointerTo(pointer, key);
    const type = fieldType(definition, key);
    if (type === undefined || wrong.has(place)) continue;
    const pruned = pruneField(value, type, place, wrong);
    if (pruned !== undefined) kept.push([key, pruned]);
  }
  return Object.fromEntries(kept);
}

function pruneField(
  value: Json,
  { holds, of }: FieldType,
  pointer: string,
  wrong: Set<string>,
): Json | undefined {
  if (holds === 'one') return pruneOne(value, of, pointer, wrong);
  if (holds === 'map')
    return isObject(value)
      ? Object.fromEntries(
          Object.entries(value).flatMap(([key, member]) => {
            const place = pointerTo(pointer, key);
            const pruned = wrong.has(place) ? undefined : pruneOne(member, of, place, wrong);
            return pruned === undefined ? [] : [[key, pruned]];
          }),
        )
      : undefined;
  return isList(value) ? pruneList(value, of, pointer, wrong) : undefined;
}

/** A list of scalars is kept or removed as a whole: a command without one of its arguments is a different command. */
function pruneList(list: readonly Json[], of: string, pointer: string, wrong: Set<string>): Json | undefined {
  const places = list.map((_, index) => pointerTo(pointer, index));
  if (!isDefinition(of) && places.some((place) => wrong.has(place))) {
    wrong.add(pointer);
    return undefined;
  }
  return list.map((item, index) => {
    const place = places[index] ?? pointer;
    return wrong.has(place) ? {} : (pruneOne(item, of, place, wrong) ?? {});
  });
}

function pruneOne(value: Json, of: string, pointer: string, wrong: Set<string>): Json | undefined {
  if (isDefinition(of)) return isObject(value) ? pruneObject(value, of, pointer, wrong) : undefined;
  if (of === 'choice' && value === '') return undefined;
  return of === 'quantity' ? quantityText(value) : value;
}

/** Go's decoder takes blanks around a quantity off; escaped ones, such as a tab, stay (UnmarshalJSON of resource.Quantity). */
function quantityText(value: Json): Json {
  // The largest int64 is no number of JavaScript; the nearest one is 2^63.
  if (value === 2 ** 63) return '9223372036854775807';
  if (typeof value === 'number') return value.toString();
  return typeof value === 'string' ? value.replace(/^[ \u0085\u00A0]+|[ \u0085\u00A0]+$/g, '') : value;
}
