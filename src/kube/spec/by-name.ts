/**
 * A map by name; the first of several items with one name is used. A file of 3 MiB can have tens of thousands of
 * items, and linear searches would take seconds.
 */
export function byName<T extends { readonly name?: string | undefined }>(
  items: readonly T[],
): ReadonlyMap<string | undefined, T> {
  return new Map(items.toReversed().map((item) => [item.name, item]));
}
