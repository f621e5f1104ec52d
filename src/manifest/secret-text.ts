import type { Diagnostic } from '../base/diagnostic.ts';
import { suggest } from '../base/suggest.ts';

/*
 * The text of a Secret is shown to nobody, not even beside a mistake in it. It is found line by line and not in the
 * parsed object, because a text that cannot be read has secrets as well.
 */

/** What stands in these fields of a Secret is shown; it is no secret, and says which one it is. */
const SHOWN = new Set(['apiVersion', 'kind', 'type', 'immutable', 'metadata', 'items']);
const SHOWN_OF_METADATA = new Set(['name', 'namespace']);

/**
 * A manifest as it may be shown: what a Secret holds is stars, one for each character, so that all keeps its
 * place.
 */
export function hideSecrets(text: string): string {
  const hidden = secretLines(text);
  if (hidden.size === 0) return text;
  return text
    .split('\n')
    .map((line, index) => {
      const from = hidden.get(index + 1);
      return from === undefined ? line : line.slice(0, from) + line.slice(from).replace(/\S/g, '*');
    })
    .join('\n');
}

/** The same for what is said of the text: no message quotes what stands in a Secret. */
export function withoutSecrets(diagnostics: readonly Diagnostic[], text: string): readonly Diagnostic[] {
  if (diagnostics.length === 0) return diagnostics;
  const hidden = secretLines(text);
  return hidden.size === 0
    ? diagnostics
    : diagnostics.map((diagnostic) =>
        hidden.has(diagnostic.location?.line ?? 0) ? withoutQuotes(diagnostic) : diagnostic,
      );
}

function withoutQuotes({ help: _help, suggestion, message, ...diagnostic }: Diagnostic): Diagnostic {
  const isName = diagnostic.code === 'unknown-field' && suggestion !== undefined;
  return {
    ...diagnostic,
    message: message
      .replace(/'[^']*'|"[^"]*"|`[^`]*`/g, isName ? '$&' : "'***'")
      .replace(/\b(number|boolean) \S+/g, 'a $1'),
    ...(isName ? { suggestion } : {}),
    ...(diagnostic.code === 'wrong-type' ? { help: 'Write the value in quotes.' } : {}),
  };
}

/**
 * The lines of a text that hold secrets, counted from 1, each with where on it they begin, counted from 0.
 */
function secretLines(text: string): ReadonlyMap<number, number> {
  const hidden = new Map<number, number>();
  // A text without the word is most of them, and costs no more than this.
  if (!/secret|stringdata/i.test(text) && !mentionsMisspelt(text)) return hidden;
  const lines = text.split('\n');
  let begin = 0;
  for (let index = 0; index <= lines.length; index++) {
    if (index < lines.length && !/^---(?:\s|$)/.test(lines[index] ?? '')) continue;
    const document = lines.slice(begin, index);
    if (isSecret(document)) hideIn(document, begin, hidden);
    begin = index + 1;
  }
  return hidden;
}

const KIND = /(?:^|[\s{,])["']?kind["']?\s*:\s*["']?(\w+)/i;

function isSecret(document: readonly string[]): boolean {
  return document.some((line) => {
    const kind = KIND.exec(line)?.[1];
    return (
      (kind !== undefined && suggest(kind, ['Secret', 'SecretList']) !== undefined) ||
      /stringdata/i.test(line)
    );
  });
}

function mentionsMisspelt(text: string): boolean {
  return [...text.matchAll(new RegExp(KIND, 'gi'))].some(
    ([, kind = '']) => suggest(kind, ['Secret', 'SecretList']) !== undefined,
  );
}

function hideIn(document: readonly string[], offset: number, hidden: Map<number, number>): void {
  // Of a list of several objects, or of JSON, it is not plain to see which line belongs to what.
  const isPlain = document.every((line) => !/^\s*[{}\]]|^\s*(?:-\s+)?["']?items["']?\s*:/.test(line));
  let top = '';
  for (const [index, line] of document.entries()) {
    const match = /^(\s*(?:- +)?)["']?([\w./-]+)["']?\s*:(?=\s|$)/.exec(line);
    const [key = '', indent = ''] = [match?.[2], match?.[1]];
    if (isPlain && indent === '' && key !== '') top = key;
    const isShown =
      /^\s*(?:#.*)?$/.test(line) ||
      (isPlain
        ? indent === ''
          ? SHOWN.has(key)
          : top === 'metadata' && SHOWN_OF_METADATA.has(key)
        : key === 'kind' || key === 'apiVersion');
    // A comment may hold what stood there before.
    if (isShown && !line.includes('#')) continue;
    const from = match === null ? line.length - line.trimStart().length : match[0].length;
    if (from < line.trimEnd().length) hidden.set(offset + index + 1, isShown ? line.indexOf('#') : from);
  }
}
