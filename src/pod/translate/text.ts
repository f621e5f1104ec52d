import type { Address, AddressText, Text } from '../desired.ts';
import { expandParts } from '../expansion.ts';

/** The value of a variable while others are made from it. */
export type Value =
  | { readonly type: 'text'; readonly text: Text }
  /** Its bytes; no text that is made from it may be shown. */
  | { readonly type: 'secret'; readonly bytes: Uint8Array };

export function textValue(text: Text): Value {
  return { type: 'text', text };
}

/**
 * A text with every `$(NAME)` replaced. It is a secret where one of the values is one. It can have one address:
 * checks have refused more, and one beside a secret.
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

function joinTexts(a: Text, b: Text): Text {
  if (typeof a === 'string') return typeof b === 'string' ? a + b : { ...b, before: a + b.before };
  return { ...a, after: a.after + (typeof b === 'string' ? b : '') };
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
