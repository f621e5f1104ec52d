import { Document, visit } from 'yaml';
import { escapeUnsafeYaml, isUnsafe } from '../../base/sanitize.ts';

/**
 * A value as YAML, in which no character acts on a terminal: a string that has one is double-quoted, with
 * escapes.
 */
export function yamlText(value: unknown): string {
  const document = new Document(value);
  visit(document, {
    Scalar: (_key, node) => {
      if (typeof node.value === 'string' && isUnsafe(node.value)) node.type = 'QUOTE_DOUBLE';
    },
  });
  return escapeUnsafeYaml(document.toString());
}
