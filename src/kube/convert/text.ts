import type { Address, AddressText, FileKey, FileKeyText, Text } from '../spec/desired.ts';
import { expandParts } from './expansion.ts';
import { joinTexts } from '../validation/texts.ts';

/** The value of a variable while others are made from it. */
export type Value =
  | {
      readonly type: 'text';
      readonly text: Text;
      /** The value of the variable itself, where a text that refers to it reads another. */
      readonly own?: Text;
    }
  /** Its bytes; no text that is made from it may be shown. */
  | { readonly type: 'secret'; readonly bytes: Uint8Array };

export function textValue(text: Text): Value {
  return { type: 'text', text };
}

/**
 * The value of a variable from a file. Where that has none, there is no such variable, and a text that refers
 * to it stays as it is written, unless an earlier variable had the name.
 */
export function fileKeyValue(name: string, fileKey: FileKey, earlier: Value | undefined): Value {
  const text = fileKeyText(fileKey);
  if (fileKey.optional === undefined) return textValue(text);
  // Checks have refused an earlier one that is a secret, or known late itself.
  const otherwise = earlier === undefined ? undefined : textOf(earlier);
  if (typeof otherwise === 'string') return textValue(fileKeyText({ ...fileKey, otherwise }));
  return { type: 'text', text: fileKeyText({ ...fileKey, otherwise: `$(${name})` }), own: text };
}

/**
 * A text with every `$(NAME)` replaced. It is a secret where one of the values is one. What is known late is
 * never beside a secret: checks have refused that.
 */
export function expandText(text: string, values: ReadonlyMap<string, Value>): Value {
  const parts = expandParts(text, values);
  if (parts.some((part) => typeof part !== 'string' && part.type === 'secret'))
    return { type: 'secret', bytes: joinBytes(parts.map(bytesOf)) };
  return textValue(
    parts.map((part) => (typeof part === 'string' ? part : textOf(part))).reduce(joinTexts, ''),
  );
}

/** The text of a value that is no secret. */
export function textOf(value: Value): Text {
  return value.type === 'text' ? value.text : '';
}

/** A text with nothing in it but an address. */
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
