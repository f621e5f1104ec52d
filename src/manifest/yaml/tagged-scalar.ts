import { resolvePlainScalar } from './plain-scalar.ts';

/**
 * Resolves a tagged scalar; undefined for a value that does not match the tag. Kubernetes ignores tags other than
 * those of YAML: the value is a string.
 */
export function resolveTagged(tag: string, text: string): string | number | boolean | null | undefined {
  const value = resolvePlainScalar(text);
  switch (tag.replace('tag:yaml.org,2002:', '!!')) {
    case '!!int':
      return typeof value === 'number' && Number.isInteger(value) ? value : undefined;
    case '!!float':
      return typeof value === 'number' ? value : undefined;
    case '!!bool':
      return typeof value === 'boolean' ? value : undefined;
    case '!!null':
      return value === null ? null : undefined;
    case '!!binary':
      return Buffer.from(text, 'base64').toString();
    default:
      return text;
  }
}
