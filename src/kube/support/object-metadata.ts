import { noEffect, used, type SupportBranch, type SupportEntry } from './entry.ts';

const byCluster: SupportEntry = noEffect('written by the API server, ignored in a manifest');

/** The metadata of an object that pods refer to by name. */
export function metadataOf(whose: string, labels?: SupportEntry): SupportBranch {
  return {
    annotations: noEffect('annotations of this kind are not used here'),
    creationTimestamp: byCluster,
    deletionGracePeriodSeconds: byCluster,
    deletionTimestamp: byCluster,
    finalizers: byCluster,
    generateName: noEffect('pods refer to the object by its name; metadata.name is required'),
    generation: byCluster,
    labels: labels ?? noEffect('the object is not selected by labels here'),
    managedFields: byCluster,
    name: used(`name of ${whose}`),
    namespace: used('pods of this namespace can refer to the object'),
    ownerReferences: byCluster,
    resourceVersion: byCluster,
    selfLink: byCluster,
    uid: byCluster,
  };
}
