import { resolvePlainScalar } from './plain-scalar.ts';

/** A tag that is none of YAML's own says nothing to Kubernetes; the value is then a string. */
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
