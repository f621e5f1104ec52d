/**
 * Replaces each `$(NAME)` by the value that `lookup` has for it. What it has none for stays as it is
 * written, `$$` is a plain `$` (so that `$$(NAME)` gives the text `$(NAME)`), and any other `$` is itself.
 * https://kubernetes.io/docs/tasks/inject-data-application/define-interdependent-environment-variables/
 */
export function expand(text: string, lookup: ReadonlyMap<string, string>): string {
  // Without this cut, a long text of opened and never closed references would be searched once for each.
  const afterLastReference = text.lastIndexOf(')') + 1;
  const references = text
    .slice(0, afterLastReference)
    .replace(/\$(?:\$|\(([^)]*)\))/g, (written, name: string | undefined) =>
      name === undefined ? '$' : (lookup.get(name) ?? written),
    );
  return references + text.slice(afterLastReference).replaceAll('$$', () => '$');
}
