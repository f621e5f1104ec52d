import type { Json } from '../../base/stable-json.ts';

/**
 * Support of a manifest field: used, ignored with a warning, refused with an error, or accepted without
 * effect.
 */
export type Support = 'used' | 'ignored' | 'refused' | 'no-effect';

/** A row of the support table. It covers the field and its subfields. */
export interface SupportEntry {
  readonly support: Support;
  /** The purpose of the field, or why it is not used; follows a colon in messages. */
  readonly why: string;
  /** It has the subfields of an object of this kind, with their support. */
  readonly like?: 'Pod' | 'PersistentVolumeClaim';
  /** A refused field: whether support is planned. */
  readonly planned: boolean;
  /** Another check reports it: an API server refuses the field, too, or it is ignored only beside other fields. */
  readonly isReported?: true;
  /** Values without effect besides the empty string and the empty list; they are accepted. */
  readonly noEffect: readonly Json[];
}

/** The rows of the subfields by name; for a list, the rows of each item. */
export interface SupportBranch {
  readonly [field: string]: SupportNode;
}

export type SupportNode = SupportEntry | SupportBranch;

export function isEntry(node: SupportNode): node is SupportEntry {
  return typeof node['support'] === 'string';
}

/** The field works as on a cluster. Every subfield of an object has its own row. */
export function used(why: string): SupportEntry {
  return { support: 'used', why, planned: false, noEffect: [] };
}

/** As `used`; the subfields are those of an object of a kind. */
export function usedLike(like: NonNullable<SupportEntry['like']>, why: string): SupportEntry {
  return { ...used(why), like };
}

/** The pod works without the field. One warning lists all fields that are ignored for the same reason. */
export function ignored(why: string, ...noEffect: readonly Json[]): SupportEntry {
  return { support: 'ignored', why, planned: false, noEffect };
}

/** The pod would not work as specified without the field, and podpose cannot provide it. */
export function refused(why: string, ...noEffect: readonly Json[]): SupportEntry {
  return { support: 'refused', why, planned: false, noEffect };
}

/** A field that an API server refuses in every manifest. */
export function refusedByServer(why: string): SupportEntry {
  return { ...refused(why), isReported: true };
}

/** As `refused`, with support planned. */
export function notYet(why: string, ...noEffect: readonly Json[]): SupportEntry {
  return { support: 'refused', why, planned: true, noEffect };
}

/** The field does not change how the pod runs, on a cluster or here. */
export function noEffect(why: string): SupportEntry {
  return { support: 'no-effect', why, planned: false, noEffect: [] };
}
