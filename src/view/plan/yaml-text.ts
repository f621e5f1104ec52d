import { Document, visit } from 'yaml';
import { escapeUnsafeYaml, isUnsafe } from '../../base/sanitize.ts';

/**
 * A value as YAML that Kubernetes reads (YAML 1.1: `yes` is quoted), without terminal control characters: a string with one is
 * double-quoted and escaped.
 */
export function yamlText(value: unknown): string {
  const document = new Document(value, { version: '1.1' });
  document.directives = undefined;
  visit(document, {
    Scalar: (_key, node) => {
      if (typeof node.value === 'string' && isUnsafe(node.value)) node.type = 'QUOTE_DOUBLE';
    },
  });
  return escapeUnsafeYaml(document.toString());
}
