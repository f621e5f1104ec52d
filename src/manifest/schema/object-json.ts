import type { JsonObject } from '../../base/json-members.ts';
import type { Json } from '../../base/stable-json.ts';
import { fieldType, isDefinition, type FieldType } from '../yaml/shape.ts';
import { isNull, toJson, type YamlNode } from '../yaml/yaml-tree.ts';

/**
 * An object of a definition as JSON, with `null` read as Go's decoder reads it (encoding/json, Unmarshal): a known field
 * that is null is left out, a null item of a list or of a map is the zero value of its type. An unknown field stays, also
 * with null: the API server refuses it by its name.
 */
export function objectJson(node: YamlNode, definition: string): Json {
  if (node.type !== 'map') return toJson(node);
  const fields = [...node.entries].flatMap(([key, { value }]): readonly (readonly [string, Json])[] => {
    const type = fieldType(definition, key);
    if (type === undefined) return [[key, toJson(value)]];
    return isNull(value) ? [] : [[key, fieldJson(value, type)]];
  });
  return fromEntries(fields);
}

function fieldJson(node: YamlNode, { holds, of }: FieldType): Json {
  if (holds === 'list' && node.type === 'list') return node.items.map((item) => memberJson(item, of));
  if (holds === 'map' && node.type === 'map')
    return fromEntries([...node.entries].map(([key, { value }]) => [key, memberJson(value, of)]));
  return holds === 'one' && isDefinition(of) ? objectJson(node, of) : toJson(node);
}

function memberJson(node: YamlNode, of: string): Json {
  if (isNull(node)) return zeroOf(of);
  if (of === 'bytes' && node.type === 'list') return bytesJson(node.items.map(toJson));
  return isDefinition(of) ? objectJson(node, of) : toJson(node);
}

/** Go takes a list of numbers for bytes; any other list stays as it is and is refused. */
function bytesJson(items: readonly Json[]): Json {
  const numbers = items.map((item) => item ?? 0);
  return numbers.every(
    (item) => typeof item === 'number' && Number.isInteger(item) && item >= 0 && item < 256,
  )
    ? btoa(String.fromCharCode(...numbers.map(Number)))
    : items;
}

function zeroOf(type: string): Json {
  if (isDefinition(type)) return {};
  switch (type) {
    case 'any':
      return null;
    case 'boolean':
      return false;
    case 'double':
    case 'int32':
    case 'int64':
    case 'intOrString':
      return 0;
    case 'quantity':
      return '0';
    default:
      return '';
  }
}

/** `Object.fromEntries` makes a key of `__proto__` a property like any other. */
function fromEntries(entries: readonly (readonly [string, Json])[]): JsonObject {
  return Object.fromEntries(entries);
}
