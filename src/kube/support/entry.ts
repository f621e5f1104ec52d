import type { Json } from '../../base/stable-json.ts';

/**
 * What podpose does with a field of a manifest: it uses it, ignores it with a warning, refuses the manifest
 * because of it, or accepts it without a word.
 */
export type Support = 'used' | 'ignored' | 'refused' | 'quiet';

/** A row of the support table. It holds for all that is inside the field, too. */
export interface SupportEntry {
  readonly support: Support;
  /** What the field is used for, or why it is not used: a clause that can follow a colon. */
  readonly why: string;
  /** Of a refused field: that podpose is going to use it. */
  readonly planned: boolean;
  /** Values that ask for nothing that podpose does not do anyway; besides these, an empty text or list. */
  readonly noEffect: readonly Json[];
}

/** The rows of the fields inside a field, by the fields' names; for a list, those of each of its items. */
export interface SupportBranch {
  readonly [field: string]: SupportNode;
}

export type SupportNode = SupportEntry | SupportBranch;

export function isEntry(node: SupportNode): node is SupportEntry {
  return typeof node['support'] === 'string';
}

/** The field does here what it does on a cluster. Of an object, every field has a row of its own. */
export function used(why: string): SupportEntry {
  return { support: 'used', why, planned: false, noEffect: [] };
}

/** The pod runs as it should without the field; all that are ignored for one reason are told of in one warning. */
export function ignored(why: string, ...noEffect: readonly Json[]): SupportEntry {
  return { support: 'ignored', why, planned: false, noEffect };
}

/** Without the field the pod would be another one than the manifest asks for, and it cannot be had here. */
export function refused(why: string, ...noEffect: readonly Json[]): SupportEntry {
  return { support: 'refused', why, planned: false, noEffect };
}

/** As `refused`, but only until a later release of podpose. */
export function notYet(why: string, ...noEffect: readonly Json[]): SupportEntry {
  return { support: 'refused', why, planned: true, noEffect };
}

/** The field has no say in what runs, on a cluster or here. */
export function noEffect(why: string): SupportEntry {
  return { support: 'quiet', why, planned: false, noEffect: [] };
}
