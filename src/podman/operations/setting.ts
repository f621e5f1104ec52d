import type { Json } from '../../base/stable-json.ts';
import type { Argument, ValueOf } from './argument.ts';

/**
 * A setting of a new object in both forms: the flags of the command, and the members of the request's body. Both stand
 * together, so that a new setting cannot lack one of them.
 */
export interface Setting {
  readonly flags: readonly Argument[];
  /** Absent for a setting that only the command has. */
  readonly body?: (valueOf: ValueOf) => Body;
}

/** Members of the body of a request. The names are podman's (SpecGenerator and PodSpecGenerator in pkg/specgen). */
export interface Body {
  readonly [member: string]: Json;
}

/** A setting whose members need no answer of podman. */
export function setting(flags: readonly Argument[], body: Body): Setting {
  return { flags, body: () => body };
}

/** A setting that the command translates in a way that a request cannot. */
export function commandSetting(flags: readonly Argument[]): Setting {
  return { flags };
}

/** Whether a request can have all settings. */
export function hasBody(settings: readonly Setting[]): boolean {
  return settings.every(({ body }) => body !== undefined);
}

export function flagsOf(settings: readonly Setting[]): readonly Argument[] {
  return settings.flatMap(({ flags }) => flags);
}

/** The body with the members of all settings: lists are joined, objects merged. */
export function bodyOf(settings: readonly Setting[], valueOf: ValueOf): Body {
  return settings.reduce<Body>((body, { body: members }) => merged(body, members?.(valueOf) ?? {}), {});
}

function merged(first: Body, second: Body): Body {
  const joined = Object.entries(second).map(([name, value]): readonly [string, Json] => [
    name,
    Object.hasOwn(first, name) ? joinedValue(first[name] ?? null, value) : value,
  ]);
  return { ...first, ...Object.fromEntries(joined) };
}

function joinedValue(first: Json, second: Json): Json {
  if (isList(first) && isList(second)) return [...first, ...second];
  return isBody(first) && isBody(second) ? merged(first, second) : second;
}

function isList(value: Json): value is readonly Json[] {
  return Array.isArray(value);
}

function isBody(value: Json): value is Body {
  return typeof value === 'object' && value !== null && !isList(value);
}
