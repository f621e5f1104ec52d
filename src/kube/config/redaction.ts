import { encodeBase64 } from './content.ts';

/** The replacement of a secret value. */
const MASK = '***';
/** In characters. A shorter value is redacted only as a whole word: otherwise most of a text would be redacted. */
const MIN_LENGTH = 4;
/** In characters. A shorter line of a multi-line value is not redacted on its own. */
const MIN_LINE_LENGTH = 8;

/**
 * Replaces secret values in foreign text, such as output of podman: verbatim, line by line, escaped as in JSON or Go,
 * in base64 and URL-encoded. Values of less than three characters are not redacted.
 */
export function redact(text: string, values: Iterable<Uint8Array>): string {
  const forms = [...new Set([...values].flatMap(formsOf))].sort((a, b) => b.length - a.length);
  return forms.reduce(hide, text);
}

function formsOf(value: Uint8Array): readonly string[] {
  const text = new TextDecoder().decode(value).trim();
  if (text.length < MIN_LENGTH - 1) return [];
  // Other programs may escape these characters, so the parts between them are redacted separately.
  const lines = text.split(/[\u0000-\u001F\u007F\uFFFD]+/).filter((line) => line.length >= MIN_LINE_LENGTH);
  return [text, JSON.stringify(text).slice(1, -1), encodeBase64(value), encodeURIComponent(text), ...lines];
}

function hide(text: string, form: string): string {
  if (form.length >= MIN_LENGTH) return text.replaceAll(form, MASK);
  const escaped = form.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&');
  return text.replace(new RegExp(`(?<!\\w)${escaped}(?!\\w)`, 'g'), MASK);
}
