import { defined } from '../../base/defined.ts';
import type { FieldPath } from '../../base/path.ts';
import { stableJson, type Json } from '../../base/stable-json.ts';

/** One field that is not the same. Absent on one side means that the field is not there on that side. */
export interface Difference {
  readonly path: FieldPath;
  readonly before?: Json;
  readonly after?: Json;
  /**
   * The lines in which a file changes, as a unified diff has them, where the values are digests of it. Never
   * of a secret.
   */
  readonly lines?: readonly string[];
}

/**
 * The fields in which two values differ, each as deep down as it can be named, sorted by path. Members of
 * a list that have a name are matched by it and not by their place, as Kubernetes does.
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
    // Members that have names mean the same in any order; a group without any is still there or not.
    if (found.length > 0 || (before !== undefined && after !== undefined)) return found;
  }
  return [{ path, ...defined({ before, after }) }];
}

/**
 * The members of a value; none of one that is not there, beside another that is best told member by member.
 */
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

/** What tells the members of a list apart: env variables by name, mounts by where they are mounted. */
function nameOf(member: Json): string | undefined {
  if (typeof member !== 'object' || member === null || isList(member)) return undefined;
  const record: { readonly [key: string]: Json } = member;
  const name = record['mountPath'] ?? record['name'];
  return typeof name === 'string' ? name : undefined;
}
