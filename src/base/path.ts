/** The path of a value inside its document: `['spec', 'containers', 0, 'image']`. */
export type FieldPath = readonly (string | number)[];

/**
 * A path in the notation of Kubernetes' own errors: `spec.containers[0].image`. A key with a dot or another special
 * character is bracketed and quoted: `metadata.labels['app.kubernetes.io/name']`.
 */
export function formatPath(path: FieldPath): string {
  let text = '';
  for (const part of path) {
    if (typeof part === 'number') text += `[${part}]`;
    else if (/^[\w$-]+$/.test(part)) text += text === '' ? part : `.${part}`;
    else text += `['${part}']`;
  }
  return text;
}
