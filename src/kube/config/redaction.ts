import { encodeBase64 } from './content.ts';

/** What stands in the place of a secret value. */
const MASK = '***';
/**
 * Characters: a shorter value is hidden only where it stands by itself, or every text would be full of masks.
 */
const SHORTEST = 4;
/** Characters: a shorter line of a value that has several is no secret by itself. */
const SHORTEST_LINE = 8;

/**
 * Hides secret values in a text of somebody else's, such as what podman says: as they are, line by line,
 * quoted as JSON and Go quote, in base64 and as part of a URL. A value of less than three characters is not
 * looked for.
 */
export function redact(text: string, values: Iterable<Uint8Array>): string {
  const forms = [...new Set([...values].flatMap(formsOf))].sort((a, b) => b.length - a.length);
  return forms.reduce(hide, text);
}

function formsOf(value: Uint8Array): readonly string[] {
  const text = new TextDecoder().decode(value).trim();
  if (text.length < SHORTEST - 1) return [];
  // A value is cut wherever another program may write an escape.
  const lines = text.split(/[\u0000-\u001F\u007F\uFFFD]+/).filter((line) => line.length >= SHORTEST_LINE);
  return [text, JSON.stringify(text).slice(1, -1), encodeBase64(value), encodeURIComponent(text), ...lines];
}

function hide(text: string, form: string): string {
  if (form.length >= SHORTEST) return text.replaceAll(form, MASK);
  const escaped = form.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&');
  return text.replace(new RegExp(`(?<!\\w)${escaped}(?!\\w)`, 'g'), MASK);
}
