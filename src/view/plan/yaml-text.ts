import { Document, visit } from 'yaml';
import { escapeUnsafeYaml, isUnsafe } from '../../base/sanitize.ts';

/** A value as YAML without terminal control characters: a string with one is double-quoted and escaped. */
export function yamlText(value: unknown): string {
  const document = new Document(value);
  visit(document, {
    Scalar: (_key, node) => {
      if (typeof node.value === 'string' && isUnsafe(node.value)) node.type = 'QUOTE_DOUBLE';
    },
  });
  return escapeUnsafeYaml(document.toString());
}
