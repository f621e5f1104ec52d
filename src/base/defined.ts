type Optional<T> = { [K in keyof T]: undefined extends T[K] ? K : never }[keyof T];

/** `T` with each member that may be undefined as one that may be absent. */
export type Defined<T> = { [K in Exclude<keyof T, Optional<T>>]: T[K] } & {
  [K in Optional<T>]?: Exclude<T[K], undefined>;
};

/** An object without the members that are undefined, in the same order. Under exactOptionalPropertyTypes, absent and undefined differ. */
export function defined<T extends object>(members: T): Defined<T> {
  return Object.fromEntries(Object.entries(members).filter(([, value]) => value !== undefined)) as Defined<T>;
}
