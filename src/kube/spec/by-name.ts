/**
 * The first of each name. A file of 3 MiB has tens of thousands of them: to look through a list for each
 * member of another one takes seconds.
 */
export function byName<T extends { readonly name?: string | undefined }>(
  items: readonly T[],
): ReadonlyMap<string | undefined, T> {
  return new Map(items.toReversed().map((item) => [item.name, item]));
}
