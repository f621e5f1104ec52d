import { noEffect, used, type SupportBranch } from './entry.ts';
import { metadataOf } from './object-metadata.ts';

/** Support of every field of a Namespace. */
export const namespaceTable: SupportBranch = {
  apiVersion: used('identifies the type of the object'),
  kind: used('identifies the type of the object'),
  metadata: {
    ...metadataOf('the namespace, which objects can be in with or without this object'),
    namespace: noEffect('a Namespace is in no namespace'),
  },
  spec: { finalizers: noEffect('written by the API server, ignored in a manifest') },
  status: noEffect('written by the API server, ignored in a manifest'),
};
