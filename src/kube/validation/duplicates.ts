import type { FieldPath } from '../../base/path.ts';

/** A named item with the path of its name. */
export interface Named {
  readonly name: string;
  readonly path: FieldPath;
}

/** The items with the name of an earlier one, each with the first of that name. */
export function duplicates<T extends Named>(items: readonly T[]): readonly { first: T; again: T }[] {
  const firsts = new Map<string, T>();
  return items.flatMap((again) => {
    const first = firsts.get(again.name);
    if (first !== undefined) return [{ first, again }];
    firsts.set(again.name, again);
    return [];
  });
}

/** The items with a name, with its path; a missing name is reported elsewhere. */
export function withNames(
  items: readonly { readonly name?: string }[] | undefined,
  path: FieldPath,
): readonly Named[] {
  return (items ?? []).flatMap(({ name }, index) =>
    name === undefined ? [] : [{ name, path: [...path, index, 'name'] }],
  );
}
