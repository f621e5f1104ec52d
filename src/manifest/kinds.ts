import type { Pod } from './generated/kubernetes.ts';

/** The kinds that podpose takes, each with its type. A new kind is a line here and one in `accepted`. */
export interface KindTypes {
  readonly Pod: Pod;
}

export type Kind = keyof KindTypes;
