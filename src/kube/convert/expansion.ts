/** Values by name, as a map has them. */
export interface Lookup<T> {
  readonly get: (name: string) => T | undefined;
}

const REFERENCE = /\$(?:\$|\(([^)]*)\))/g;

/**
 * Replaces each `$(NAME)` with its value in `lookup`. An unknown reference is kept, `$$` becomes `$` (so `$$(NAME)`
 * becomes `$(NAME)`), and any other `$` is literal.
 * https://kubernetes.io/docs/tasks/inject-data-application/define-interdependent-environment-variables/
 */
export function expand(text: string, lookup: ReadonlyMap<string, string>): string {
  return expandParts(text, lookup).join('');
}

/** As `expand`, but returns the literal parts and the values in order, for values that are not strings. */
export function expandParts<T>(text: string, lookup: Lookup<T>): readonly (string | T)[] {
  // Without this limit, the regular expression would take quadratic time for many unclosed references.
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

/** The names of the references without a value in `lookup`. */
export function unknownReferences(text: string, lookup: Lookup<unknown>): readonly string[] {
  const references = text.slice(0, text.lastIndexOf(')') + 1).matchAll(REFERENCE);
  return [...references].flatMap(([, name]) =>
    name === undefined || lookup.get(name) !== undefined ? [] : [name],
  );
}
