import { defined } from '../../base/defined.ts';
import type { FieldPath } from '../../base/path.ts';
import { stableJson, type Json } from '../../base/stable-json.ts';

/** A changed field. `before` is absent if it was added, `after` if it was removed. */
export interface Difference {
  readonly path: FieldPath;
  readonly before?: Json;
  readonly after?: Json;
  /** Unified diff of a changed file, whose `before` and `after` are digests. Never of a Secret. */
  readonly lines?: readonly string[];
}

/**
 * The differences of two values, down to single fields, sorted by path. Like in Kubernetes, list items are matched by name
 * if they have one, and not by position.
 */
export function differences(
  before: Json | undefined,
  after: Json | undefined,
  path: FieldPath = [],
): readonly Difference[] {
  if (stableJson(before) === stableJson(after)) return [];
  const [left, right] = [membersBeside(after, before), membersBeside(before, after)];
  if (left !== undefined && right !== undefined) {
    const names = [...new Set([...left.keys(), ...right.keys()])].sort();
    const found = names.flatMap((name) => differences(left.get(name), right.get(name), [...path, name]));
    // The order of named items does not matter. An empty object or list was added or removed.
    if (found.length > 0 || (before !== undefined && after !== undefined)) return found;
  }
  return [{ path, ...defined({ before, after }) }];
}

/** The members of a value. Empty if it is missing and the other value has members: then each one is a difference. */
function membersBeside(
  other: Json | undefined,
  value: Json | undefined,
): ReadonlyMap<string, Json> | undefined {
  const isGroup = value === undefined && other !== undefined && nameOf(other) === undefined;
  return isGroup ? new Map() : membersOf(value);
}

function membersOf(value: Json | undefined): ReadonlyMap<string, Json> | undefined {
  if (typeof value !== 'object' || value === null) return undefined;
  if (!isList(value)) return new Map(Object.entries(value));
  const named = value.map((member) => [nameOf(member), member] as const);
  const names = named.map(([name]) => name).filter((name) => name !== undefined);
  if (names.length < value.length || new Set(names).size < names.length || names.length === 0)
    return undefined;
  return new Map(named.map(([name, member]) => [name ?? '', member]));
}

function isList(value: Json): value is readonly Json[] {
  return Array.isArray(value);
}

/** The key of a list item: `mountPath` of volume mounts, otherwise `name`. */
function nameOf(member: Json): string | undefined {
  if (typeof member !== 'object' || member === null || isList(member)) return undefined;
  const record: { readonly [key: string]: Json } = member;
  const name = record['mountPath'] ?? record['name'];
  return typeof name === 'string' ? name : undefined;
}
