import { amountOf } from '../validation/workload/numbers.ts';
import type { Replacement, WorkloadObject } from './workload.ts';

/** How the pods of a workload make way for those of a changed template, by its strategy. */
export function replacementOf(object: WorkloadObject): Replacement {
  switch (object.kind) {
    case 'Deployment':
      return object.value.spec?.strategy?.type === 'Recreate' ? 'remove-first' : 'create-first';
    case 'DaemonSet': {
      const { maxSurge = 0 } = object.value.spec?.updateStrategy?.rollingUpdate ?? {};
      return (amountOf(maxSurge) ?? 0) > 0 ? 'create-first' : 'remove-first';
    }
    case 'StatefulSet':
      return object.value.spec?.podManagementPolicy === 'Parallel' ? 'at-once' : 'in-order';
    // Their controllers leave existing pods alone: a user who deletes them gets pods of the new template.
    case 'ReplicaSet':
    case 'ReplicationController':
    // An API server refuses a changed template: a user who deletes the Job gets pods of the new one.
    case 'Job':
      return 'remove-first';
  }
}
