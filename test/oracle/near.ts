/** The field with which most warnings of the server begin: `spec.hostAliases[1].ip: duplicate ip ...`. Empty where none does. */
export function warnedField(text: string): string {
  return /^(?:metadata|spec|status|template|webhooks|subsets)\b[\w.[\]/-]*(?=[:\s])/.exec(text)?.[0] ?? '';
}

/**
 * Whether a field that podpose names is the server's, above it or below it. The server writes keys of maps as `[key]`, some
 * fields with other capitals, and puts or omits a `spec`.
 */
export function isNear(path: string | undefined, field: string): boolean {
  if (path === undefined || field === '') return field === '';
  const [one, other] = [path, field].map((text) =>
    text
      .replace(/\[(?!\d+\])[^\]]*\]$/, '')
      .toLowerCase()
      .split('.')
      .filter((name) => name !== 'spec')
      .join('.'),
  );
  if (one === undefined || other === undefined) return false;
  return one.startsWith(other) || other.startsWith(one);
}
