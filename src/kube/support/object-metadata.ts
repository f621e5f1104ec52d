import { noEffect, used, type SupportBranch, type SupportEntry } from './entry.ts';

const byCluster: SupportEntry = noEffect('a cluster writes it about an object that it keeps');

/** The metadata of an object that pods refer to by its name. */
export function metadataOf(whose: string, labels?: SupportEntry): SupportBranch {
  return {
    annotations: noEffect('they are notes for people and for the controllers of a cluster'),
    creationTimestamp: byCluster,
    deletionGracePeriodSeconds: byCluster,
    deletionTimestamp: byCluster,
    finalizers: byCluster,
    generateName: noEffect('pods refer to the object by a name that stays the same'),
    generation: byCluster,
    labels: labels ?? noEffect('nothing here looks for the object by its labels'),
    managedFields: byCluster,
    name: used(`name of ${whose}`),
    namespace: noEffect('all objects share one name space here, as the pods do'),
    ownerReferences: byCluster,
    resourceVersion: byCluster,
    selfLink: byCluster,
    uid: byCluster,
  };
}
