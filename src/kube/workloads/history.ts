import { defined } from '../../base/defined.ts';
import type { JsonObject } from '../../base/json-members.ts';
import type { WorkloadHistory, WorkloadObject } from './workload.ts';

const CHANGE_CAUSE = 'kubernetes.io/change-cause';
const LIMIT = 10;

/**
 * What the pods of a workload record of it; undefined for a Job, which has a record of its own. The earlier templates of a
 * ReplicaSet or ReplicationController are not kept, as on a cluster.
 */
export function historyOf(object: WorkloadObject): WorkloadHistory | undefined {
  const { kind } = object;
  if (kind === 'Job' || kind === 'StatefulSet') return undefined;
  const { metadata, spec } = object.value;
  const limit =
    kind === 'Deployment' || kind === 'DaemonSet' ? (object.value.spec?.revisionHistoryLimit ?? LIMIT) : 0;
  // The schema has checked it: it is JSON.
  const selector = spec?.selector as JsonObject | undefined;
  return {
    template: spec?.template ?? {},
    limit: Math.max(0, limit),
    ...defined({
      changeCause: metadata?.annotations?.[CHANGE_CAUSE],
      fixed: selector === undefined ? undefined : { selector },
    }),
  };
}
