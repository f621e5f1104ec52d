import { isList, isObject, type JsonObject } from '../../base/json-members.ts';
import type { Json } from '../../base/stable-json.ts';
import { fieldType, isDefinition, type FieldType } from '../yaml/shape.ts';

/** One step further in a JSON pointer (RFC 6901), the form in which Ajv names places. */
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
 * What is sound of an object of a definition, in one form: without what is wrong, without unknown fields,
 * without `status` (the API server drops it from what a user sends), without choices that are empty and so
 * unset, and with every quantity a string. What has to go with something wrong is added to `wrong`.
 */
export function prune(object: JsonObject, definition: string, wrong: Set<string>): JsonObject {
  const sent = Object.entries(object).filter(([key]) => key !== 'status');
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

/**
 * Without one of its words a command is another command: a list of scalars is sound as a whole or not at all.
 */
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
  return of === 'quantity' && typeof value === 'number' ? value.toString() : value;
}
