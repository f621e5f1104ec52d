/** Where a value sits inside its document: `['spec', 'containers', 0, 'image']`. */
export type FieldPath = readonly (string | number)[];

/**
 * A path as Kubernetes writes it in its own errors: `spec.containers[0].image`. A key that holds a dot or
 * another odd character is bracketed and quoted, as in `metadata.labels['app.kubernetes.io/name']`.
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
