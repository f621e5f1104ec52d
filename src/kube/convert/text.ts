import type { Address, AddressText, FileKey, FileKeyText, Text } from '../spec/desired.ts';
import { expandParts, type Lookup } from './expansion.ts';
import { joinTexts } from '../validation/texts.ts';

/** The value of a variable during the expansion of references to it. */
export type Value =
  | {
      readonly type: 'text';
      readonly text: Text;
      /** The value of the variable itself, if references expand to another text. */
      readonly own?: Text;
    }
  /** The secret bytes; a text that contains them becomes a secret itself. */
  | { readonly type: 'secret'; readonly bytes: Uint8Array };

export function textValue(text: Text): Value {
  return { type: 'text', text };
}

/**
 * The value of a variable from a file. If the file lacks the key, the variable does not exist, and a reference to it
 * expands to an earlier variable of the same name or stays unexpanded.
 */
export function fileKeyValue(name: string, fileKey: FileKey, earlier: Value | undefined): Value {
  const text = fileKeyText(fileKey);
  if (fileKey.optional === undefined) return textValue(text);
  // Validation refuses an earlier value that is a secret or known only at run time.
  const otherwise = earlier === undefined ? undefined : textOf(earlier);
  if (typeof otherwise === 'string') return textValue(fileKeyText({ ...fileKey, otherwise }));
  return { type: 'text', text: fileKeyText({ ...fileKey, otherwise: `$(${name})` }), own: text };
}

/**
 * Expands every `$(NAME)`. With a secret value the result is a secret; validation refuses a secret together with
 * values known only at run time.
 */
export function expandText(text: string, values: Lookup<Value>): Value {
  const parts = expandParts(text, values);
  if (parts.some((part) => typeof part !== 'string' && part.type === 'secret'))
    return { type: 'secret', bytes: joinBytes(parts.map(bytesOf)) };
  return textValue(
    parts.map((part) => (typeof part === 'string' ? part : textOf(part))).reduce(joinTexts, ''),
  );
}

/** The text of a value; empty for a secret. */
export function textOf(value: Value): Text {
  return value.type === 'text' ? value.text : '';
}

/** A text that consists of an address. */
export function addressText(address: Address): AddressText {
  return { before: '', address, after: '' };
}

function fileKeyText(fileKey: FileKey): FileKeyText {
  return { before: '', fileKey, after: '' };
}

function bytesOf(part: string | Value): Uint8Array {
  if (typeof part !== 'string' && part.type === 'secret') return part.bytes;
  const text = typeof part === 'string' ? part : part.text;
  return new TextEncoder().encode(typeof text === 'string' ? text : '');
}

function joinBytes(parts: readonly Uint8Array[]): Uint8Array {
  const all = new Uint8Array(parts.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const part of parts) {
    all.set(part, at);
    at += part.length;
  }
  return all;
}
