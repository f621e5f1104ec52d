import type { CheckedObject } from '../../../manifest/checked-document.ts';
import type { Kind } from '../../../manifest/kinds.ts';
import type { Finding } from '../finding.ts';

/** Checks one object by the rules of Kubernetes for its kind. Skips fields that `isPruned` reports as invalid. */
export type KindCheck<K extends Kind> = (object: CheckedObject<K>) => Iterable<Finding>;

/** The checks of some kinds. */
export type KindChecks = { readonly [K in Kind]?: KindCheck<K> };
