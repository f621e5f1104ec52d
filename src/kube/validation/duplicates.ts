import type { FieldPath } from '../../base/path.ts';

/** Something with a name, and the place where it has it. */
export interface Named {
  readonly name: string;
  readonly path: FieldPath;
}

/** All that have the name of one before them, each with the first of that name. */
export function duplicates<T extends Named>(items: readonly T[]): readonly { first: T; again: T }[] {
  const firsts = new Map<string, T>();
  return items.flatMap((again) => {
    const first = firsts.get(again.name);
    if (first !== undefined) return [{ first, again }];
    firsts.set(again.name, again);
    return [];
  });
}

/** The items that have a name at all, with its path: one that has none has been reported for that. */
export function withNames(
  items: readonly { readonly name?: string }[] | undefined,
  path: FieldPath,
): readonly Named[] {
  return (items ?? []).flatMap(({ name }, index) =>
    name === undefined ? [] : [{ name, path: [...path, index, 'name'] }],
  );
}
