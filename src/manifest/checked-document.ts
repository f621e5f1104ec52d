import type { Location } from '../base/location.ts';
import type { FieldPath } from '../base/path.ts';
import type { Json } from '../base/stable-json.ts';
import type { Kind, KindTypes } from './kinds.ts';

/**
 * What is left of an object when all that is wrong has been taken out of it: any field may be missing, also
 * one that Kubernetes asks for. A complete object is one too.
 */
export type Incomplete<T> = T extends readonly (infer Item)[]
  ? readonly Incomplete<Item>[]
  : T extends object
    ? { readonly [Key in keyof T]?: Incomplete<T[Key]> }
    : T;

/** One object of the user's, checked against the schema of its kind. */
export interface CheckedObject<K extends Kind> {
  readonly kind: K;
  /** As the user named it; `-` for standard input. */
  readonly file: string;
  /**
   * The object without its wrong parts: unknown fields, wrongly typed values and values that are not among
   * those allowed are gone, so that further checks meet only what is sound. List items keep their places: a
   * wrong item of a list of objects is an empty object, a wrong item of a list of scalars takes its whole
   * list along.
   */
  readonly value: Incomplete<KindTypes[K]>;
  /** The same object when nothing at all was wrong with it, else undefined. */
  readonly complete: KindTypes[K] | undefined;
  /**
   * Where the value of a field stands, followed through aliases and merges; the nearest parent's if it has
   * none.
   */
  readonly locate: (path: FieldPath) => Location;
  /** Where the name of a field stands; as `locate` for the items of a list. */
  readonly locateKey: (path: FieldPath) => Location;
  /**
   * Whether the field, or something it is part of, was taken out of `value` because it was wrong, or may be
   * missing only because of a syntax error: it has been reported, and "missing" would be said in vain.
   */
  readonly isPruned: (path: FieldPath) => boolean;
}

/** `switch (document.kind)` narrows `value` and `complete`. */
export type CheckedDocument = { readonly [K in Kind]: CheckedObject<K> }[Kind];

/**
 * Takes checked JSON for the type that its kind has; `value` may lack fields, and is whole where
 * `isComplete`. The cast says what the schema has shown.
 */
export function decodeDocument(
  kind: Kind,
  value: { readonly [key: string]: Json },
  isComplete: boolean,
  places: Pick<CheckedDocument, 'file' | 'locate' | 'locateKey' | 'isPruned'>,
): CheckedDocument {
  const document: unknown = { kind, ...places, value, complete: isComplete ? value : undefined };
  return document as CheckedDocument;
}
