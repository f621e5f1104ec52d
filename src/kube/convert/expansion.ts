const REFERENCE = /\$(?:\$|\(([^)]*)\))/g;

/**
 * Replaces each `$(NAME)` by the value that `lookup` has for it. What it has none for stays as it is
 * written, `$$` is a plain `$` (so that `$$(NAME)` gives the text `$(NAME)`), and any other `$` is itself.
 * https://kubernetes.io/docs/tasks/inject-data-application/define-interdependent-environment-variables/
 */
export function expand(text: string, lookup: ReadonlyMap<string, string>): string {
  return expandParts(text, lookup).join('');
}

/** The same in parts, where a value is more than a text: what is written, and between it the values. */
export function expandParts<T>(text: string, lookup: ReadonlyMap<string, T>): readonly (string | T)[] {
  // Without this cut, a long text of opened and never closed references would be searched once for each.
  const afterLastReference = text.lastIndexOf(')') + 1;
  const parts: (string | T)[] = [];
  let written = 0;
  for (const match of text.slice(0, afterLastReference).matchAll(REFERENCE)) {
    const name = match[1];
    const value = name === undefined ? '$' : lookup.get(name);
    if (value === undefined) continue;
    parts.push(text.slice(written, match.index), value);
    written = match.index + match[0].length;
  }
  parts.push(
    text.slice(written, afterLastReference),
    text.slice(afterLastReference).replaceAll('$$', () => '$'),
  );
  return parts.filter((part) => part !== '');
}

/** The names that the text refers to and that `lookup` has no value for. */
export function unknownReferences(text: string, lookup: ReadonlyMap<string, unknown>): readonly string[] {
  const references = text.slice(0, text.lastIndexOf(')') + 1).matchAll(REFERENCE);
  return [...references].flatMap(([, name]) => (name === undefined || lookup.has(name) ? [] : [name]));
}
