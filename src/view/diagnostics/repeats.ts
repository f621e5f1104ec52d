import type { Diagnostic } from '../../base/diagnostic.ts';

/** Diagnostics of the same mistake, in their order. */
export interface Repeats {
  readonly first: Diagnostic;
  readonly others: readonly Diagnostic[];
}

/** Groups diagnostics that differ in their places only, and in the value that they quote: `..., got 'x'`. */
export function groupRepeats(diagnostics: readonly Diagnostic[]): readonly Repeats[] {
  const groups = new Map<string, { readonly first: Diagnostic; readonly others: Diagnostic[] }>();
  for (const diagnostic of diagnostics) {
    const key = keyOf(diagnostic);
    const group = groups.get(key);
    if (group === undefined) groups.set(key, { first: diagnostic, others: [] });
    else group.others.push(diagnostic);
  }
  return [...groups.values()];
}

/** What a message quotes of the manifest: `, got '/a:Z'`. Empty for none. */
export function quotedValue({ message }: Diagnostic): string {
  return /, got [^\n]*$/.exec(message)?.[0] ?? '';
}

/** Diagnostics without a location are about different things. */
function keyOf(diagnostic: Diagnostic): string {
  const { code, severity, message, suggestion, help, location, path } = diagnostic;
  const value = quotedValue(diagnostic);
  return JSON.stringify([
    code,
    severity,
    message.slice(0, message.length - value.length),
    suggestion,
    value === '' ? help : help?.replace(/(Quote it|without quotes): .*$/, '$1'),
    location === undefined ? path : '',
  ]);
}
