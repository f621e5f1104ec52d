import type { Edit } from '../base/edit.ts';
import type { Location } from '../base/location.ts';
import type { FieldPath } from '../base/path.ts';
import type { Json } from '../base/stable-json.ts';
import type { FieldValue, Neighbour } from './insert-field.ts';
import type { Kind, KindTypes } from './kinds.ts';

/**
 * An object without its invalid parts: any field may be missing, including required ones. A complete object is also
 * an Incomplete.
 */
export type Incomplete<T> = T extends readonly (infer Item)[]
  ? readonly Incomplete<Item>[]
  : T extends object
    ? { readonly [Key in keyof T]?: Incomplete<T[Key]> }
    : T;

/** A manifest object that was checked against the schema of its kind. */
export interface CheckedObject<K extends Kind> {
  readonly kind: K;
  /** The file name as given by the user; `-` for standard input. */
  readonly file: string;
  /**
   * The object without unknown fields, values of a wrong type and invalid enum values, so that further checks see
   * only valid values. List items keep their indexes: an invalid item of a list of objects becomes an empty object;
   * an invalid item of a list of scalars removes the whole list.
   */
  readonly value: Incomplete<KindTypes[K]>;
  /** The status as written: a server decodes it, and drops it. */
  readonly status?: Json;
  /** The same object if it is valid, else undefined. */
  readonly complete: KindTypes[K] | undefined;
  /**
   * The location of a value, resolved through aliases and merges; that of the nearest parent if the field is missing.
   */
  readonly locate: (path: FieldPath) => Location;
  /** The location of a field name; the same as `locate` for list items. */
  readonly locateKey: (path: FieldPath) => Location;
  readonly edit: DocumentEdit;
  /**
   * Whether the field or one of its parents was removed from `value` as invalid, or may be missing only because of a
   * syntax error. Checks skip such a field: it is already reported.
   */
  readonly isPruned: (path: FieldPath) => boolean;
  /**
   * Whether the value or a part of it was removed from `value` as invalid, or may be incomplete because of a syntax error.
   * Checks of a value as a whole, such as "must not be empty", skip such a value.
   */
  readonly hasPruned: (path: FieldPath) => boolean;
}

/** The edits that add to a manifest. */
export interface DocumentEdit {
  /** Writes a field of the object at a path; empty without such an object. */
  readonly insert: (
    path: FieldPath,
    name: string,
    value: FieldValue,
    neighbour?: Neighbour,
  ) => readonly Edit[];
  /** Moves a field to another object, as its last field; empty where the layout of the file does not allow it. */
  readonly move: (from: FieldPath, target: FieldPath) => readonly Edit[];
  /** Adds another object to the end of the file. */
  readonly append: (object: { readonly [name: string]: FieldValue }) => readonly Edit[];
}

/** `switch (document.kind)` narrows `value` and `complete`. */
export type CheckedDocument = { readonly [K in Kind]: CheckedObject<K> }[Kind];

/**
 * Types checked JSON as an object of its kind; `value` is complete if `isComplete`. The schema check justifies the
 * cast.
 */
export function decodeDocument(
  kind: Kind,
  value: { readonly [key: string]: Json },
  isComplete: boolean,
  locations: Pick<
    CheckedDocument,
    'file' | 'locate' | 'locateKey' | 'edit' | 'isPruned' | 'hasPruned' | 'status'
  >,
): CheckedDocument {
  const document: unknown = { kind, ...locations, value, complete: isComplete ? value : undefined };
  return document as CheckedDocument;
}
