import type { Diagnostic } from '../base/diagnostic.ts';
import { editsOf } from '../base/fix.ts';
import { suggest } from '../base/suggest.ts';

/*
 * The text of a Secret is never shown, not even next to an error in it. Secrets are found line by line and not in the
 * parsed object, because an unparsable file can contain secrets, too.
 */

/** The fields of a Secret that are not secret and identify it. */
const SHOWN = new Set(['apiVersion', 'kind', 'type', 'immutable', 'metadata', 'items']);
const SHOWN_OF_METADATA = new Set(['name', 'namespace']);

/** Replaces each character of the values of Secrets with an asterisk, so that columns stay the same. */
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

/** Removes values of Secrets from the messages about a text. */
export function withoutSecrets(diagnostics: readonly Diagnostic[], text: string): readonly Diagnostic[] {
  if (diagnostics.length === 0) return diagnostics;
  const hidden = secretLines(text);
  return hidden.size === 0
    ? diagnostics
    : diagnostics.map((diagnostic) =>
        hidden.has(diagnostic.location?.line ?? 0) ? withoutQuotes(diagnostic) : diagnostic,
      );
}

function withoutQuotes(shown: Diagnostic): Diagnostic {
  const { help: _help, suggestion, message, ...diagnostic } = shown;
  const isName = diagnostic.code === 'unknown-field' && suggestion !== undefined;
  return {
    ...diagnostic,
    message: message
      .replace(/'[^']*'|"[^"]*"|`[^`]*`/g, isName ? '$&' : "'***'")
      .replace(/\b(number|boolean) \S+/g, 'a $1'),
    ...(isName ? { suggestion } : {}),
    // `podpose fix` knows the suggestion without showing it.
    ...(!isName && suggestion !== undefined ? { edits: editsOf(shown) } : {}),
    ...(diagnostic.code === 'wrong-type' ? { help: 'Write the value in quotes.' } : {}),
  };
}

/** The lines with secrets (from 1), each with the column where the secret starts (from 0). */
function secretLines(text: string): ReadonlyMap<number, number> {
  const hidden = new Map<number, number>();
  // A fast path: most files contain no Secret.
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
  // In a List or in JSON, lines cannot be assigned to an object.
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
    // A comment may contain a former value.
    if (isShown && !line.includes('#')) continue;
    const from = match === null ? line.length - line.trimStart().length : match[0].length;
    if (from < line.trimEnd().length) hidden.set(offset + index + 1, isShown ? line.indexOf('#') : from);
  }
}
