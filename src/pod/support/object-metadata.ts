import { quiet, used, type SupportBranch, type SupportEntry } from './entry.ts';

const byCluster: SupportEntry = quiet('a cluster writes it about an object that it keeps');

/** The metadata of an object that pods refer to by its name. */
export function metadataOf(whose: string, labels?: SupportEntry): SupportBranch {
  return {
    annotations: quiet('they are notes for people and for the controllers of a cluster'),
    creationTimestamp: byCluster,
    deletionGracePeriodSeconds: byCluster,
    deletionTimestamp: byCluster,
    finalizers: byCluster,
    generateName: quiet('pods refer to the object by a name that stays the same'),
    generation: byCluster,
    labels: labels ?? quiet('nothing here looks for the object by its labels'),
    managedFields: byCluster,
    name: used(`name of ${whose}`),
    namespace: quiet('all objects share one name space here, as the pods do'),
    ownerReferences: byCluster,
    resourceVersion: byCluster,
    selfLink: byCluster,
    uid: byCluster,
  };
}
